/**
 * The dialect `leads`, through a session: as text, as bytes, and with a separator of two bytes.
 *
 * @module
 */
import { delimiter } from "../../../src/codec/delimiter.ts";
import type { Payload, Role } from "../../../src/dialect/dialect.ts";
import { leads } from "../../../src/dialect/leads/leads.ts";
import { resolveLimits } from "../../../src/limits.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { mixed } from "../mixture.ts";
import { noiseBytes, noiseLength } from "../noise.ts";
import { showHex } from "../pieces.ts";
import type { Target } from "../target.ts";
import type { CodecVariant } from "./codec.ts";
import { codecBomb, codecSample } from "./codec_input.ts";
import { talk } from "./talk.ts";

/** The forms of the dialect that read in ways of their own. */
export const leadsTargets: readonly Target[] = [
  leadsTarget("dialect-leads", "The dialect leads, as text", ";", "client"),
  leadsTarget("dialect-leads-bytes", "The dialect leads, as bytes, of a device", ";", "server", "bytes"),
  leadsTarget("dialect-leads-wide", "The dialect leads with a separator of two bytes", ";;", "server"),
];

function leadsTarget(name: string, about: string, separator: string, role: Role, payload?: Payload): Target {
  const dialect = leads({ separator, gapMs: 0, identity: role === "server" ? "WSC" : undefined });
  const words = ["ic", "disconnect", ""].map((word) => new TextEncoder().encode(word + separator));
  return {
    name,
    about,
    make(random: SeededRandom) {
      const maxFrameBytes = random.pick(FRAME_LIMITS);
      const form: CodecVariant = {
        make: () => delimiter(separator, { maxFrameBytes }),
        frames: "bytes",
        maxFrameBytes,
      };
      const parts = mixed(random, {
        noise: (random) => noiseBytes(random, noiseLength(random), [0x3b, 0x00, 0x69, 0x63, 0xc3, 0xff]),
        sample: (random) => codecSample(random, form),
        bomb: (random) => codecBomb(random, form),
      });
      const word = random.pick(words);
      const bytes = new Uint8Array(parts.length + word.length);
      const at = random.below(3) === 0 ? 0 : parts.length;
      bytes.set(word, at);
      bytes.set(parts, at === 0 ? word.length : 0);
      return {
        size: bytes.length,
        feed: (sizes, lap) =>
          talk(bytes, sizes, lap, {
            dialect,
            role,
            payload,
            limits: resolveLimits({ maxFrameBytes }),
            mostWaiting: maxFrameBytes + separator.length,
            prepare(session) {
              session.open(0);
              return 0;
            },
          }),
        show: () => `${name}, at most ${maxFrameBytes} bytes a frame, ${showHex(bytes)}`,
      };
    },
  };
}

const FRAME_LIMITS = [1024 * 1024, 300, 16];
