import { Client, ProtocolError } from "../../mod.ts";
import type { Peer } from "../../mod.ts";
import { clip, escapeText } from "../show/escape.ts";
import type { TimedEvent } from "./event_feed.ts";
import { showError } from "../show/error.ts";
import { showValue } from "../show/value.ts";

/** How an event is written. */
export interface EventLineOptions {
  /** The name of the link it happened on. */
  readonly name: string;
  /** Time and names in faint, failures in red. */
  readonly colors: boolean;
  /** The place in typed code where an error was thrown, when it is known. */
  placeOf?(error: Error): string | undefined;
}

/**
 * One event in one line: time, link, what happened, with whom.
 *
 * ```text
 * 10:31:07.114 fleet + tcp://127.0.0.1:50012
 * 10:31:07.390 fleet < tcp://127.0.0.1:50012 "hello"
 * 10:31:09.002 fleet - tcp://127.0.0.1:50012 closed the link
 * 10:31:09.003 fleet ! Error: kaput (in onReceive)
 * ```
 */
export function eventLine(event: TimedEvent, options: EventLineOptions): string {
  const time = clockTime(event.at);
  const name = escapeText(options.name);
  const head = options.colors ? `\x1b[2m${time}\x1b[22m \x1b[36m${name}\x1b[39m` : `${time} ${name}`;
  return `${head} ${what(event, options)}`;
}

function what(event: TimedEvent, { colors, placeOf }: EventLineOptions): string {
  switch (event.kind) {
    case "listening":
      return `listening on ${event.link.address} (${event.link.dialect})`;
    case "connect":
      return event.link instanceof Client ? `connected to ${who(event.peer)}` : `+ ${who(event.peer)}`;
    case "receive": {
      const from = event.link instanceof Client ? "" : ` ${who(event.peer)}`;
      return `<${from} ${clip(showValue(event.message, { colors }), MAX_MESSAGE_CHARS)}`;
    }
    case "disconnect":
      // What they did wrong stands in a line of its own already.
      if (event.reason.error instanceof ProtocolError) return `- ${who(event.peer)} (${event.reason.code})`;
      return `- ${escapeText(event.reason.message)}`;
    case "fail": {
      const text = `! ${showError(event.error, false)}${where(event.error, placeOf)}`;
      return colors ? `\x1b[31m${text}\x1b[39m` : text;
    }
  }
}

function who(peer: Peer): string {
  return escapeText(peer.address);
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

function clockTime(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const ms = String(at.getMilliseconds()).padStart(3, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** Longer messages are cut in the event line; the message itself is whole. */
const MAX_MESSAGE_CHARS = 2000;
