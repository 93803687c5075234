import { Client, describeSettings, SerialClient } from "../../mod.ts";
import type { Direction, Peer } from "../../mod.ts";
import { rowsOf } from "../show/byte_rows.ts";
import { padToWidth, textWidth } from "../show/cell_width.ts";
import { clip, escapeCell, escapeText } from "../show/escape.ts";
import { HEX_ROW_BYTES, hexRow, hexRowColumns } from "../show/hex_row.ts";
import type { TimedEvent } from "./feed_event.ts";
import { showError } from "../show/error.ts";
import { cyan, faint, green, red, yellow } from "../show/paint.ts";
import { waitSpan } from "../show/time_span.ts";
import { said } from "./traffic/said.ts";
import type { TrafficFormat } from "./traffic/traffic_format.ts";

/** How an event is written. */
export interface EventLineOptions {
  /** The name of the link it happened on. */
  readonly name: string;
  /** What stands before it all: the time. May be empty. */
  readonly stamp: string;
  /** Time and names in faint, failures in red. */
  readonly colors: boolean;
  /** How what was said is shown. Default `"js"`. */
  readonly format?: TrafficFormat;
  /** Columns for the name of the link, so that lines of several links stand below each other. Default: as it is. */
  readonly nameColumns?: number;
  /** Columns for the address of the peer of a server. Default: as it is. */
  readonly peerColumns?: number;
  /** The width of the screen, where rows of bytes are to fit: of 16 bytes or, on a narrow one, of 8 or 4. */
  readonly columns?: number;
  /** The place in typed code where an error was thrown, when it is known. */
  placeOf?(error: Error): string | undefined;
}

/**
 * One event in one line: time, link, what happened, with whom. Only bytes take a line for each row of theirs.
 *
 * ```text
 * 10:31:07.114 fleet + tcp://127.0.0.1:50012
 * 10:31:07.390 fleet < tcp://127.0.0.1:50012 "hello"
 * 10:31:07.391 fleet > tcp://127.0.0.1:50012 action led(true)
 * 10:31:08.114 fleet < tcp://127.0.0.1:50012 file "show.csv" (1,024 bytes) is in /home/ann/shows/show.csv
 * 10:31:08.220 psu   < 0000  2a 49 44 4e 3f 0a                                   *IDN?.
 * 10:31:09.002 fleet - tcp://127.0.0.1:50012 closed the link; it may come back
 * 10:31:09.003 fleet ! Error: kaput (in onReceive)
 * 10:31:09.431 gate  ~ attempt 2 in 318 ms (refused: connection refused; is something listening there?)
 * 10:31:09.502 psu   connected to serial:/dev/ttyUSB0 (9600 8N1)
 * 10:31:09.640 psu   ? check the baud rate: psu is set to 9600 8N1, and 62 % of what comes is no text
 * 10:31:09.760 gate  connected again to tcp://127.0.0.1:16900: resumed, 3 sent again
 * ```
 */
export function eventLine(event: TimedEvent, options: EventLineOptions): string {
  const { colors, nameColumns = 0 } = options;
  const stamp = options.stamp === "" ? "" : `${faint(options.stamp, colors)} `;
  const name = padToWidth(escapeCell(options.name), nameColumns);
  const head = `${stamp}${cyan(name, colors)}`;
  if (event.kind !== "bytes") {
    const line = `${head} ${what(event, options)}`;
    return options.format === "raw" ? line : line.replaceAll("\t", "\\t");
  }
  const { piece: { way }, piece } = event;
  const before = `${head} ${from(event, way, options)}`;
  const room = (options.columns ?? Infinity) - textWidth(before) - OFFSET_COLUMNS;
  const size = ROW_SIZES.find((each) => hexRowColumns(each) <= room) ?? ROW_SIZES[ROW_SIZES.length - 1];
  const rows = [...rowsOf(piece, size)].map(({ offset, bytes }) => {
    const place = (offset % MAX_OFFSET).toString(16).padStart(4, "0");
    return `${before} ${faint(place, colors)}  ${hexRow(bytes, size)}`;
  });
  return rows.join("\n");
}

/** The arrow, and whom a server talks to: `<` came from there, `>` was said to it. */
function from(
  event: { readonly link: TimedEvent["link"]; readonly peer: Peer },
  way: Direction,
  { colors, peerColumns = 0 }: EventLineOptions,
): string {
  const shown = way === "in" ? green("<", colors) : yellow(">", colors);
  return event.link instanceof Client ? shown : `${shown} ${padToWidth(who(event.peer), peerColumns)}`;
}

