import type { PageSaid } from "./wire.ts";

/** A number that was found, and what to call it. */
export interface Found {
  readonly path: string;
  readonly value: number;
}

/**
 * The numbers in what was said: a number itself, those in objects by their path, in text `speed=12.5` and
 * `temp: 21` by their names, the columns of `1.5, 2, 3` by their place, and JSON in text as if it was no text. At most
 * {@linkcode MAX_FOUND}.
 */
export function numbersIn(said: PageSaid): Found[] {
  const found: Found[] = [];
  const name = said.name ?? "";
  if (said.kind === "message") read(said.value, "", found);
  else if (said.kind === "answer" || said.kind === "part") read(said.value, name, found);
  else if (said.args !== undefined) {
    const [first] = said.args;
    if (said.args.length === 1) read(first, name, found);
    else said.args.forEach((each, index) => read(each, `${name}[${index}]`, found));
    read(said.kwargs, name, found);
  }
  return found.slice(0, MAX_FOUND);
}

function read(value: unknown, path: string, found: Found[]): void {
  if (found.length >= MAX_FOUND) return;
  if (typeof value === "number") found.push({ path: path === "" ? "value" : path, value });
  else if (typeof value === "string") readText(value, path, found);
  else if (Array.isArray(value)) value.forEach((each, index) => read(each, `${path}[${index}]`, found));
  else if (typeof value === "object" && value !== null && !("$bytes" in value)) {
    const { $bigint } = value as { $bigint?: unknown };
    if (typeof $bigint === "string") return read(Number($bigint), path, found);
    for (const [key, each] of Object.entries(value)) read(each, path === "" ? key : `${path}.${key}`, found);
  }
}

function readText(text: string, path: string, found: Found[]): void {
  const line = text.slice(0, MAX_CHARS).trim();
  if (/^[[{]/.test(line)) {
    try {
      return read(JSON.parse(line), path, found);
    } catch {
      // text that only looks like it
    }
  }
  const inside = path === "" ? "" : `${path}.`;
  const named = [...line.matchAll(NAMED)];
  if (named.length > 0) {
    for (const [, name, number] of named) found.push({ path: inside + name, value: Number(number) });
    return;
  }
  const alone = WITH_UNIT.exec(line)?.[1];
  if (alone !== undefined) return void found.push({ path: path || "value", value: Number(alone) });
  const columns = line.split(/[,;\t]/.test(line) ? /[,;\t]/ : /\s+/).map((column) => column.trim());
  if (columns.length === 1) return;
  // What a line begins with tells one kind of it from another: `$GPGGA,123519,4807.038`.
  const [first] = columns;
  const kind = first.length <= MAX_WORD && /^[\p{L}$!#@]/u.test(first) ? first : "column";
  columns.forEach((column, index) => {
    const number = WITH_UNIT.exec(column)?.[1];
    if (number !== undefined) found.push({ path: `${inside}${kind} ${index + 1}`, value: Number(number) });
  });
}

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
/** `speed=12.5`, `temp: 21`; a clock such as `12:30` has no name. */
const NAMED = new RegExp(
  String.raw`([\p{L}_][\p{L}\p{N}_./-]{0,39})\s{0,3}[=:]\s{0,3}(${NUMBER})(?![\d:.])`,
  "gu",
);
/** `12.5`, `12.5V`, `21.5 °C`. */
const WITH_UNIT = new RegExp(String.raw`^(${NUMBER})\s?[\p{L}°%µΩ/]{0,5}$`, "u");
/** Numbers in one message. */
export const MAX_FOUND = 64;
/** Text is looked at so far. */
const MAX_CHARS = 2000;
const MAX_WORD = 12;
