/**
 * Every bound and every default wait of the library, in one place, with its unit and its reason.
 *
 * @module
 */
import { UsageRangeError, UsageTypeError } from "./errors.ts";
import { suggestion } from "./suggestion.ts";

/** The bounds of one link. Each may be set in the `limits` option of an endpoint. */
export interface Limits {
  /** Largest frame taken or sent, in bytes. Checked before memory is spent. Default 1 MiB, at most 64 MiB. */
  maxFrameBytes: number;
  /** Largest frame before the handshake is done, in bytes. Default 16 KiB: a stranger may cost us no more. */
  maxHandshakeBytes: number;
  /** Messages kept for `receive` and `for await`. Default 1024. */
  maxInboxMessages: number;
  /** Bytes of frames kept for `receive` and `for await`. Default 4 MiB. */
  maxInboxBytes: number;
  /** Bytes waiting to be written above which `send` waits. Default 4 MiB (the high-water mark). */
  outboxHighBytes: number;
  /** Bytes waiting to be written below which waiting `send`s go on. Default 1 MiB. */
  outboxLowBytes: number;
  /** Bytes waiting to be written that are never exceeded: a `send` that nobody awaits is refused. Default 16 MiB. */
  maxOutboxBytes: number;
  /** Numbered frames that the other side has not acknowledged; above it requests wait. Default 4096. */
  maxReplayFrames: number;
  /** Bytes of such frames, kept to be sent again on the next link; above it requests wait. Default 4 MiB. */
  maxReplayBytes: number;
  /** Our own unanswered requests on one link. Default 65,536. */
  maxPending: number;
  /** Their requests being handled at once on one link; one more is answered `busy`. Default 1024. */
  maxHandling: number;
  /** Streaming answers being produced or read at once on one link. Default 128. */
  maxStreams: number;
  /** A server's links whose handshake is not done: a stranger may hold one for `handshakeMs`. Default 100. */
  maxOpening: number;
  /** A server's sessions whose link is lost and that may be resumed; the oldest goes first. Default 1024. */
  maxDetached: number;
  /** Bytes that a server keeps for such sessions in all. Default 64 MiB. */
  maxDetachedBytes: number;
  /** Answers to requests with a `key` that an endpoint remembers; the oldest goes first. Default 10,000. */
  maxKeys: number;
  /** How long opening a connection may take, in milliseconds. Default 10,000. */
  connectMs: number;
  /** How long the dialect's handshake may take, in milliseconds. Default 5000; on a serial line the time of 1000
   * bytes more. */
  handshakeMs: number;
  /** How long the hook `onOpen` of a client may take, in milliseconds. Default 60,000: it may load firmware. */
  openMs: number;
  /** How long `request` waits for its answer, in milliseconds. Default 30,000. */
  requestMs: number;
  /** How long `send` and `action` with `ack` wait until they were handled, in milliseconds. Default 10,000. */
  ackMs: number;
  /** How long `ask` waits for the next message, in milliseconds. Default 10,000. */
  askMs: number;
  /** How long `receive` waits, in milliseconds. Default 30,000. */
  receiveMs: number;
  /** How long `send` waits for a full outbox to drain, in milliseconds. Default 30,000. */
  sendMs: number;
  /** How long `close` waits for bytes and handlers under way, in milliseconds. Default 5000. */
  closeMs: number;
  /** Silence after which the native dialect asks for a sign of life, in milliseconds. Default 10,000. */
  heartbeatMs: number;
  /**
   * Silence after which the native dialect gives the link up, in milliseconds. Default 25,000; when only
   * `heartbeatMs` is given, three times that.
   */
  silenceMs: number;
  /** How long a server keeps a session whose link is lost, in milliseconds. Default 120,000. */
  resumeMs: number;
  /** How long the answer to a request with a `key` is remembered, in milliseconds. Default 600,000. */
  keyMs: number;
  /** A link that carries no message for this long is closed, in milliseconds. Default `Infinity`: never. */
  idleMs: number;
}

