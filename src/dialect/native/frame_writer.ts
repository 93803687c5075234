import { UsageRangeError, UsageTypeError } from "../../errors.ts";
import type { SendBuffer } from "../../send_buffer.ts";
import {
  CALL_HEAD_BYTES,
  FAILURE_HEAD_BYTES,
  HEAD_BYTES,
  LENGTH_BYTES,
  MAX_CODE_CHARS,
  MAX_FAILURE_CHARS,
  MAX_NAME_BYTES,
} from "./frame.ts";
import type { NameCache } from "./name_cache.ts";
import type { CallArguments, PayloadCodec } from "./payload.ts";

/** What MSG and REQ carry before their payload. */
export interface CallHead {
  readonly type: number;
  readonly id: number;
  /** How long the caller still waits, in milliseconds; 0 for MSG. */
  readonly remainingMs: number;
  /** Empty for a plain message. */
  readonly name: string;
}

/** Writes frames of the native wire in place, so that a message costs no memory of its own on its way out. */
export class FrameWriter {
  readonly #output: SendBuffer;
  readonly #payload: PayloadCodec;
  readonly #names: NameCache;
  /** Largest value of the length field that may be written. */
  maxBytes: number;

  constructor(output: SendBuffer, payload: PayloadCodec, names: NameCache, maxBytes: number) {
    this.#output = output;
    this.#payload = payload;
    this.#names = names;
    this.maxBytes = maxBytes;
  }

  /** A plain message: a call without a name. @throws {UsageTypeError} {@linkcode UsageRangeError} */
  message(head: CallHead, value: unknown): void {
    const at = this.#beginCall(head);
    this.#end(at, this.#payload.writeValue(this.#output, value, this.#checkSize));
  }

  /** An action or a request. @throws {UsageTypeError} {@linkcode UsageRangeError} */
  call(head: CallHead, args: CallArguments): void {
    checkName(head.name);
    const at = this.#beginCall(head);
    this.#end(at, this.#payload.writeArguments(this.#output, args, this.#checkSize));
  }

  /** A frame whose body is one value. @throws {UsageTypeError} {@linkcode UsageRangeError} */
  value(type: number, id: number, value: unknown): void {
    const at = this.#begin(type, id);
    this.#end(at, this.#payload.writeValue(this.#output, value, this.#checkSize));
  }

  /** An error or a goodbye: shortened to what the link takes, since it must not fail for its length. */
  failure(type: number, id: number, code: string, message: string): void {
    const shortCode = code.slice(0, MAX_CODE_CHARS).toWellFormed();
    const room = Math.floor((this.maxBytes - FAILURE_HEAD_BYTES - 3 * shortCode.length) / 3);
    const text = message.slice(0, Math.max(0, Math.min(room, MAX_FAILURE_CHARS))).toWellFormed();
    this.value(type, id, { code: shortCode, message: text });
  }

  /** A frame whose body is bytes. */
  bytes(type: number, kind: number, body: Uint8Array): void {
    const at = this.#begin(type, 0);
    this.#output.append(body);
    this.#end(at, kind);
  }

  #beginCall({ type, id, remainingMs, name }: CallHead): number {
    const output = this.#output;
    const at = this.#begin(type, id);
    const encoded = name === "" ? NO_NAME : this.#names.encode(name);
    const head = output.reserve(CALL_HEAD_BYTES + encoded.length);
    output.view.setUint32(head, remainingMs);
    output.bytes[head + 4] = encoded.length;
    output.bytes.set(encoded, head + CALL_HEAD_BYTES);
    output.advance(CALL_HEAD_BYTES + encoded.length);
    return at;
  }

  #begin(type: number, id: number): number {
    const output = this.#output;
    const at = output.reserve(HEAD_BYTES);
    output.bytes[at + 4] = type;
    output.view.setUint32(at + 6, 0); // seq 0: not a reliable frame
    output.view.setUint32(at + 10, id);
    output.advance(HEAD_BYTES);
    return at;
  }

  #end(at: number, kind: number): void {
    const output = this.#output;
    const length = output.length - at - LENGTH_BYTES;
    this.#checkSize(length);
    output.view.setUint32(at, length);
    output.bytes[at + 5] = kind;
  }

  readonly #checkSize = (bytes: number): void => {
    if (bytes <= this.maxBytes) return;
    throw new UsageRangeError(
      `Cannot send a message of ${bytes} bytes: the limit of this link is ${this.maxBytes} bytes` +
        ` (the smaller limits.maxFrameBytes of both sides)`,
    );
  };
}

const NO_NAME = new Uint8Array(0);

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
