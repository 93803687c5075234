import { UsageRangeError, UsageTypeError } from "../../errors.ts";
import type { SendBuffer } from "../../send_buffer.ts";
import {
  CALL_HEAD_BYTES,
  FAILURE_HEAD_BYTES,
  FrameType,
  HEAD_BYTES,
  KEY_FLAG,
  LENGTH_BYTES,
  MAX_CODE_CHARS,
  MAX_FAILURE_CHARS,
  MAX_KEY_BYTES,
  MAX_NAME_BYTES,
  PayloadKind,
  STREAM_FLAG,
} from "./frame.ts";
import type { NameCache } from "./name_cache.ts";
import type { CallArguments, PayloadCodec } from "./payload.ts";

/** What MSG and REQ carry before their payload. */
export interface CallHead {
  readonly type: number;
  readonly id: number;
  /** How long the caller still waits, in milliseconds; 0 for not said. */
  readonly remainingMs: number;
  /** Empty for a plain message. */
  readonly name: string;
  readonly key?: string;
  readonly stream?: boolean;
}

/** Writes frames of the native wire in place, so that a message costs no memory of its own on its way out. */
export class FrameWriter {
  readonly #payload: PayloadCodec;
  readonly #names: NameCache;
  /** Where the frame that was written last is. */
  #lastOutput: SendBuffer;
  #lastAt = 0;
  /** Where frames are written. */
  output: SendBuffer;
  /** Largest value of the length field that may be written. */
  maxBytes: number;

  constructor(output: SendBuffer, payload: PayloadCodec, names: NameCache, maxBytes: number) {
    this.output = this.#lastOutput = output;
    this.#payload = payload;
    this.#names = names;
    this.maxBytes = maxBytes;
  }

  /** A plain message: a call without a name. @throws {UsageTypeError} {@linkcode UsageRangeError} */
  message(head: CallHead, seq: number, value: unknown): void {
    const at = this.#beginCall(head, seq);
    this.#end(at, this.#payload.writeValue(this.output, value, this.#checkSize));
  }

  /** An action or a request. @throws {UsageTypeError} {@linkcode UsageRangeError} */
  call(head: CallHead, seq: number, args: CallArguments): void {
    checkName(head.name);
    const at = this.#beginCall(head, seq);
    let flags = head.stream === true ? STREAM_FLAG : 0;
    if (head.key !== undefined) {
      this.#writeKey(head.key);
      flags |= KEY_FLAG;
    }
    this.#end(at, this.#payload.writeArguments(this.output, args, this.#checkSize) | flags);
  }

  /** Asks for the list of handlers: a request without a name. */
  describe(head: CallHead, seq: number): void {
    this.#end(this.#beginCall(head, seq), PayloadKind.NONE);
  }

  /** A frame whose body is one value. @throws {UsageTypeError} {@linkcode UsageRangeError} */
  value(type: number, id: number, seq: number, value: unknown): void {
    const at = this.#begin(type, id, seq);
    this.#end(at, this.#payload.writeValue(this.output, value, this.#checkSize));
  }

  /** An error or a goodbye: shortened to what the link takes, since it must not fail for its length. */
  failure(
    type: number,
    id: number,
    seq: number,
    failure: { code: string; message: string; retryAfterMs?: number },
  ): void {
    const code = failure.code.slice(0, MAX_CODE_CHARS).toWellFormed();
    const { retryAfterMs } = failure;
    const room = Math.floor((this.maxBytes - FAILURE_HEAD_BYTES - 3 * code.length) / 3);
    const text = failure.message.slice(0, Math.max(0, Math.min(room, MAX_FAILURE_CHARS))).toWellFormed();
    const bare = { code, message: text };
    this.value(type, id, seq, retryAfterMs === undefined || room <= 0 ? bare : { ...bare, retryAfterMs });
  }

  /** A frame whose body is bytes. */
  bytes(type: number, kind: number, body: Uint8Array): void {
    const at = this.#begin(type, 0, 0);
    this.output.append(body);
    this.#end(at, kind);
  }

  /** A frame that is all head. */
  bare(type: number, id: number, seq: number): void {
    this.#end(this.#begin(type, id, seq), PayloadKind.NONE);
  }

  /** CREDIT: its body is one number. */
  credit(id: number, seq: number, bytes: number): void {
    const at = this.#begin(FrameType.CREDIT, id, seq);
    const body = this.output.reserve(4);
    this.output.view.setUint32(body, bytes);
    this.output.advance(4);
    this.#end(at, PayloadKind.BYTES);
  }

  /** A copy of the frame that was written last. */
  copyLast(): Uint8Array {
    return this.#lastOutput.copyFrom(this.#lastAt);
  }

  #beginCall({ type, id, remainingMs, name }: CallHead, seq: number): number {
    const at = this.#begin(type, id, seq);
    const output = this.output;
    const encoded = name === "" ? NOTHING : this.#names.encode(name);
    const head = output.reserve(CALL_HEAD_BYTES + encoded.length);
    output.view.setUint32(head, remainingMs);
    output.bytes[head + 4] = encoded.length;
    output.bytes.set(encoded, head + CALL_HEAD_BYTES);
    output.advance(CALL_HEAD_BYTES + encoded.length);
    return at;
  }

  #begin(type: number, id: number, seq: number): number {
    const output = this.output;
    const at = output.reserve(HEAD_BYTES);
    output.bytes[at + 4] = type;
    output.view.setUint32(at + 6, seq);
    output.view.setUint32(at + 10, id);
    output.advance(HEAD_BYTES);
    this.#lastOutput = output;
    this.#lastAt = at;
    return at;
  }

  #end(at: number, kind: number): void {
    const output = this.output;
    const length = output.length - at - LENGTH_BYTES;
    this.#checkSize(length);
    output.view.setUint32(at, length);
    output.bytes[at + 5] = kind;
  }

  #writeKey(key: string): void {
    if (typeof key !== "string" || key === "") {
      throw new UsageTypeError(`Cannot use ${JSON.stringify(key)} as "key": a text is wanted`);
    }
    const encoded = new TextEncoder().encode(key);
    if (encoded.length > MAX_KEY_BYTES) {
      throw new UsageRangeError(
        `Cannot use a key of ${encoded.length} bytes: the limit is ${MAX_KEY_BYTES} bytes`,
      );
    }
    this.output.append(Uint8Array.of(encoded.length));
    this.output.append(encoded);
  }

  readonly #checkSize = (bytes: number): void => {
    if (bytes <= this.maxBytes) return;
    throw new UsageRangeError(
      `Cannot send a message of ${bytes} bytes: the limit of this link is ${this.maxBytes} bytes` +
        ` (the smaller limits.maxFrameBytes of both sides)`,
    );
  };
}

const NOTHING = new Uint8Array(0);

function checkName(name: string): void {
  if (typeof name !== "string" || name === "") {
    throw new UsageTypeError(
      `Cannot call ${JSON.stringify(name)}: the name of an action or a request is a text`,
    );
  }
  // Three bytes are the most that one UTF-16 unit takes, so that the common short name is not measured.
  if (name.length <= MAX_NAME_BYTES / 3) return;
  const bytes = new TextEncoder().encode(name).length;
  if (bytes > MAX_NAME_BYTES) {
    throw new UsageRangeError(`Cannot call a name of ${bytes} bytes: the limit is ${MAX_NAME_BYTES} bytes`);
  }
}
