/**
 * What a clever-show server says of itself by UDP: one datagram, which is the action `server_ip` in that dialect.
 *
 * @module
 */
import { jsonMessage, LENGTH_BYTES, readHeader } from "../dialect/clever_show/header.ts";
import { contentText } from "../dialect/clever_show/content_text.ts";
import { readJson } from "../dialect/clever_show/json_reader.ts";
import { writeJson } from "../dialect/clever_show/json_writer.ts";
import { float } from "../dialect/float.ts";
import { ProtocolError } from "../errors.ts";

/** What is announced. */
export interface ServerIp {
  /** The name or address where the server says that it is. */
  readonly host: string;
  /** Its TCP port. */
  readonly port: number;
  /** What tells it from other servers: four digits in the original. */
  readonly id: string;
  /** When it was started, in seconds since 1970. */
  readonly startTime: number;
}

/** The datagram, byte for byte as the original writes it: all values are text. */
export function writeAnnouncement({ host, port, id, startTime }: ServerIp): Uint8Array {
  // deno-lint-ignore camelcase -- the words of the wire
  const kwargs = { host, port: String(port), id, start_time: writeJson(float(startTime), "startTime") };
  const content = `{"args": [], "kwargs": ${writeJson(kwargs, "the announcement")}}`;
  return jsonMessage("message", { action: ACTION }, content, MAX_DATAGRAM_BYTES);
}

/**
 * Reads a datagram. Anybody can send one: what it says is no more than a suggestion.
 *
 * @throws {ProtocolError} not fatal: it is no announcement; the message says why.
 */
export function readAnnouncement(datagram: Uint8Array): ServerIp {
  const header = headerOf(datagram);
  const { fields, isJson, bytes, contentBytes } = header;
  if (!isJson || fields["message-type"] !== "message" || fields["action"] !== ACTION) {
    throw bad(`it is no action "${ACTION}"`);
  }
  if (datagram.length !== bytes + contentBytes) {
    throw bad(`it has ${datagram.length} bytes, and its header says ${bytes + contentBytes}`);
  }
  const content = readJson(contentText(datagram.subarray(bytes), fields["content-encoding"])) as
    | Announced
    | null;
  const { host, port, id, start_time: startTime } = content?.kwargs ?? {};
  if (!isHost(host)) throw bad("its host is no name and no address");
  // The original has sent numbers as text in some versions, and as numbers in others.
  const portNumber = numberOf(port);
  if (!Number.isInteger(portNumber) || portNumber < 1 || portNumber > 65_535) throw bad("its port is none");
  if (!isId(id)) throw bad("its id is no text of a few characters");
  const seconds = numberOf(startTime);
  if (!(Math.abs(seconds) <= MAX_DATE_SECONDS)) throw bad("its start time is none");
  return { host, port: portNumber, id, startTime: seconds };
}

/** True for what may be announced as the place of a server. */
export function isHost(host: unknown): host is string {
  return typeof host === "string" && HOST.test(host);
}

/** True for what may tell one server from another. */
export function isId(id: unknown): id is string {
  return typeof id === "string" && id.length <= MAX_ID_CHARS;
}

interface Announced {
  readonly kwargs?: Readonly<Record<string, unknown>> | null;
}

function headerOf(datagram: Uint8Array): ReturnType<typeof readHeader> {
  const length = datagram.length < LENGTH_BYTES ? 0 : datagram[0] << 8 | datagram[1];
  if (length === 0 || datagram.length < LENGTH_BYTES + length) throw bad("its header is cut off");
  try {
    return readHeader(datagram.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  } catch (error) {
    throw bad((error as Error).message);
  }
}

function numberOf(value: unknown): number {
  if (typeof value === "string") return NUMBER.test(value) ? Number(value) : NaN;
  return typeof value === "number" ? value : NaN;
}

function bad(why: string): ProtocolError {
  return new ProtocolError("bad_announcement", `Datagram is no announcement of a server: ${why}`, {
    fatal: false,
  });
}

/** Originals read so many bytes of a datagram. */
const MAX_DATAGRAM_BYTES = 1024;
/** The longest id that is read, in characters. */
export const MAX_ID_CHARS = 64;
/** The last second that a `Date` can hold. */
const MAX_DATE_SECONDS = 8_640_000_000_000;
const ACTION = "server_ip";
const HOST = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45})$/;
const NUMBER = /^[0-9]{1,15}(\.[0-9]{1,20})?$/;
