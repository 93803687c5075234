import { ExitCode } from "../console/exit_code.ts";
import { escapeText } from "../show/escape.ts";
import { jsonText } from "../console/json_text.ts";
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
  if (flags.json) return writeOut(`${jsonText({ ...facts, value })}\n`);
  const isTerminal = Deno.stdout.isTerminal();
  if (typeof value === "string") {
    return writeOut(`${isTerminal ? escapeText(value, { keepNewlines: true }) : value}\n`);
  }
  if (value instanceof Uint8Array && !isTerminal) return writeOut(value);
  if (isTerminal) return writeOut(`${showValue(value, { colors: !Deno.noColor })}\n`);
  if (value !== undefined) writeOut(`${jsonText(value)}\n`);
}

/** Says something on stderr that is no data. */
export function note(text: string, flags: PrintFlags): void {
  if (flags.quiet || flags.json) return;
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

function writeOut(data: string | Uint8Array): void {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  try {
    for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(ExitCode.OK); // the reader has had enough, as `head` has
    throw error;
  }
}
