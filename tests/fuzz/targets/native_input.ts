/**
 * What a stranger says to one end of the native dialect: streams as they should be, and bombs.
 *
 * @module
 */
import type { SeededRandom } from "../../../src/testing/seeded_random.ts";
import { ByteWriter } from "../byte_writer.ts";
import { bombLength } from "../mixture.ts";
import type { LengthField, Sample } from "../mutation.ts";
import { noiseBytes, noiseLength } from "../noise.ts";
import { msgpackBomb } from "./msgpack_bombs.ts";
import { pack, writeValue } from "./msgpack_writer.ts";
import { callBody, frame, greeting, type Head, MAGIC, SID, T } from "./native_wire.ts";

/** Where in a conversation the input begins. */
export interface Place {
  /** Which end is fuzzed: the input is what the other one says. */
  readonly role: "client" | "server";
  /** What of their greeting the input holds. */
  readonly says: "magic and greeting" | "greeting" | "frames";
  /** True when frames are numbered. */
  readonly numbered: boolean;
  /** True when the session has been on another link before. */
  readonly back: boolean;
}

/** A stream that the other end may say there. */
export function nativeSample(random: SeededRandom, place: Place): Sample {
  const writer = new ByteWriter();
  const lengths: LengthField[] = [];
  if (place.says === "magic and greeting") writer.bytes(MAGIC);
  if (place.says !== "frames") {
    lengths.push({ at: writer.length, size: 4 });
    const { role, numbered, back } = place;
    const other = role === "client" ? "server" : "client";
    const again = back ? { resumed: random.below(4) > 0, rx: random.below(5) } : {};
    const claim = random.below(4) === 0 ? { sid: SID, epoch: "e1", rx: random.below(5) } : {};
    writer.bytes(greeting(other, numbered, { ...again, ...claim }));
  }
  let seq = 0;
  for (let frames = random.below(6); frames > 0; frames--) {
    const head = sampleHead(random);
    const counted = place.numbered && isReliable(head);
    const at = frame(writer, { ...head, seq: counted ? ++seq : 0 }, sampleBody(random, head));
    lengths.push({ at, size: 4 }, { at: at + 4, size: 2 }, { at: at + 6, size: 4 }, { at: at + 10, size: 4 });
    if (head.type === T.MSG || head.type === T.REQ) lengths.push({ at: at + 18, size: 1 });
  }
  return { bytes: writer.take(), lengths };
}

/** Noise, in half of the cases in the bodies and heads of frames whose lengths are right. */
export function nativeNoise(random: SeededRandom, place: Place): Uint8Array {
  const telling = [...MAGIC, 0, 1, 7, 8, 9, 10, 0x10, 0x40, 0x80, 0xff];
  if (random.below(2) === 0) return noiseBytes(random, noiseLength(random), telling);
  const writer = new ByteWriter();
  if (place.says === "magic and greeting") writer.bytes(MAGIC);
  for (let frames = 1 + random.below(4); frames > 0; frames--) {
    const type = random.below(4) === 0 ? random.below(256) : random.pick(TYPES);
    const kind = random.below(4) === 0 ? random.below(256) : random.below(4);
    const seq = random.below(3) === 0 ? random.below(4) : 0;
    frame(writer, { type, kind, seq, id: random.below(5) }, noiseBytes(random, random.below(80), telling));
  }
  return writer.take();
}

