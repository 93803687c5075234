import { escapeText } from "../show/escape.ts";
import { jsonText } from "../console/json_text.ts";
import { writeOut } from "../console/write_out.ts";
import { showValue } from "../show/value.ts";

/** How a subcommand prints. */
export interface PrintFlags {
  json?: boolean;
  quiet?: boolean;
}

/**
 * Prints one value on stdout as data: text as it is, bytes as they are, everything else as JSON. With `json` as
 * `{"value": …}` and whatever is known besides. At a terminal control characters are made visible.
 */
export function printValue(value: unknown, flags: PrintFlags, facts: Record<string, unknown> = {}): void {
  if (flags.json) return writeOut(Deno.stdout, `${jsonText({ ...facts, value })}\n`);
  const isTerminal = Deno.stdout.isTerminal();
  if (typeof value === "string") {
    return writeOut(Deno.stdout, `${isTerminal ? escapeText(value, { keepNewlines: true }) : value}\n`);
  }
  if (value instanceof Uint8Array && !isTerminal) return writeOut(Deno.stdout, value);
  if (isTerminal) return writeOut(Deno.stdout, `${showValue(value, { colors: !Deno.noColor })}\n`);
  if (value !== undefined) writeOut(Deno.stdout, `${jsonText(value)}\n`);
}

/** Says something on stderr that is no data. */
export function note(text: string, flags: PrintFlags): void {
  if (flags.quiet || flags.json) return;
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}
