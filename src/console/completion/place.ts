/**
 * What is around the cursor in a line that is not finished: brackets, strings, calls and the objects in them. Found
 * without parsing, since half a line is no program.
 *
 * @module
 */
import { CodeScanner } from "../evaluator/code_scanner.ts";

/** A bracket that is open at the cursor. A backtick is an expression in a template. */
export interface Frame {
  readonly open: "(" | "[" | "{" | "`";
  /** Where it stands, in UTF-16 units. */
  readonly at: number;
  /** Where each of the items between its commas begins. */
  readonly items: number[];
  /** Where it is closed, or the text ends. */
  end: number;
}

/** The string that the cursor is in. */
export interface OpenString {
  readonly quote: '"' | "'" | "`";
  /** Where its text begins, behind the quote. */
  readonly start: number;
}

/** The surroundings of the cursor. */
export interface Place {
  /** The whole line, which may have several. */
  readonly line: string;
  readonly cursor: number;
  /** What is open at the cursor, outermost first. */
  readonly frames: readonly Frame[];
  /** Undefined in code, and in comments and regular expressions. */
  readonly string?: OpenString;
  readonly isCode: boolean;
}

const opening = "([{";
const closing = ")]}";

/** Looks around the cursor. */
export function placeAt(line: string, cursor: number): Place {
  const scanner = new CodeScanner();
  const frames: Frame[] = [];
  const strings: OpenString[] = []; // a template stays one while an expression in it is read
  let place: Place | undefined;
  const reached = () => ({
    line,
    cursor,
    frames: [...frames],
    string: scanner.isString ? strings.at(-1) : undefined,
    isCode: scanner.isCode,
  });
  let at = 0;
  for (const character of line) {
    if (at >= cursor) place ??= reached();
    const wasCode = scanner.isCode;
    const wasString = scanner.isString;
    scanner.feed(character);
    const next = at + character.length;
    if (wasCode && scanner.isCode) bracket(frames, character, at);
    else if (wasCode && scanner.isString) {
      if (character === "}") close(frames, at);
      else strings.push({ quote: character as OpenString["quote"], start: next });
    } else if (wasString && scanner.isCode) {
      if (character === "{") frames.push({ open: "`", at, items: [next], end: line.length });
      else strings.pop();
    }
    at = next;
  }
  return place ?? reached();
}

function bracket(frames: Frame[], character: string, at: number): void {
  if (opening.includes(character)) {
    frames.push({ open: character as "(", at, items: [at + 1], end: Infinity });
  } else if (closing.includes(character)) close(frames, at);
  else if (character === ",") frames.at(-1)?.items.push(at + 1);
}

function close(frames: Frame[], at: number): void {
  const frame = frames.pop();
  if (frame !== undefined) frame.end = at;
}

/** The same place with a quote typed at the cursor, where nothing of an argument stands before it: `connect(`. */
export function withQuote(place: Place): Place | undefined {
  const { line, cursor, isCode } = place;
  if (!isCode || !/[(,]\s*$/.test(line.slice(0, cursor))) return undefined;
  return placeAt(`${line.slice(0, cursor)}"${line.slice(cursor)}`, cursor + 1);
}

/** Where in a call the value is that is being typed. */
export interface Slot {
  /** The code before the bracket of the call: `await c.request`. */
  readonly callee: string;
  /** Which argument it is, from 0. */
  readonly argument: number;
  /** The call's bracket. */
  readonly call: Frame;
  /** The keys of the objects around it, within the argument: `["limits"]`. */
  readonly path: readonly string[];
  /** The innermost of these objects. */
  readonly object?: Frame;
  /** The key whose value is being typed; undefined in an object while the key itself is. */
  readonly key?: string;
}

const key = /^(?:([\p{ID_Start}$_][\p{ID_Continue}$]*)|"([^"\\]*)"|'([^'\\]*)')\s*:$/u;

/** The slot of a value that begins at `start`; undefined when it is no argument, or only a part of one. */
export function slotAt({ line, frames }: Place, start: number): Slot | undefined {
  let depth = frames.length - 1;
  const path: string[] = [];
  let object: Frame | undefined;
  let own: string | undefined;
  for (let end = start; depth >= 0; depth--) {
    const frame = frames[depth];
    const items = frame.items.filter((item) => item <= end);
    const before = line.slice(items.at(-1), end).trim();
    if (frame.open === "(") {
      if (before !== "") return undefined;
      return {
        callee: line.slice(0, frame.at),
        argument: items.length - 1,
        call: frame,
        path,
        object,
        key: own,
      };
    }
    const named = key.exec(before);
    if (frame.open !== "{" || (before !== "" && named === null)) return undefined;
    const name = named?.[1] ?? named?.[2] ?? named?.[3];
    if (object === undefined) {
      object = frame;
      own = name;
    } else if (name === undefined) return undefined; // a block, not an object
    else path.unshift(name);
    end = frame.at;
  }
  return undefined;
}

/** What is written in an object: the text of each value by its key, but not of the one at the cursor. */
export function writtenItems({ line, cursor }: Place, { items, end }: Frame): ReadonlyMap<string, string> {
  const written = new Map<string, string>();
  for (const [index, start] of items.entries()) {
    const stop = items[index + 1] === undefined ? Math.min(end, line.length) : items[index + 1] - 1;
    if (start <= cursor && cursor <= stop) continue;
    const item = line.slice(start, stop);
    const found =
      /^\s*(?:"([^"\\]*)"|'([^'\\]*)'|([\p{ID_Start}$_][\p{ID_Continue}$]*))\s*(?::([^]*)|\([^]*)?$/u
        .exec(item);
    if (found !== null) written.set(found[1] ?? found[2] ?? found[3], found[4]?.trim() ?? "");
  }
  return written;
}