/** The defaults; see {@linkcode Limits} for what each one bounds. */
export const DEFAULT_LIMITS: Readonly<Limits> = Object.freeze({
  maxFrameBytes: 1024 * 1024,
  maxHandshakeBytes: 16 * 1024,
  maxInboxMessages: 1024,
  maxInboxBytes: 4 * 1024 * 1024,
  outboxHighBytes: 4 * 1024 * 1024,
  outboxLowBytes: 1024 * 1024,
  maxOutboxBytes: 16 * 1024 * 1024,
  maxReplayFrames: 4096,
  maxReplayBytes: 4 * 1024 * 1024,
  maxPending: 65_536,
  maxHandling: 1024,
  maxStreams: 128,
  maxOpening: 100,
  maxDetached: 1024,
  maxDetachedBytes: 64 * 1024 * 1024,
  maxKeys: 10_000,
  connectMs: 10_000,
  handshakeMs: 5_000,
  openMs: 60_000,
  requestMs: 30_000,
  ackMs: 10_000,
  askMs: 10_000,
  receiveMs: 30_000,
  sendMs: 30_000,
  closeMs: 5_000,
  heartbeatMs: 10_000,
  silenceMs: 25_000,
  resumeMs: 120_000,
  keyMs: 600_000,
  idleMs: Infinity,
});

/** Peers of one server at once, unless its option `maxPeers` says otherwise: a flood must not take all descriptors. */
export const DEFAULT_MAX_PEERS = 1024;

/** The largest `maxFrameBytes` that may be asked for: one frame is held in memory whole, twice for a moment. */
export const MAX_FRAME_BYTES_CEILING = 64 * 1024 * 1024;

/** The longest wait that a timer can hold, in milliseconds (2^31 - 1, about 24.8 days). */
export const MAX_WAIT_MS = 2_147_483_647;

/**
 * The limits in force: the defaults with what the user set.
 *
 * @throws {UsageTypeError} code `usage`: an unknown name, or a value that is no number.
 * @throws {UsageRangeError} code `usage`: a value that is not a positive whole number, or above its ceiling.
 */
export function resolveLimits(given: Partial<Limits> = {}): Limits {
  const limits: Limits = { ...DEFAULT_LIMITS };
  if (typeof given !== "object" || given === null) {
    throw new UsageTypeError(
      `Cannot use ${String(given)} as "limits": an object such as { requestMs: 5000 } is wanted`,
    );
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      const names = Object.keys(DEFAULT_LIMITS);
      const near = suggestion(name, names) || `; the limits are ${names.join(", ")}`;
      throw new UsageTypeError(`Unknown limit "${name}"${near}`);
    }
    if (value === undefined || (name === "idleMs" && value === Infinity)) continue;
    const ceiling = name === "maxFrameBytes" ? MAX_FRAME_BYTES_CEILING : MAX_WAIT_MS;
    checkCount(name, value, ceiling);
    limits[name as keyof Limits] = value;
  }
  if (given.heartbeatMs !== undefined && given.silenceMs === undefined) {
    limits.silenceMs = Math.min(3 * given.heartbeatMs, MAX_WAIT_MS);
  }
  limits.outboxLowBytes = Math.min(limits.outboxLowBytes, limits.outboxHighBytes);
  limits.maxOutboxBytes = Math.max(limits.maxOutboxBytes, limits.outboxHighBytes);
  return limits;
}

/**
 * Checks that a number given by the user is whole, at least 1 and at most `ceiling`.
 *
 * @throws {UsageTypeError} it is no number. @throws {UsageRangeError} it is out of range.
 */
export function checkCount(name: string, value: unknown, ceiling: number = MAX_WAIT_MS): void {
  if (typeof value !== "number") {
    throw new UsageTypeError(
      `Cannot use ${String(value)} (${typeof value}) as "${name}": a number is wanted`,
    );
  }
  if (!Number.isInteger(value) || value < 1 || value > ceiling) {
    throw new UsageRangeError(
      `Cannot use ${value} as "${name}": a whole number from 1 to ${ceiling} is wanted`,
    );
  }
}