/** What costs more than it weighs. */
export function nativeBomb(random: SeededRandom, place: Place): Uint8Array {
  const writer = new ByteWriter();
  if (place.says === "magic and greeting" && random.below(8) > 0) writer.bytes(MAGIC);
  const length = bombLength(random);
  switch (random.below(8)) {
    case 0: // a value that is a bomb, where a value is taken
    case 1:
    case 2: {
      const type = random.pick([T.MSG, T.REQ, T.RES, T.ERR, T.PART, T.GOAWAY, T.HELLO, T.WELCOME]);
      const bomb = msgpackBomb(random, Math.min(length, 1024 * 1024 - 64));
      const body = type === T.MSG || type === T.REQ ? callBody(0, random.pick(NAMES), bomb) : bomb;
      frame(writer, {
        type,
        kind: 1,
        id: random.below(5),
        seq: place.numbered && random.below(2) === 0 ? 1 : 0,
      }, body);
      break;
    }
    case 3: // a length that promises much
      writer.u32(random.pick([0xffff_ffff, 0x8000_0000, 0x10_0001, 0x10_0000, 0x4001, 0x4000, 9, 0]));
      writer.u8(random.pick(TYPES)).repeat(random.pick([0, 0xff]), random.below(64));
      break;
    case 4: { // many frames, each of them small
      const head = { ...sampleHead(random), kind: random.below(4) };
      const body = sampleBody(random, head).slice(0, random.below(20));
      const numbered = place.numbered && isReliable(head);
      for (let seq = 1; writer.length < length; seq++) {
        frame(writer, { ...head, seq: numbered ? seq : 0 }, body);
      }
      break;
    }
    case 5: { // numbers that leap, stand still, or go back
      for (let frames = 1 + random.below(8); frames > 0; frames--) {
        const seq = random.pick([0, 1, 1, 2, 3, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]);
        frame(writer, { ...sampleHead(random), seq, kind: 0 }, callBody(0, [0x61], []));
      }
      break;
    }
    case 6: { // names and keys that end behind their frame
      const head = { type: random.pick([T.MSG, T.REQ]), kind: random.pick([0, 1, 0x80, 0xc0, 0xff]), id: 1 };
      frame(
        writer,
        head,
        new ByteWriter().u32(0).u8(random.below(256)).repeat(random.pick([0x61, 0xff, 0]), 20).take(),
      );
      break;
    }
    default: // somebody else's protocol
      writer.text(random.pick(OTHERS)).repeat(0x20, random.below(length));
  }
  return writer.take();
}

function sampleHead(random: SeededRandom): Head {
  const type = random.pick(TYPES);
  const id = random.below(6) === 0 ? random.below(2 ** 32) : random.below(5);
  if (type === T.CREDIT || type === T.PING || type === T.PONG) return { type, kind: 2, id };
  if (type === T.ACK || type === T.CANCEL) return { type, id };
  if (type === T.ERR || type === T.GOAWAY) return { type, kind: 1, id };
  const flags = type === T.REQ ? random.pick([0, 0, 0x40, 0x80, 0xc0]) : 0;
  return { type, kind: random.below(4) | flags, id };
}

function sampleBody(random: SeededRandom, { type, kind = 0 }: Head): Uint8Array {
  if (type === T.CREDIT) return new ByteWriter().u32(random.pick([0, 1, 65_536, 0xffff_ffff])).take();
  if (type === T.PING || type === T.PONG) return noiseBytes(random, 8, [0]);
  if (type === T.ACK || type === T.CANCEL) return new Uint8Array(0);
  if (type === T.ERR || type === T.GOAWAY) {
    return pack({ code: random.pick(CODES), message: "why", retryAfterMs: 5 });
  }
  const payload = samplePayload(random, kind & 0x0f, type === T.MSG || type === T.REQ);
  if (type !== T.MSG && type !== T.REQ) return payload;
  const key = kind & 0x80 ? random.pick(NAMES) : undefined;
  return callBody(random.pick([0, 1, 30_000, 0xffff_ffff]), random.pick(NAMES), payload, key);
}

function samplePayload(random: SeededRandom, kind: number, isCall: boolean): Uint8Array {
  const writer = new ByteWriter();
  if (kind === 1) {
    if (isCall && random.below(3) > 0) writer.u8(0x91); // a list of one argument
    writeValue(random, writer);
  } else if (kind === 2) {
    return noiseBytes(random, random.below(40), [0]);
  } else if (kind === 3) {
    writer.text(random.pick(["", "text", "é\u{1f600}", "\x1b[2J", "\ufeffmark"]));
  }
  return writer.take();
}

function isReliable({ type, id = 0 }: Head): boolean {
  if (type === T.MSG) return id > 0;
  return type === T.REQ || type === T.RES || type === T.ERR || type === T.CANCEL || type === T.CREDIT ||
    type === T.PART;
}

/** Every type that is spoken after the greeting, and two that nobody knows. */
const TYPES = [4, 5, 6, 7, 7, 8, 8, 9, 9, 10, 11, 15, 16, 17, 17, 63, 64];
const ENCODER = new TextEncoder();
const NAMES = ["", "a", "add", "é", "__proto__", "constructor", "x".repeat(255), "\x1b[2J"].map((name) =>
  ENCODER.encode(name).subarray(0, 255)
);
const CODES = ["not_found", "busy", "bad_args", "", "x".repeat(100), "\x1b[2J", "bye"];
const OTHERS = [
  "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "SSH-2.0-OpenSSH_9.6\r\n",
  "\xc1\x50\x4c\x02",
  "*1\r\n$4\r\nPING\r\n",
  '{"jsonrpc":"2.0"}',
];
