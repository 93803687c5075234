/**
 * Values between users and the payload of a frame. A single text or a single run of bytes travels as it is;
 * everything else is one msgpack value: the list of arguments, or `{ args, kwargs }` when some have names.
 *
 * @module
 */
import { ProtocolError } from "../../errors.ts";
import type { Kwargs } from "../../message.ts";
import type { SendBuffer } from "../../send_buffer.ts";
import { PayloadKind } from "./frame.ts";
import type { MsgPack } from "./msgpack.ts";
import { readUtf8, SHORT_CHARS, writeAscii } from "./utf8.ts";

/** Positional and named arguments of a call. */
export interface CallArguments {
  readonly args: readonly unknown[];
  readonly kwargs?: Kwargs;
}

/** Writes and reads payloads. `checkSize` throws when so many bytes are too many, before memory is spent on them. */
export class PayloadCodec {
  readonly #msgpack: MsgPack;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(msgpack: MsgPack) {
    this.#msgpack = msgpack;
  }

  /** Writes one value and returns the kind it was written in. */
  writeValue(output: SendBuffer, value: unknown, checkSize: (bytes: number) => void): number {
    if (value === undefined) return PayloadKind.NONE;
    if (typeof value === "string") return this.#writeText(output, value, checkSize);
    if (value instanceof Uint8Array) return this.#writeBytes(output, value, checkSize);
    return this.#writeMsgPack(output, value, "value", checkSize);
  }

  /** Writes the arguments of a call and returns the kind they were written in. */
  writeArguments(output: SendBuffer, call: CallArguments, checkSize: (bytes: number) => void): number {
    const { args, kwargs } = call;
    if (kwargs !== undefined) return this.#writeMsgPack(output, { args, kwargs }, "", checkSize);
    if (args.length === 0) return PayloadKind.NONE;
    if (args.length === 1) {
      const only = args[0];
      if (typeof only === "string") return this.#writeText(output, only, checkSize);
      if (only instanceof Uint8Array) return this.#writeBytes(output, only, checkSize);
    }
    return this.#writeMsgPack(output, args, "args", checkSize);
  }

  /** Reads one value. @throws {ProtocolError} not fatal: the frame is whole, only its payload makes no sense. */
  readValue(kind: number, bytes: Uint8Array, start: number, end: number): unknown {
    switch (kind) {
      case PayloadKind.NONE:
        if (start === end) return undefined;
        throw badPayload(`a frame of kind 0 carries ${end - start} bytes`);
      case PayloadKind.MSGPACK:
        return this.#msgpack.unpack(bytes, start, end);
      case PayloadKind.BYTES:
        return bytes.slice(start, end);
      case PayloadKind.TEXT:
        return this.#readText(bytes, start, end);
      default:
        throw badPayload(`its kind ${kind} is unknown`);
    }
  }

  /** Reads the arguments of a call. @throws {ProtocolError} not fatal. */
  readArguments(kind: number, bytes: Uint8Array, start: number, end: number): CallArguments {
    const value = this.readValue(kind, bytes, start, end);
    if (kind === PayloadKind.NONE) return NO_ARGUMENTS;
    if (kind !== PayloadKind.MSGPACK) return { args: [value] };
    if (Array.isArray(value)) return { args: value };
    if (isRecord(value) && Array.isArray(value.args) && isRecord(value.kwargs)) {
      return { args: value.args, kwargs: value.kwargs };
    }
    throw badPayload("arguments are neither a list nor { args, kwargs }");
  }

  #readText(bytes: Uint8Array, start: number, end: number): string {
    const text = readUtf8(bytes, start, end, this.#decoder);
    if (typeof text === "number") throw badPayload(`its text is not UTF-8 at byte ${text - start}`);
    return text;
  }

  #writeText(output: SendBuffer, text: string, checkSize: (bytes: number) => void): number {
    checkSize(text.length); // UTF-8 is never shorter
    if (text.length > LONG_TEXT_CHARS) {
      this.#writeBytes(output, this.#encoder.encode(text), checkSize);
      return PayloadKind.TEXT;
    }
    const at = output.reserve(text.length * 3);
    if (text.length <= SHORT_CHARS && writeAscii(output.bytes, at, text)) {
      output.advance(text.length);
    } else {
      output.advance(this.#encoder.encodeInto(text, output.bytes.subarray(at)).written);
    }
    return PayloadKind.TEXT;
  }

  #writeBytes(output: SendBuffer, bytes: Uint8Array, checkSize: (bytes: number) => void): number {
    checkSize(bytes.length);
    output.append(bytes);
    return PayloadKind.BYTES;
  }

  #writeMsgPack(
    output: SendBuffer,
    value: unknown,
    what: string,
    checkSize: (bytes: number) => void,
  ): number {
    this.#msgpack.write(output, value, what, checkSize);
    return PayloadKind.MSGPACK;
  }
}

/** Above this, reserving three bytes for each character costs more than encoding apart. */
const LONG_TEXT_CHARS = 16 * 1024;

const NO_ARGUMENTS: CallArguments = Object.freeze({ args: Object.freeze([]) });

function isRecord(value: unknown): value is Kwargs {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Date);
}

function badPayload(why: string): ProtocolError {
  return new ProtocolError("bad_payload", `Cannot read a frame of the native dialect: ${why}`, {
    fatal: false,
  });
}
