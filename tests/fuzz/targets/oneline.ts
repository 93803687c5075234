/**
 * Both ends of the dialect oneline: a server, and a client before and after its pong.
 *
 * @module
 */
import { lines as linesCodec } from "../../../src/codec/lines.ts";
import type { Role } from "../../../src/dialect/dialect.ts";
import { oneline } from "../../../src/dialect/oneline/oneline.ts";
import type { TextEncoding } from "../../../src/dialect/text_encoding.ts";
import { resolveLimits } from "../../../src/limits.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { mixed } from "../mixture.ts";
import { noiseBytes, noiseLength } from "../noise.ts";
import { showHex } from "../pieces.ts";
import type { Target } from "../target.ts";
import type { CodecVariant } from "./codec.ts";
import { codecBomb, codecSample } from "./codec_input.ts";
import { talk } from "./talk.ts";

/** A server with each encoding, and a client that waits for its pong or has it. */
export const onelineTargets: readonly Target[] = [
  onelineTarget("oneline-server", "A oneline server", "server", "utf-8"),
  onelineTarget("oneline-server-ascii", "A oneline server that reads ASCII", "server", "ascii"),
  onelineTarget("oneline-greeting", "A oneline client before its pong", "client", "utf-8"),
  onelineTarget("oneline-client", "A oneline client", "client", "utf-8", "pong\n"),
];

function onelineTarget(
  name: string,
  about: string,
  role: Role,
  encoding: TextEncoding,
  greeting = "",
): Target {
  const dialect = oneline({ encoding, allowShutdown: encoding === "ascii" });
  return {
    name,
    about,
    make(random: SeededRandom) {
      const maxFrameBytes = random.pick(FRAME_LIMITS);
      const form: CodecVariant = {
        make: () => linesCodec({ maxFrameBytes }),
        frames: "text",
        maxFrameBytes,
      };
      const input = mixed(random, {
        noise: (random) => noiseBytes(random, noiseLength(random), [0x0a, 0x0d, 0x00, 0xc3, 0xff]),
        sample: (random) => codecSample(random, form),
        bomb: (random) => codecBomb(random, form),
      });
      const words = random.below(2) === 0 ? "" : random.pick(WORDS);
      const bytes = Uint8Array.from([...new TextEncoder().encode(words), ...input]);
      return {
        size: bytes.length,
        feed: (sizes, lap) =>
          talk(bytes, sizes, lap, {
            dialect,
            role,
            limits: resolveLimits({ maxFrameBytes }),
            mostWaiting: maxFrameBytes + 1, // and the LF
            prepare(session) {
              session.open(0);
              session.receive(new TextEncoder().encode(greeting), 1);
              return 0;
            },
          }),
        show: () => `${name}, at most ${maxFrameBytes} bytes a line, ${showHex(bytes)}`,
      };
    },
  };
}

const FRAME_LIMITS = [1024 * 1024, 300, 16];
/** What means something, whole or nearly. */
const WORDS = [
  "ping\n",
  "pong\n",
  " pong\r\n",
  "hi\npong\n",
  "disconnect\n",
  "shutdown\n",
  "pi\xffng\n",
  "pong",
];
