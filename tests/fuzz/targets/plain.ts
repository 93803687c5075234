/**
 * The dialects without a greeting, through a session.
 *
 * @module
 */
import { lines as linesCodec } from "../../../src/codec/lines.ts";
import { raw as rawCodec } from "../../../src/codec/raw.ts";
import { lines } from "../../../src/dialect/lines.ts";
import { raw } from "../../../src/dialect/raw.ts";
import { resolveLimits } from "../../../src/limits.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { mixed } from "../mixture.ts";
import { noiseBytes, noiseLength } from "../noise.ts";
import { showHex } from "../pieces.ts";
import type { Target } from "../target.ts";
import type { CodecVariant } from "./codec.ts";
import { codecBomb, codecSample } from "./codec_input.ts";
import { talk } from "./talk.ts";

/** `raw`, and `lines` as text and as bytes. */
export const plainTargets: readonly Target[] = [
  plainTarget("dialect-raw", "The dialect raw: bytes as they come", raw()),
  plainTarget("dialect-lines", "The dialect lines, as text", lines()),
  plainTarget("dialect-lines-bytes", "The dialect lines, as bytes", lines(), "bytes"),
];

function plainTarget(
  name: string,
  about: string,
  dialect: ReturnType<typeof raw>,
  payload?: "bytes",
): Target {
  const streaming = name === "dialect-raw";
  return {
    name,
    about,
    acceptsAll: streaming,
    make(random: SeededRandom) {
      const maxFrameBytes = random.pick(FRAME_LIMITS);
      const form: CodecVariant = streaming
        ? { make: () => rawCodec(), frames: "bytes", maxFrameBytes }
        : { make: () => linesCodec({ maxFrameBytes }), frames: "text", maxFrameBytes };
      const bytes = mixed(random, {
        noise: (random) => noiseBytes(random, noiseLength(random), [0x0a, 0x0d, 0x00, 0xc3, 0xff]),
        sample: (random) => codecSample(random, form),
        bomb: (random) => codecBomb(random, form),
      });
      return {
        size: bytes.length,
        feed: (sizes, lap) =>
          talk(bytes, sizes, lap, {
            dialect,
            role: "client",
            payload,
            limits: resolveLimits({ maxFrameBytes }),
            streaming,
            mostWaiting: maxFrameBytes + 2, // and the two characters that end a line
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
