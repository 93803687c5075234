/**
 * Both ends of the native dialect, from every place in a conversation where the other one may begin to lie.
 *
 * @module
 */
import { native } from "../../../src/dialect/native/native.ts";
import { type Limits, resolveLimits } from "../../../src/limits.ts";
import type { Session } from "../../../src/session.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { mixed } from "../mixture.ts";
import { showHex } from "../pieces.ts";
import type { Target } from "../target.ts";
import { nativeBomb, nativeNoise, nativeSample, type Place } from "./native_input.ts";
import { greeting, MAGIC, SID } from "./native_wire.ts";
import { talk } from "./talk.ts";

/** Every end in every place. */
export const nativeTargets: readonly Target[] = (["client", "server"] as const).flatMap((role) => [
  nativeTarget(`native-${role}`, "before anything was said", {
    role,
    says: "magic and greeting",
    numbered: false,
    back: false,
  }),
  nativeTarget(`native-${role}-greeting`, "behind the magic", {
    role,
    says: "greeting",
    numbered: true,
    back: false,
  }),
  nativeTarget(`native-${role}-open`, "after the greeting", {
    role,
    says: "frames",
    numbered: false,
    back: false,
  }),
  nativeTarget(`native-${role}-resume`, "after the greeting, in a session that may be resumed", {
    role,
    says: "frames",
    numbered: true,
    back: false,
  }),
  nativeTarget(`native-${role}-back`, "in a session that is back on another link", {
    role,
    says: role === "client" ? "greeting" : "frames",
    numbered: true,
    back: true,
  }),
]);

function nativeTarget(name: string, about: string, place: Place): Target {
  const dialect = native();
  return {
    name,
    about: `The ${place.role} of the native dialect, ${about}`,
    make(random: SeededRandom) {
      const limits = random.pick(LIMITS);
      const bytes = mixed(random, {
        noise: (random) => nativeNoise(random, place),
        sample: (random) => nativeSample(random, place),
        bomb: (random) => nativeBomb(random, place),
      });
      const rx = random.below(6);
      const refuses = place.says !== "frames" && random.below(8) === 0;
      return {
        size: bytes.length,
        feed: (sizes, lap) =>
          talk(bytes, sizes, lap, {
            dialect,
            role: place.role,
            limits,
            resumable: place.numbered,
            admit: () => refuses ? { refusal: FULL } : place.numbered ? { session: () => SESSION } : {},
            // A whole frame of the largest size that is allowed, and its length.
            mostWaiting: 4 + Math.max(limits.maxFrameBytes, limits.maxHandshakeBytes),
            prepare: (session) => prepare(session, place, rx),
          }),
        show: () =>
          `${name}, limits ${LIMITS.indexOf(limits)}, rx ${rx}${refuses ? ", refused" : ""}, ${
            showHex(bytes)
          }`,
      };
    },
  };
}

/** Brings a session to its place, with calls of its own that wait for answers. */
function prepare(session: Session, place: Place, rx: number): number {
  const { role, says, numbered, back } = place;
  const other = role === "client" ? "server" : "client";
  session.open(0);
  if (says !== "frames" && !back) {
    if (says === "greeting") session.receive(Uint8Array.from(MAGIC), 0);
    return 0;
  }
  session.receive(Uint8Array.from(MAGIC), 0);
  session.receive(greeting(other, numbered), 0);
  session.request("add", [1, 2], undefined, { now: 0, timeoutMs: 1000 }, 1);
  session.request("next", [], undefined, { now: 0, timeoutMs: 2000 }, 2, { stream: true });
  session.sendAcked("text", { now: 0, timeoutMs: 3000 }, 3, back ? "always" : undefined);
  session.takeOutput();
  if (!back) return 3;
  session.suspend();
  session.request("late", [], undefined, { now: 1, timeoutMs: 4000 }, 4, { key: "k" });
  if (role === "client") {
    session.open(1);
    session.receive(Uint8Array.from(MAGIC), 1);
  } else {
    session.resume({ sid: SID, epoch: "e1", rx: Math.min(rx, 3), maxFrameBytes: 1024 * 1024 }, 1);
  }
  return 4;
}

const SESSION = Object.freeze({ sid: SID, epoch: "e1" });
const FULL = Object.freeze({ code: "limit", message: "no place is free" });
const LIMITS: readonly Readonly<Limits>[] = [
  resolveLimits(),
  resolveLimits({ maxFrameBytes: 200, maxHandshakeBytes: 600 }),
  resolveLimits({ maxReplayFrames: 2, maxReplayBytes: 100, maxPending: 4 }),
];
