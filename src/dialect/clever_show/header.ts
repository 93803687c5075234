/**
 * What every message of clever-show begins with: two bytes of length, big endian, and a header in JSON.
 *
 * @module
 */
import { ProtocolError, UsageRangeError } from "../../errors.ts";
import { tooLargeToSend } from "../../codec/options.ts";
import { readJson } from "./json_reader.ts";
import { writeJson } from "./json_writer.ts";

/** Bytes of the length before the header. */
export const LENGTH_BYTES = 2;
/** The longest header that its length can say, in bytes. */
export const MAX_HEADER_BYTES = 65_535;

/** A header that has come. */
export interface Header {
  /** Bytes of the header and of the length before it. */
  readonly bytes: number;
  /** Bytes of the content behind it. */
  readonly contentBytes: number;
  /** True for JSON; anything else is bytes as they are. */
  readonly isJson: boolean;
  /** All members, as they came. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The first required member that it does not have. */
  readonly missing?: string;
}

/**
 * Reads a header.
 *
 * @throws {ProtocolError} fatal, code `bad_header`: it is no JSON object, or does not say how long its content is, so
 * that nobody knows where the next message begins.
 */
export function readHeader(bytes: Uint8Array): Header {
  let fields: unknown;
  try {
    fields = readJson(HEADER_TEXT.decode(bytes));
  } catch (error) {
    const why = error instanceof ProtocolError ? error.message : "no UTF-8";
    throw new ProtocolError("bad_header", `Header of ${bytes.length} bytes makes no sense: ${why}`);
  }
  if (!isRecord(fields)) throw new ProtocolError("bad_header", "Header is no JSON object");
  const contentBytes = fields["content-length"];
  if (typeof contentBytes !== "number" || !Number.isSafeInteger(contentBytes) || contentBytes < 0) {
    throw new ProtocolError("bad_header", 'Header has no whole number as "content-length"');
  }
  return {
    bytes: LENGTH_BYTES + bytes.length,
    contentBytes,
    isJson: fields["content-type"] === "json",
    fields,
    missing: REQUIRED.find((name) => !Object.hasOwn(fields, name)),
  };
}

/** True for what JSON calls an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands in a header besides what every header has, in this order. */
export type HeaderFields = Readonly<Record<string, unknown>>;

/**
 * The bytes of a message whose content is JSON.
 *
 * @throws {UsageRangeError} code `usage`: the content exceeds `maxFrameBytes`, or the header what its length can say.
 */
export function jsonMessage(
  type: string,
  fields: HeaderFields,
  content: string,
  maxFrameBytes: number,
): Uint8Array {
  const bytes = ENCODER.encode(content);
  if (bytes.length > maxFrameBytes) throw tooLargeToSend(bytes.length, maxFrameBytes);
  const header = headerBytes("json", bytes.length, type, fields);
  const message = new Uint8Array(header.length + bytes.length);
  message.set(header);
  message.set(bytes, header.length);
  return message;
}

/**
 * The bytes before `size` bytes of a file.
 *
 * @throws {UsageRangeError} code `usage`: the header is longer than its length can say.
 */
export function fileHeader(type: string, fields: HeaderFields, size: number): Uint8Array {
  return headerBytes("binary", size, type, fields);
}

function headerBytes(contentType: string, size: number, type: string, fields: HeaderFields): Uint8Array {
  // The byte order is of no meaning: all numbers of the wire are big endian, and readers ignore it.
  let text = `{"byteorder": "little", "content-type": "${contentType}", "content-encoding": "utf-8", ` +
    `"content-length": ${size}, "message-type": "${type}"`;
  for (const name in fields) text += `, "${name}": ${writeJson(fields[name], name)}`;
  const header = ENCODER.encode(`${text}}`);
  if (header.length > MAX_HEADER_BYTES) {
    throw new UsageRangeError(
      `Cannot send a message with a header of ${header.length} bytes: at most ${MAX_HEADER_BYTES} are possible, ` +
        `so its name has to be shorter`,
    );
  }
  const bytes = new Uint8Array(LENGTH_BYTES + header.length);
  new DataView(bytes.buffer).setUint16(0, header.length);
  bytes.set(header, LENGTH_BYTES);
  return bytes;
}

const REQUIRED: readonly string[] = Object.freeze([
  "byteorder",
  "content-type",
  "content-encoding",
  "message-type",
]);
const ENCODER = new TextEncoder();
const HEADER_TEXT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
