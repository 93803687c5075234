import { ProtocolError } from "../../errors.ts";
import type { FailureMessage, Message } from "../../message.ts";
import {
  CALL_HEAD_BYTES,
  FrameType,
  KEY_FLAG,
  MAX_CODE_CHARS,
  MAX_FAILURE_CHARS,
  PayloadKind,
  STREAM_FLAG,
  uint32At,
} from "./frame.ts";
import type { NameCache } from "./name_cache.ts";
import type { PayloadCodec } from "./payload.ts";

/** Where a frame's parts are, in the bytes of the current look into the buffer. */
export interface Frame {
  readonly type: number;
  readonly kind: number;
  readonly seq: number;
  readonly id: number;
  readonly bytes: Uint8Array;
  /** Where its body begins, and where it ends. */
  readonly body: number;
  readonly end: number;
}

/** Makes messages of the bodies of frames. */
export class FrameReader {
  readonly #payload: PayloadCodec;
  readonly #names: NameCache;

  constructor(payload: PayloadCodec, names: NameCache) {
    this.#payload = payload;
    this.#names = names;
  }

  /** MSG or REQ. @throws {ProtocolError} fatal when the parts exceed the frame, otherwise not. */
  call(frame: Frame): Message {
    const { bytes, body, end, id } = frame;
    const nameAt = body + CALL_HEAD_BYTES;
    let payloadAt = nameAt <= end ? nameAt + bytes[nameAt - 1] : Infinity;
    if (payloadAt > end) throw new ProtocolError("bad_frame", "Name of a call exceeds its frame");
    const name = this.#text(bytes, nameAt, payloadAt, "Name");
    if (frame.type === FrameType.REQ) {
      let key: string | undefined;
      if ((frame.kind & KEY_FLAG) !== 0) {
        const keyAt = payloadAt + 1;
        payloadAt = keyAt <= end ? keyAt + bytes[keyAt - 1] : Infinity;
        if (payloadAt > end) throw new ProtocolError("bad_frame", "Key of a request exceeds its frame");
        key = this.#text(bytes, keyAt, payloadAt, "Key");
      }
      return this.#request(frame, name, key, payloadAt);
    }
    const remainingMs = id === 0 ? 0 : uint32At(bytes, body);
    if (name === "") {
      const value = this.#payload.readValue(frame.kind, bytes, payloadAt, end);
      return id === 0 ? { kind: "message", value } : { kind: "message", value, id, remainingMs };
    }
    const { args, kwargs } = this.#payload.readArguments(frame.kind, bytes, payloadAt, end);
    return id === 0
      ? { kind: "action", name, args, kwargs }
      : { kind: "action", name, args, kwargs, id, remainingMs };
  }

  /** The value of RES, PART, HELLO or WELCOME. @throws {ProtocolError} not fatal. */
  value({ kind, bytes, body, end }: Frame): unknown {
    return this.#payload.readValue(kind, bytes, body, end);
  }

  /** What ERR or GOAWAY says. @throws {ProtocolError} not fatal. */
  failure(frame: Frame): Pick<FailureMessage, "code" | "message" | "retryAfterMs"> {
    const { code, message, retryAfterMs } = (this.value(frame) ?? {}) as Record<string, unknown>;
    return {
      code: typeof code === "string" && code !== "" ? code.slice(0, MAX_CODE_CHARS) : "unknown",
      message: typeof message === "string" ? message.slice(0, MAX_FAILURE_CHARS) : "",
      ...(typeof retryAfterMs === "number" && retryAfterMs >= 0 && { retryAfterMs }),
    };
  }

  /** How much CREDIT grants. @throws {ProtocolError} not fatal. */
  credit({ kind, bytes, body, end }: Frame): number {
    if (kind === PayloadKind.BYTES && end - body === 4) return uint32At(bytes, body);
    throw new ProtocolError("bad_payload", "CREDIT does not carry a number of 4 bytes", { fatal: false });
  }

  #request(frame: Frame, name: string, key: string | undefined, payloadAt: number): Message {
    const { bytes, body, end, id } = frame;
    const kind = frame.kind & ~(KEY_FLAG | STREAM_FLAG);
    const { args, kwargs } = this.#payload.readArguments(kind, bytes, payloadAt, end);
    const remainingMs = uint32At(bytes, body);
    if (frame.kind === kind) return { kind: "request", id, name, args, kwargs, remainingMs };
    const stream = (frame.kind & STREAM_FLAG) !== 0;
    if (key === undefined) return { kind: "request", id, name, args, kwargs, remainingMs, stream };
    const digest = digestOf(name, kind, bytes, payloadAt, end);
    return { kind: "request", id, name, args, kwargs, remainingMs, stream, key, digest };
  }

  #text(bytes: Uint8Array, start: number, end: number, what: string): string {
    try {
      return this.#names.decode(bytes, start, end);
    } catch (cause) {
      throw new ProtocolError("bad_name", `${what} of a call is not UTF-8`, { fatal: false, cause });
    }
  }
}

/**
 * 53 bits that stand for a call, to tell a repetition from another call under the same key. Two rounds of FNV-1a:
 * against mistakes, not against forgery; who forges one gets an answer that was meant for that key anyway.
 */
function digestOf(name: string, kind: number, bytes: Uint8Array, start: number, end: number): number {
  let low = 0x811c9dc5 ^ kind;
  let high = 0x9e3779b9;
  const take = (unit: number) => {
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit ^ (low >>> 15), 0x85ebca6b);
  };
  for (let i = 0; i < name.length; i++) take(name.charCodeAt(i));
  take(0x1_0000);
  for (let i = start; i < end; i++) take(bytes[i]);
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
