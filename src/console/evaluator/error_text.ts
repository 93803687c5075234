/**
 * The text of an error for the person at the prompt: what went wrong first, and only the places that are theirs.
 *
 * @module
 */
import { escapeText } from "../../show/escape.ts";
import type { Position } from "./rewrite.ts";
import { SourceError } from "./syntax.ts";

/** How far down a chain of causes is followed: a chain may be a ring. */
const maxCauses = 8;

/** Everything under this folder is Parley itself, whose places help nobody at the prompt. */
const ownFolder = new URL("../../", import.meta.url).href;

/**
 * Finds the place in the input for a place in the script that it became: `null` when nobody typed that place,
 * `undefined` when the script, such as `"typed:3"` or `"typed:3f"` for its functions, is not known any more.
 */
export type OriginOf = (script: string, place: Position) => Position | null | undefined;

/**
 * Describes anything that was thrown: the name and message, the stack frames of typed code and of user files, and
 * one line `cause: …` for each cause. Control characters are made visible.
 */
export function errorText(
  error: unknown,
  originOf: OriginOf,
): string {
  const lines = [...headline(error), ...(error instanceof SourceError ? [] : framesOf(error, originOf))];
  if (error instanceof AggregateError) {
    for (const each of error.errors) lines.push(`  error: ${oneLine(each)}`);
  }
  let cause = causeOf(error);
  for (let depth = 0; cause !== undefined && depth < maxCauses; depth++) {
    lines.push(`  cause: ${oneLine(cause)}`);
    cause = causeOf(cause);
  }
  return lines.join("\n");
}

function headline(error: unknown): string[] {
  const thrown = error instanceof Error ? "" : "Thrown: ";
  return visible(thrown + nameAndMessage(error)).split("\n");
}

function nameAndMessage(error: unknown): string {
  try {
    if (!(error instanceof Error)) return typeof error === "string" ? error : Deno.inspect(error);
    const { name, message } = error;
    return message === "" ? String(name) : `${name}: ${message}`;
  } catch { // a getter or a proxy of the user's that throws itself
    return "a value that cannot be shown";
  }
}

function oneLine(error: unknown): string {
  return visible(nameAndMessage(error)).replace(/\s*\n\s*/g, " ");
}

function causeOf(error: unknown): unknown {
  try {
    return error instanceof Error ? error.cause : undefined;
  } catch {
    return undefined;
  }
}

function framesOf(error: unknown, originOf: OriginOf): string[] {
  const frames = stackOf(error).split("\n").filter((line) => /^\s+at /.test(line) && isTheirs(line));
  return frames.flatMap((line) => {
    const [place, input, part, row, column] = line.match(/(typed:\d+)(f?):(\d+):(\d+)/) ?? [];
    if (place === undefined) return [visible(line)];
    const origin = originOf(input + part, { line: Number(row), column: Number(column) });
    if (origin === null) return [];
    return [visible(line.replace(place, `${input}:${origin?.line ?? row}:${origin?.column ?? column}`))];
  });
}

function stackOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack ?? "") : "";
  } catch {
    return "";
  }
}

function isTheirs(frame: string): boolean {
  if (/\btyped:\d+f?:\d+:\d+/.test(frame)) return true;
  return frame.includes("file://") && !frame.includes(ownFolder) && !/\/(npm|node_modules)\//.test(frame);
}

/** A message may quote a peer, and no byte of a peer may drive the terminal. */
function visible(text: string): string {
  return escapeText(text, { keepNewlines: true });
}