function what(event: Exclude<TimedEvent, { kind: "bytes" }>, options: EventLineOptions): string {
  const { name, colors, format = "js", placeOf } = options;
  switch (event.kind) {
    case "listening":
      return `listening on ${escapeText(event.link.address)} (${escapeText(event.link.dialect)})`;
    case "up":
      return up(event);
    case "traffic":
      return `${from(event, event.traffic.direction, options)} ${said(event.traffic, format, colors)}`;
    case "garbled": {
      const set = `${escapeText(name)} is set to ${describeSettings(event.link.settings)}`;
      return `? check the baud rate: ${set}, and ${event.percent} % of what comes is no text`;
    }
    case "stale":
      return `? ${who(event.peer)} has been silent for ${
        waitSpan(event.ms)
      }, and was asked for a sign of life`;
    case "drop": {
      const { count } = event;
      const dropped = `${count.toLocaleString("en-US")} ${count === 1 ? "message" : "messages"} dropped`;
      return red(`! ${dropped}: ${who(event.peer)} reads too slowly (overflow "drop-oldest")`, colors);
    }
    case "file":
      return file(event);
    case "down":
      return down(event);
    case "retry":
      return `~ attempt ${event.attempt} in ${waitSpan(event.inMs)} (${briefly(event)})`;
    case "fail":
      return red(`! ${showError(event.error, false)}${where(event.error, placeOf)}`, colors);
  }
}

function file({ how, name, path, size, peer }: TimedEvent & { kind: "file" }): string {
  const shown = `file "${clip(escapeText(name), MAX_NAME_CHARS)}" (${size.toLocaleString("en-US")} bytes)`;
  if (how === "served") return `> ${who(peer)} ${shown} was sent`;
  return `< ${who(peer)} ${shown} is in ${escapeText(path)}`;
}

function up({ link, peer, first, replayed, unknown }: TimedEvent & { kind: "up" }): string {
  const isClient = link instanceof Client;
  const set = link instanceof SerialClient ? ` (${describeSettings(link.settings)})` : "";
  if (first) return isClient ? `connected to ${who(peer)}${set}` : `+ ${who(peer)}`;
  const again = isClient ? `connected again to ${who(peer)}${set}` : `+ ${who(peer)} is back`;
  if (replayed !== undefined) return `${again}: resumed${replayed === 0 ? "" : `, ${replayed} sent again`}`;
  return unknown === undefined ? again : `${again}: new session${lost(unknown)}`;
}

/** The calls of which nobody knows whether they were handled. */
function lost(calls: readonly string[]): string {
  if (calls.length === 0) return "";
  const more = calls.length > MAX_CALLS ? ", …" : "";
  const names = escapeText(clip(calls.slice(0, MAX_CALLS).join(", "), MAX_LOST_CHARS));
  return `: ${calls.length} ${calls.length === 1 ? "call" : "calls"} unknown: ${names}${more}`;
}

function down({ link, peer, reason, isTold, gaveUp }: TimedEvent & { kind: "down" }): string {
  const why = isTold ? `${who(peer)} (${escapeText(reason.code)})` : escapeText(reason.message);
  if (gaveUp && link instanceof Client) return `- ${why}; given up`;
  const mayReturn = reason.willRetry || !(link instanceof Client);
  if (reason.code === "unplugged" && mayReturn) return `- ${why}; waiting until it is back`;
  if (!reason.willRetry) return `- ${why}`;
  return `- ${why}; ${link instanceof Client ? "trying again" : "it may come back"}`;
}

function who(peer: Peer): string {
  return escapeCell(peer.address);
}

/** An error as a few words; whoever has seen it before needs only its code. */
function briefly({ link, error, isNew }: TimedEvent & { kind: "retry" }): string {
  const { code, name, message } = error as Error & { code?: unknown };
  const word = typeof code === "string" ? code : name;
  if (!isNew) return escapeText(word);
  const reason = message.replace(`Cannot connect to ${link.address}: `, ""); // the line says so already
  return escapeText(`${word}: ${clip(reason, MAX_BRIEF_CHARS)}`);
}

/** The callback or the handler that threw, and the place in typed code, when it is known. */
function where(error: Error, placeOf: EventLineOptions["placeOf"]): string {
  const { callback, handler } = error as { callback?: unknown; handler?: unknown };
  const origin = typeof callback === "string" ? callback : handler;
  // Only what typed code threw has a place there; and the stack of an error that tells of a want of file descriptors
  // must not be looked at: formatting it needs one, and without one the process ends.
  if (typeof origin !== "string") return "";
  const place = placeOf?.(error);
  return ` (in ${escapeText(origin)}${place === undefined ? "" : ` at ${place}`})`;
}

/** Bytes in a row, the most that fit. */
const ROW_SIZES: readonly number[] = Object.freeze([HEX_ROW_BYTES, HEX_ROW_BYTES / 2, HEX_ROW_BYTES / 4]);
/** So much of the names of lost calls is shown. */
const MAX_LOST_CHARS = 2000;
/** Longer names of files are cut. */
const MAX_NAME_CHARS = 80;
/** Longer errors of attempts are cut. */
const MAX_BRIEF_CHARS = 200;
/** So many calls of unknown outcome are named. */
const MAX_CALLS = 8;
/** Offsets in a stream without an end begin anew here. */
const MAX_OFFSET = 0x1_0000_0000;
/** An offset with the blanks around it. */
const OFFSET_COLUMNS = 7;
