/**
 * Messages to blocks: what stands between two 1f.
 *
 * @module
 */
import { UsageTypeError } from "../../errors.ts";
import { Float } from "../float.ts";
import { encodeText, type TextEncoding } from "../text_encoding.ts";
import { encodeBase85 } from "./base85.ts";
import { isAcked, type Mode, modeFor, type ValueKind } from "./mode.ts";
import { writePickle } from "./pickle_writer.ts";
import { floatNumberText, numberText } from "../python_number.ts";

/** Ends a block. */
export const UNIT_END = 0x1f;
/** Ends a message in the modes that are acknowledged. */
export const MESSAGE_END = 0x04;
/** Begins a block that is a command. */
export const COMMAND = 0x01;

/** One message as it goes out. */
export interface Block {
  /** The mode that it has to be said in. */
  readonly mode: Mode;
  /** Its bytes, without the 1f behind them. */
  readonly bytes: Uint8Array;
}

/** How messages are written on one connection. */
export interface BlockOptions {
  /** What text is on the wire. */
  readonly encoding: TextEncoding;
  /** The most bytes of a block. */
  readonly maxFrameBytes: number;
}

/**
 * The block of a value: as the mode that is wanted says, or the nearest that can carry it (see `modeFor`). In the modes
 * 4 and 5 text and numbers are pickled as the bytes of their text, as serpy does.
 *
 * @throws {UsageTypeError} code `usage`: the encoding has no such character, a pickle cannot hold it, or it is text that
 * would end a block, be taken for a command, or be lost; the message tells what to send instead.
 * @throws {UsageRangeError} code `usage`: there is no such mode, or it exceeds a limit of pickles.
 */
export function blockOf(value: unknown, wanted: number, ack: boolean, options: BlockOptions): Block {
  const kind = kindOf(value);
  const mode = modeFor(kind, wanted, ack);
  const bytes = payloadOf(value, kind, mode, options);
  if (mode < 2) checkText(bytes, mode);
  if (bytes.length === 0 && !isAcked(mode)) {
    throw new UsageTypeError(
      `Cannot send an empty message in mode ${mode} of the dialect "serpy": ` +
        `its block would be empty and is never delivered; send it with ack: true, or in mode ${mode + 1}`,
    );
  }
  if (!isAcked(mode)) return { mode, bytes };
  const ended = new Uint8Array(bytes.length + 1);
  ended.set(bytes);
  ended[bytes.length] = MESSAGE_END;
  return { mode, bytes: ended };
}

function kindOf(value: unknown): ValueKind {
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
      return "text";
    case "object":
      if (value instanceof Float) return "text";
      return value instanceof Uint8Array || value instanceof ArrayBuffer ? "bytes" : "data";
    default:
      return "data";
  }
}

function payloadOf(value: unknown, kind: ValueKind, mode: Mode, options: BlockOptions): Uint8Array {
  const { encoding, maxFrameBytes } = options;
  if (kind === "data") return encodeBase85(writePickle(value, maxFrameBytes));
  const bytes = kind === "text"
    ? textBytes(value as string | number | bigint | Float, encoding)
    : bytesOf(value);
  if (mode < 2) return bytes;
  return encodeBase85(mode < 4 ? bytes : writePickle(bytes, maxFrameBytes));
}

function textBytes(value: string | number | bigint | Float, encoding: TextEncoding): Uint8Array {
  const text = typeof value === "string"
    ? value
    : value instanceof Float
    ? floatNumberText(value.value)
    : numberText(value);
  if (encoding === "utf-8" && !text.isWellFormed()) {
    throw new UsageTypeError(
      `Cannot encode a text as utf-8: it holds half a surrogate pair: toWellFormed() replaces it`,
    );
  }
  return encodeText(text, encoding);
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value as Uint8Array;
}

/** What a serpy peer would take for something else, lose, or end its thread at. */
function checkText(bytes: Uint8Array, mode: Mode): void {
  if (bytes[0] === COMMAND) throw refused(mode, "it begins with the byte 01, which begins a command");
  const end = bytes.indexOf(UNIT_END);
  if (end !== -1) throw refused(mode, `its byte ${end} is 1f, which ends a block`);
  const messageEnd = mode === 1 ? bytes.indexOf(MESSAGE_END) : -1;
  if (messageEnd !== -1) throw refused(mode, `its byte ${messageEnd} is 04, which ends a message`);
}

function refused(mode: Mode, reason: string): UsageTypeError {
  return new UsageTypeError(
    `Cannot send this text in mode ${mode} of the dialect "serpy": ${reason}; ` +
      `send it in mode ${mode + 2}, which carries any bytes`,
  );
}
