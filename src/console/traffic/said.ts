import type { Traffic } from "../../../mod.ts";
import { clip, escapeCell, escapeJson, escapeText } from "../../show/escape.ts";
import { milliseconds } from "../../show/time_span.ts";
import { Utf8Text } from "../../show/utf8_text.ts";
import { showValue } from "../../show/value.ts";
import { jsonText } from "../json_text.ts";
import type { TrafficFormat } from "./traffic_format.ts";

/**
 * What was said, without who said it to whom. In every format but `raw` it is one line of text without anything in it
 * that could drive a terminal. As code would have it by default: `"text"`, `action led(true)`, `answer time = 12 (3 ms)`.
 */
export function said(traffic: Traffic, format: TrafficFormat, colors: boolean): string {
  switch (format) {
    case "json":
      return clip(escapeJson(jsonText(asJson(traffic))), MAX_CHARS);
    case "text":
      return clip(plainText(traffic) ?? asCode(traffic, false), MAX_CHARS);
    case "raw":
      return rawText(traffic) ?? clip(asCode(traffic, false), MAX_CHARS);
    default:
      return clip(asCode(traffic, colors), MAX_CHARS);
  }
}

/** What a filter or a search looks at: of a message that is text or bytes that text itself, and else what is shown. */
export function searchedText(traffic: Traffic): string {
  return (rawText(traffic) ?? asCode(traffic, false)).slice(0, MAX_CHARS);
}

function asCode(traffic: Traffic, colors: boolean): string {
  const show = (value: unknown) => oneLine(showValue(value, { colors }));
  switch (traffic.kind) {
    case "message":
      return show(traffic.value);
    case "action":
    case "request": {
      const { name, args, kwargs } = traffic;
      const given = [...args.map(show), ...kwargs === undefined ? [] : [show(kwargs)]].join(", ");
      return name === "" ? "describe()" : `${traffic.kind} ${escapeText(name)}(${given})`;
    }
    case "answer": {
      const { name, value } = traffic;
      if (name === "" && value === undefined) return `acknowledged${took(traffic)}`;
      return `answer ${name === "" ? "" : `${escapeText(name)} `}= ${show(value)}${took(traffic)}`;
    }
    case "part":
      return `part ${escapeText(traffic.name)} = ${show(traffic.value)}`;
    case "failure": {
      const { name, code, message } = traffic;
      return `failure ${escapeText(name)} [${escapeText(code)}] ${escapeText(message)}${took(traffic)}`;
    }
    case "cancel":
      return `cancel ${escapeText(traffic.name)}`;
    case "file":
      return `file ${escapeText(traffic.name)} (${traffic.size.toLocaleString("en-US")} bytes)`;
    case "file-request":
      return `request for file ${escapeText(traffic.name)}`;
  }
}

/** A message is its value; of all else the kind is a key with the name behind it. */
function asJson(traffic: Traffic): unknown {
  switch (traffic.kind) {
    case "message":
      return traffic.value === undefined ? null : traffic.value;
    case "action":
    case "request":
      return { [traffic.kind]: traffic.name, args: traffic.args, kwargs: traffic.kwargs };
    case "answer":
    case "part":
      return { [traffic.kind]: traffic.name, value: traffic.value, ms: rounded(traffic.ms) };
    case "failure":
      return { failure: traffic.name, code: traffic.code, message: traffic.message, ms: rounded(traffic.ms) };
    case "file":
      return { file: traffic.name, size: traffic.size };
    case "cancel":
    case "file-request":
      return { [traffic.kind]: traffic.name };
  }
}

function plainText(traffic: Traffic): string | undefined {
  if (traffic.kind !== "message") return undefined;
  const { value } = traffic;
  if (typeof value === "string") return escapeCell(value.slice(0, MAX_CHARS + 1));
  if (!(value instanceof Uint8Array)) return undefined;
  const utf8 = new Utf8Text();
  return escapeCell(utf8.feed(value.subarray(0, MAX_CHARS + 1)) + utf8.end());
}

function rawText(traffic: Traffic): string | undefined {
  if (traffic.kind !== "message") return undefined;
  const { value } = traffic;
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}

function took({ ms }: { readonly ms?: number }): string {
  return ms === undefined ? "" : ` (${milliseconds(ms)})`;
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 1000) / 1000;
}

/** A value with many members is shown on several lines at the prompt; a line of traffic is one line. */
function oneLine(shown: string): string {
  return shown.includes("\n") ? shown.replace(/\n\s*/g, " ") : shown;
}

/** Longer messages are cut in the line; the message itself is whole. */
const MAX_CHARS = 2000;
