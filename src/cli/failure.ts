import { stripVTControlCharacters } from "node:util";
import { ExitCode, exitCodeOf } from "../console/exit_code.ts";
import { jsonText } from "../console/json_text.ts";
import { showError } from "../show/error.ts";
import { showValue } from "../show/value.ts";

/** The command line is wrong. */
export class CommandLineError extends Error {
  override readonly name = "CommandLineError";
  readonly code = "usage";
}

/** How a failure is told. */
export interface ExplainOptions {
  /** As one JSON object. Default false. */
  json?: boolean;
  /** With `json`, what is known besides, such as the address. */
  facts?: Readonly<Record<string, unknown>>;
  /** Hides what must not be seen in a text. */
  mask?(text: string): string;
}

/** Says on stderr, in one line, what went wrong, and returns the exit code that tells the same. */
export function explain(thrown: unknown, options: ExplainOptions = {}): number {
  const error = plain(thrown);
  const usage = (error as { code?: unknown } | null)?.code === "usage"; // ours, and those of the library
  const exit = usage ? ExitCode.USAGE : exitCodeOf(error);
  const text = options.json
    ? jsonText({ time: new Date().toISOString(), ...options.facts, error, exit })
    : `parley: ${
      usage ? (error as Error).message : error instanceof Error ? inOneLine(error) : showValue(error)
    }`;
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(`${options.mask?.(text) ?? text}\n`));
  } catch {
    // Nobody listens; the exit code still tells.
  }
  return exit;
}

/** With its causes, as far as they say anything new. */
function inOneLine(error: Error): string {
  const [headline, ...causes] = showError(error, false).split(/\n {2}because: /);
  const isNew = (cause: string) => !headline.includes(cause.replace(/^\w+( \[\w+\])?: /, ""));
  return [headline, ...causes.filter(isNew)].join("; because ");
}

/** Deno colours the places in what it says of modules that cannot be loaded; escaped, they could not be read. */
function plain(thrown: unknown): unknown {
  if (thrown instanceof TypeError || thrown instanceof SyntaxError) {
    thrown.message = stripVTControlCharacters(thrown.message);
  }
  return thrown;
}
