/**
 * Both ends of the dialect clever-show, with requests of their own that wait for answers.
 *
 * @module
 */
import { cleverShow } from "../../../src/dialect/clever_show/clever_show.ts";
import { resolveLimits } from "../../../src/limits.ts";
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { ByteWriter } from "../byte_writer.ts";
import { bombLength, mixed } from "../mixture.ts";
import type { LengthField, Sample } from "../mutation.ts";
import { noiseBytes, noiseLength } from "../noise.ts";
import { showHex } from "../pieces.ts";
import type { Target } from "../target.ts";
import { talk } from "./talk.ts";

/** A length, a header in JSON, and a content of many kinds. */
export const cleverShowTarget: Target = {
  name: "dialect-clever-show",
  about: "The dialect clever-show: headers, JSON and files",
  make(random) {
    const limits = resolveLimits({ maxFrameBytes: random.pick(FRAME_LIMITS) });
    const role = random.below(2) === 0 ? "client" : "server";
    const bytes = mixed(random, { noise, sample, bomb: (random) => bomb(random, limits.maxFrameBytes) });
    return {
      size: bytes.length,
      feed: (sizes, lap) =>
        talk(bytes, sizes, lap, {
          dialect: cleverShow(),
          role,
          limits,
          mostWaiting: Math.max(MAX_HEADER_BYTES, limits.maxFrameBytes),
          prepare(session) {
            session.open(0);
            session.request("add", [1, 2], undefined, { now: 0, timeoutMs: 1000 }, 1);
            session.requestFile("show.csv", { now: 0, timeoutMs: 1000 }, 2);
            session.request("id", [], undefined, { now: 0, timeoutMs: 1000 }, 3);
            return 3;
          },
        }),
      show: () =>
        `dialect-clever-show ${role}, at most ${limits.maxFrameBytes} bytes a frame, ${showHex(bytes)}`,
    };
  },
};

/** Without sense, in half of the cases behind a length that is right. */
function noise(random: SeededRandom): Uint8Array {
  const bytes = noiseBytes(random, noiseLength(random), TELLING);
  if (random.below(2) === 0) return bytes;
  const writer = new ByteWriter().u16(Math.min(bytes.length, 0xffff));
  return writer.bytes(bytes).take();
}

function sample(random: SeededRandom): Sample {
  const writer = new ByteWriter();
  const lengths: LengthField[] = [];
  for (let messages = 1 + random.below(4); messages > 0; messages--) {
    lengths.push({ at: writer.length, size: 2 });
    message(writer, random, content(random));
  }
  return { bytes: writer.take(), lengths };
}

function message(writer: ByteWriter, random: SeededRandom, content: Uint8Array, size = content.length): void {
  const kind = random.pick(KINDS);
  const id = random.pick(IDS);
  const header: Record<string, unknown> = {
    byteorder: "little",
    "content-type": random.below(8) === 0 ? random.pick(["json", "binary", 5]) : kind.type,
    "content-encoding": random.pick([
      "utf-8",
      "utf-8",
      "utf-8",
      "latin-1",
      "utf-16",
      "ascii",
      "cp1251",
      "x",
      7,
    ]),
    "content-length": size,
    "message-type": kind.name,
    ...kind.name === "response" ? { requested_value: kind.what, request_id: id } : { action: kind.what },
    filepath: random.pick(["show.csv", "../x", "/etc/passwd", "\x1b[2J", ""]),
  };
  if (random.below(12) === 0) delete header[random.pick(Object.keys(header))];
  const text = ENCODER.encode(JSON.stringify(header));
  writer.u16(text.length).bytes(text).bytes(content);
}

function content(random: SeededRandom): Uint8Array {
  if (random.below(6) === 0) return noiseBytes(random, random.below(60), TELLING);
  const value = random.pick(VALUES);
  const id = JSON.stringify(random.pick(IDS));
  const asked = `"requested_value": "${random.pick(["add", "filetransfer", ""])}", "request_id": ${id}, `;
  const text = `{${asked}"args": [${value}], "kwargs": {"filepath": "a", "k": ${value}}, "value": ${value}}`;
  return ENCODER.encode(random.below(8) === 0 ? value : text);
}

/** Nesting, digits, names, lengths that promise much. */
function bomb(random: SeededRandom, maxFrameBytes: number): Uint8Array {
  const writer = new ByteWriter();
  const length = bombLength(random);
  const text = (text: string) => ENCODER.encode(text.slice(0, length));
  switch (random.below(8)) {
    case 0:
      message(writer, random, text(random.pick(["[", '{"a":', "[{}", '"\\']).repeat(length)));
      break;
    case 1:
      message(
        writer,
        random,
        ENCODER.encode(`{"args": [${"9".repeat(Math.min(length, 60_000))}], "value": NaN}`),
      );
      break;
    case 2: // as many members as fit, each of them new
      message(
        writer,
        random,
        text(`{"a":NaN${Array.from({ length: length >> 3 }, (_, at) => `,"${at}":1`).join("")}}`),
      );
      break;
    case 3: // backslashes before quotes
      message(writer, random, text(`{"value":"${"\\\\".repeat(length)}`));
      break;
    case 4:
      message(
        writer,
        random,
        new Uint8Array(length),
        random.pick([length, maxFrameBytes + 1, 2 ** 31, 2 ** 53 - 1, 1e300]),
      );
      break;
    case 5: { // a header that is all space, or nested
      const header = text(random.pick([" ", "[", "9", '"']).repeat(Math.min(length, MAX_HEADER_BYTES)));
      writer.u16(Math.min(header.length, 0xffff)).bytes(header);
      break;
    }
    case 6: // many small ones that make no sense
      while (writer.length < length) message(writer, random, ENCODER.encode("5"));
      break;
    default:
      while (writer.length < length) writer.bytes(sample(random).bytes);
  }
  return writer.take();
}

const ENCODER = new TextEncoder();
const FRAME_LIMITS = [1024 * 1024, 2000, 120];
const MAX_HEADER_BYTES = 65_537;
const TELLING = ENCODER.encode('{}[]":,\\null\0\xff0-NaN');
/** The first three are the ids of the requests that wait. */
const IDS = ["7919", "5838", "3757", "0000", "", 5, null, "7919 "];
const KINDS = [
  { name: "message", what: "led", type: "json" },
  { name: "message", what: "filetransfer", type: "binary" },
  { name: "request", what: "", type: "json" },
  { name: "response", what: "add", type: "json" },
  { name: "response", what: "id", type: "json" },
  { name: "response", what: "filetransfer", type: "binary" },
  { name: "hello", what: "", type: "json" },
];
const VALUES = [
  "null",
  "1",
  "-0.0",
  "1e400",
  "NaN",
  "-Infinity",
  "123456789012345678901234567890",
  '"text \\ud800 \\u001b[2J"',
  '{"__proto__": {"polluted": true}}',
  '{"constructor": {"prototype": 1}, "a": [1, [2, [3]]]}',
  "[[[[[[]]]]]]",
];
