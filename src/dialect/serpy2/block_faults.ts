/**
 * What is said of blocks that are none. `more` tells of others like it that were passed over without a word. None is
 * fatal: the next block is found by its mark.
 *
 * @module
 */
import { frameTooLarge } from "../../codec/codec.ts";
import { ProtocolError } from "../../errors.ts";
import { HEADER_BYTES, hexByte, MARK } from "./block.ts";
import { FLOAT, STR } from "./values.ts";

/** `byte` stands where a block has to begin, behind `matched` bytes of the mark. */
export function noMark(byte: number, matched: number, more: string): ProtocolError {
  const mark = MARK.map(hexByte).join(" ");
  const where = matched === 0
    ? `where a block begins with ${mark}`
    : `behind ${matched} bytes of the mark ${mark}`;
  return fault("bad_mark", `Byte ${hexByte(byte)} ${where}: passed over up to the next mark${more}`);
}

/** A block announces more data than is allowed. */
export function tooLarge(length: number, maxFrameBytes: number, more: string): ProtocolError {
  const { message } = frameTooLarge(length, maxFrameBytes, { fatal: true });
  return fault("too_large", `${message}; passed over up to the next mark of a block${more}`);
}

/** The bytes of a block have another sum than its header says. */
export function badSum(length: number, said: number, found: number, more: string): ProtocolError {
  return fault(
    "bad_checksum",
    `Block of ${length} bytes dropped: their sum is ${found}, its header says ${said}${more}`,
  );
}

/** Of the `size` bytes of a block only `came` came, header included; `size` is absent when its header is not whole. */
export function incomplete(came: number, size: number | undefined, why: string, more: string): ProtocolError {
  const part = size === undefined
    ? `${came} of the ${HEADER_BYTES} bytes of its header have come`
    : `${came - HEADER_BYTES} of its ${size - HEADER_BYTES} bytes have come`;
  return fault("truncated", `Block given up: ${part}, and ${why}; they are searched for other blocks${more}`);
}

/** A block is as it was sent, and its data says nothing. */
export function badValue(type: number, data: Uint8Array, more: string): ProtocolError {
  const block = `Block of ${data.length} bytes dropped`;
  if (type === STR) return fault("bad_text", `${block}: it is to be text, and is no valid UTF-8${more}`);
  if (type === FLOAT) {
    const shown = JSON.stringify(new TextDecoder().decode(data.subarray(0, SHOWN_BYTES)));
    const text = data.length > SHOWN_BYTES ? `${shown} …` : shown;
    return fault(
      "bad_float",
      `${block}: it is to be a float, and Python's float.fromhex refuses ${text}${more}`,
    );
  }
  const known = "ints are 01, floats 11, texts 21, bytes 81";
  return fault("bad_type", `${block}: its type ${hexByte(type)} is unknown; ${known}${more}`);
}

/** Of a float that is none. Good ones have 24 characters at most. */
const SHOWN_BYTES = 32;

function fault(code: string, message: string): ProtocolError {
  return new ProtocolError(code, message, { fatal: false });
}
