/**
 * The native wire, written by hand: a fuzzer that used the library's own writer could only say what that one says.
 *
 * @module
 */
import { ByteWriter } from "../byte_writer.ts";
import { pack } from "./msgpack_writer.ts";

/** What both sides say first. */
export const MAGIC: readonly number[] = [0xc1, 0x50, 0x4c, 0x01];

/** Frame types by name. */
export const T = Object.freeze({
  HELLO: 0,
  WELCOME: 3,
  PING: 4,
  PONG: 5,
  ACK: 6,
  MSG: 7,
  REQ: 8,
  RES: 9,
  ERR: 10,
  CANCEL: 11,
  CREDIT: 15,
  GOAWAY: 16,
  PART: 17,
});

/** The head of a frame; what is left out is 0. */
export interface Head {
  readonly type: number;
  readonly kind?: number;
  readonly seq?: number;
  readonly id?: number;
}

/** Writes one frame and returns the offset of its length. */
export function frame(writer: ByteWriter, head: Head, body: ArrayLike<number> = []): number {
  const at = writer.length;
  writer.u32(10 + body.length).u8(head.type).u8(head.kind ?? 0).u32(head.seq ?? 0).u32(head.id ?? 0).bytes(
    body,
  );
  return at;
}

/** The body of MSG and REQ: how long the caller waits, the name, a key where one is given, the payload. */
export function callBody(
  remainingMs: number,
  name: ArrayLike<number>,
  payload: ArrayLike<number>,
  key?: ArrayLike<number>,
): Uint8Array {
  const writer = new ByteWriter().u32(remainingMs).u8(name.length).bytes(name);
  if (key !== undefined) writer.u8(key.length).bytes(key);
  return writer.bytes(payload).take();
}

/** What the other side greets with, as it should. `resume`: it wants to come back after a loss. */
export function greeting(
  role: "client" | "server",
  resume: boolean,
  more: Record<string, unknown> = {},
): Uint8Array {
  const caps = resume ? ["resume"] : [];
  const limits = { maxFrameBytes: 1024 * 1024 };
  const map = role === "client" ? { v: [1, 1], role, caps, limits, ...more } : {
    v: 1,
    resumed: false,
    rx: 0,
    caps,
    limits,
    hbMs: 10_000,
    epoch: "e1",
    ...resume ? { sid: SID } : {},
    ...more,
  };
  const writer = new ByteWriter();
  frame(writer, { type: role === "client" ? T.HELLO : T.WELCOME, kind: 1 }, pack(map));
  return writer.take();
}

/** A session as one of ours would call it. */
export const SID = "00112233445566778899aabbccddeeff";
