/**
 * The frame of the native wire, version 1.
 *
 * ```text
 * link open : C1 50 4C 01            magic (C1 never begins a msgpack value) and major version; both sides send it
 * frame     : u32 length | u8 type | u8 kind | u32 seq | u32 id | body      big-endian; length counts what follows it
 * MSG, REQ  : body = u32 remainingMs (0 = none) | u8 name length | name (UTF-8) | payload in the frame's kind
 * REQ       : with KEY_FLAG in its kind, u8 key length | key (UTF-8) between name and payload
 * ```
 *
 * MSG with an id wants to hear that it was handled: RES or ERR with that id. Where both sides have the capability
 * "resume", the frames of {@linkcode isNumbered} count 1, 2, 3 … in each direction; everything else has seq 0.
 *
 * @module
 */

/** The first bytes on every link, the last of them being the major version. */
export const MAGIC: readonly number[] = [0xc1, 0x50, 0x4c, 0x01];

/** Bytes of the length field, which does not count itself. */
export const LENGTH_BYTES = 4;

/** Bytes of a frame before its body, the length field included. */
export const HEAD_BYTES = 14;

/** The smallest value of the length field: a frame without a body. */
export const MIN_LENGTH = HEAD_BYTES - LENGTH_BYTES;

/** Bytes of the body of MSG and REQ before the name. */
export const CALL_HEAD_BYTES = 5;

/** The longest name of an action or a request, in bytes of UTF-8: its length travels in one byte. */
export const MAX_NAME_BYTES = 255;

/** The longest error message that travels, in characters. */
export const MAX_FAILURE_CHARS = 1024;

/** The longest error code that travels, in characters. */
export const MAX_CODE_CHARS = 64;

/** The most bytes that the head and the map of an error take besides the two texts: 10 + 1 + 5 + 8 + 2 · 3. */
export const FAILURE_HEAD_BYTES = 30;

/** The longest key of a request, in bytes of UTF-8: its length travels in one byte. */
export const MAX_KEY_BYTES = 255;

/** In the kind of REQ: a key follows the name. */
export const KEY_FLAG = 0x80;

/** In the kind of REQ: the caller takes the answer in parts. */
export const STREAM_FLAG = 0x40;

/** Frame types. The gaps are taken by parts of the protocol that are negotiated before they are used. */
export const FrameType = Object.freeze({
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

/** True for the frames that must arrive once and in order, over as many links as it takes. */
export function isNumbered(type: number, id: number): boolean {
  switch (type) {
    case FrameType.REQ:
    case FrameType.RES:
    case FrameType.ERR:
    case FrameType.CANCEL:
    case FrameType.CREDIT:
    case FrameType.PART:
      return true;
    case FrameType.MSG:
      return id !== 0;
    default:
      return false;
  }
}

/** Types from here on are extensions: unknown ones are passed over. */
export const FIRST_EXTENSION_TYPE = 64;

/** How the payload of a frame is written. */
export const PayloadKind = Object.freeze({
  /** No payload: `undefined`, or no arguments. */
  NONE: 0,
  /** Exactly one msgpack value. */
  MSGPACK: 1,
  /** Bytes as they are. */
  BYTES: 2,
  /** UTF-8 text. */
  TEXT: 3,
});

/** The number of 32 bits at `at`: a view of `bytes` for each look would cost more. */
export function uint32At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
