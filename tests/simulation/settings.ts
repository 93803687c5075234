import type { Limits } from "../../src/limits.ts";
import type { SimWorld } from "./sim_world.ts";

/** What differs from seed to seed, beside what happens. */
export interface Settings {
  /** How many clients there are. */
  readonly clients: number;
  /** How many peers a server has at most. */
  readonly maxPeers: number;
  /** How long things go wrong, in virtual milliseconds. */
  readonly durationMs: number;
  /** Calls that are made in that time. */
  readonly operations: number;
  /** Faults that are done in that time. */
  readonly faults: number;
  /** How many of 100 new links meet a fault within their first moments. */
  readonly earlyFaultPercent: number;
  /** On how many of 100 links the ends claim to have received less than they have; on none, no frame comes twice. */
  readonly understatedPercent: number;
  readonly limits: Partial<Limits>;
  /** True when a server keeps every session for as long as a run takes. */
  readonly keepsSessions: boolean;
  readonly reconnect: { readonly minMs: number; readonly maxMs: number };
}

/** Draws the settings of a run: short waits and small limits, since that is where the corners are. */
export function drawSettings(sim: SimWorld): Settings {
  const { random } = sim;
  const resumeMs = random.pick([1_500, 10_000, LONG_MS]);
  const maxDetached = random.pick([1, 1_024]);
  const clients = 1 + random.below(3);
  const isTight = random.below(5) === 0;
  const heartbeatMs = random.pick([500, 1_000, 3_000]);
  return {
    clients,
    maxPeers: random.pick([clients, 1_024]),
    durationMs: random.pick([10_000, 20_000, 40_000]),
    operations: 150 + random.below(100),
    faults: 22 + random.below(12),
    earlyFaultPercent: random.pick([0, 5, 20, 50]),
    understatedPercent: random.pick([0, 40]),
    limits: {
      heartbeatMs,
      silenceMs: heartbeatMs * random.pick([2, 3]),
      handshakeMs: random.pick([1_000, 5_000]),
      connectMs: random.pick([500, 2_000, 10_000]),
      closeMs: random.pick([500, 5_000]),
      resumeMs,
      maxReplayFrames: random.pick([4, 32, 4_096]),
      maxReplayBytes: random.pick([2_000, 4 * 1024 * 1024]),
      maxHandling: random.pick([8, 1_024]),
      maxPending: random.pick([16, 65_536]),
      maxDetached,
      maxFrameBytes: 256 * 1024,
      maxStreams: random.pick([2, 128]),
      maxOpening: random.pick([2, 100]),
      ...(isTight && { outboxHighBytes: 3_000, outboxLowBytes: 1_000, maxOutboxBytes: 1_000_000 }),
    },
    keepsSessions: resumeMs === LONG_MS && maxDetached > 1 && !isTight,
    reconnect: { minMs: random.pick([20, 250]), maxMs: random.pick([500, 3_000]) },
  };
}

/** Longer than anything goes wrong, in milliseconds. */
const LONG_MS = 120_000;
