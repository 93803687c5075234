import { jsonText } from "../console/json_text.ts";
import { escapeText } from "../show/escape.ts";
import { showValue } from "../show/value.ts";
import { type MessageForm, messageText } from "./message_form.ts";

/** How a subcommand prints. */
export interface PrintFlags {
  json?: boolean;
  quiet?: boolean;
  /** How messages are written; see {@linkcode MessageForm}. Default `"text"`. */
  form?: MessageForm;
}

/**
 * Prints one value on stdout as data: text as it is, bytes as they are, everything else as JSON. With `json` as
 * `{"time": …, "value": …}` and whatever is known besides; in a form that is no text in that. At a terminal control
 * characters are made visible.
 *
 * @throws {Deno.errors.BrokenPipe} nobody reads it any more.
 */
export function printValue(value: unknown, flags: PrintFlags, facts: Record<string, unknown> = {}): void {
  if (flags.json) return printData(`${jsonText({ time: new Date().toISOString(), ...facts, value })}\n`);
  const { form = "text" } = flags;
  const isTerminal = Deno.stdout.isTerminal();
  const written = messageText(form, value);
  if (written !== undefined) return printData(`${written}\n`);
  const end = form === "raw" ? "" : "\n";
  if (typeof value === "string") {
    return printData(`${isTerminal ? escapeText(value, { keepNewlines: true }) : value}${end}`);
  }
  if (value instanceof Uint8Array && !isTerminal) return printData(value);
  if (isTerminal) return printData(`${showValue(value, { colors: !Deno.noColor })}\n`);
  if (value !== undefined) printData(`${jsonText(value)}\n`);
}

/**
 * Writes all of it to stdout, at once: a program that reads it waits for it.
 *
 * @throws {Deno.errors.BrokenPipe} nobody reads it any more. @throws what else writing throws, such as a full disk.
 */
export function printData(data: string | Uint8Array): void {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
}

/** Says something on stderr that is no data. */
export function note(text: string, flags: PrintFlags): void {
  if (flags.quiet || flags.json) return;
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
  } catch {
    // Nobody listens; what is data goes elsewhere.
  }
}
