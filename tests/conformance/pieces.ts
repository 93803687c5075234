/**
 * From what the table says of bytes to the bytes.
 *
 * @module
 */
import type { FrameNote, Piece } from "./case.ts";
import { pack } from "./msgpack.ts";
import { hexBytes, type Saved, tagOf, valueOf } from "./notation.ts";

/** The numbers of the frame types. */
export const TYPES: Readonly<Record<string, number>> = Object.freeze({
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

/** Bytes before the body of a frame, the length field included. */
export const HEAD_BYTES = 14;

/** Flag of a REQ that carries a key. */
export const KEY_FLAG = 0x80;
/** Flag of a REQ whose caller takes a stream. */
export const STREAM_FLAG = 0x40;

/** All pieces one after the other. */
export function bytesOf(pieces: readonly Piece[], saved: Saved): Uint8Array {
  const parts = pieces.map((piece) => pieceBytes(piece, saved));
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Whether a piece is a frame. */
export function isFrame(piece: Piece): piece is FrameNote {
  return typeof piece === "object" && "frame" in piece;
}

/** The number of a frame's type. */
export function typeOf({ frame }: FrameNote): number {
  const type = typeof frame === "number" ? frame : TYPES[frame];
  if (type === undefined) throw new Error(`Unknown frame type "${frame}"`);
  return type;
}

/** The kind of a frame: what its payload says, and its flags. */
export function kindOf(note: FrameNote): number {
  if (note.kind !== undefined) return note.kind;
  const flags = (note.key === undefined ? 0 : KEY_FLAG) | (note.stream === true ? STREAM_FLAG : 0);
  if ("msgpack" in note) return flags | 1;
  if ("value" in note) return isNothing(note.value) ? flags : flags | 1;
  return flags | ("bytes" in note || "anyBytes" in note ? 2 : "text" in note ? 3 : 0);
}

/** True for MSG and REQ, whose body begins with a time and a name. */
export function isCall(note: FrameNote): boolean {
  return typeOf(note) === TYPES.MSG || typeOf(note) === TYPES.REQ;
}

function pieceBytes(piece: Piece, saved: Saved): Uint8Array {
  if (typeof piece === "string") return hexBytes(piece);
  if (isFrame(piece)) return frameBytes(piece, saved);
  if ("text" in piece) return new TextEncoder().encode(piece.text);
  const once = bytesOf(piece.repeat, saved);
  const all = new Uint8Array(once.length * piece.times);
  for (let at = 0; at < all.length; at += once.length) all.set(once, at);
  return all;
}

function frameBytes(note: FrameNote, saved: Saved): Uint8Array {
  const body = note.body !== undefined ? bytesOf(note.body, saved) : bodyBytes(note, saved);
  const bytes = new Uint8Array(HEAD_BYTES + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, note.length ?? HEAD_BYTES - 4 + body.length);
  bytes[4] = typeOf(note);
  bytes[5] = kindOf(note);
  view.setUint32(6, note.seq ?? 0);
  view.setUint32(10, note.id ?? 0);
  bytes.set(body, HEAD_BYTES);
  return bytes;
}

function bodyBytes(note: FrameNote, saved: Saved): Uint8Array {
  const payload = payloadBytes(note, saved);
  if (!isCall(note)) return payload;
  const text = new TextEncoder();
  const name = note.nameBytes !== undefined ? bytesOf(note.nameBytes, saved) : text.encode(note.name ?? "");
  const key = note.key === undefined ? [] : [...text.encode(note.key)];
  const time = note.ms ?? 0;
  return Uint8Array.from([
    ...[time >>> 24, time >>> 16 & 0xff, time >>> 8 & 0xff, time & 0xff],
    ...[name.length, ...name],
    ...(note.key === undefined ? [] : [key.length, ...key]),
    ...payload,
  ]);
}

function payloadBytes(note: FrameNote, saved: Saved): Uint8Array {
  if (note.msgpack !== undefined) return bytesOf(note.msgpack, saved);
  if (note.bytes !== undefined) return bytesOf(note.bytes, saved);
  if (note.text !== undefined) return new TextEncoder().encode(note.text);
  if (!("value" in note) || isNothing(note.value)) return new Uint8Array(0);
  return Uint8Array.from(pack(valueOf(note.value, saved)));
}

function isNothing(value: unknown): boolean {
  return typeof value === "object" && value !== null && tagOf(value)[0] === "$undefined";
}
