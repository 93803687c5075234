/**
 * Values as the console shows them.
 *
 * @module
 */

import { types } from "node:util";
import { clip, escapeText, quoteText } from "./escape.ts";
import { showBytes } from "./bytes.ts";
import { showError } from "./error.ts";
import { green } from "./paint.ts";
import { showTimer, timerOf } from "./timer.ts";

/** How {@linkcode showValue} shows a value. */
export interface ShowOptions {
  /** Colour what `Deno.inspect` colours, with SGR sequences. Default: false. */
  colors?: boolean;
  /** Show the stack of an error below its message. Default: false. */
  stack?: boolean;
}

// A screen or two; what wants the rest of a string asks for a part of it.
const maxStringChars = 10_000;
// An object with a hundred thousand keys is no help to anybody.
const maxChars = 100_000;

const customInspect = Symbol.for("Deno.customInspect");

// deno-lint-ignore no-control-regex
const inspectColour = /\x1b\[\d+m/g;

/**
 * A value as itself: text in double quotes, bytes by content, errors as `Name [code]: message` without a stack, the
 * rest as `Deno.inspect` shows it. Getters are not run, except `Symbol.toStringTag` and those of errors deep inside,
 * which `Deno.inspect` asks.
 *
 * Never throws, whatever the value is. The result holds no control character but line feeds, and the SGR sequences
 * that `Deno.inspect` makes when `colors` is on.
 *
 * @example
 * ```ts
 * import { showValue } from "./value.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(showValue("HELLO\r\n"), '"HELLO\\r\\n"');
 * assert.equal(showValue(new TextEncoder().encode("hello")), 'Uint8Array(5) "hello"');
 * ```
 */
export function showValue(value: unknown, options: ShowOptions = {}): string {
  // Deno escapes a TAB inside strings; the few others could only come from a name or a message.
  return show(value, options).replaceAll("\t", "\\t");
}

function show(value: unknown, options: ShowOptions): string {
  if (typeof value === "string") return showString(value, options.colors ?? false);
  if (typeof value === "bigint" && isHuge(value)) return showHuge(value);
  try {
    if (!types.isProxy(value)) {
      if (value instanceof Uint8Array) return showBytes(value);
      const timer = typeof value === "object" && value !== null ? timerOf(value) : undefined;
      if (timer !== undefined) return showTimer(timer);
      if (types.isNativeError(value)) return showError(value, options.stack ?? false);
    }
    return withBytesByContent(() => inspect(value, options.colors ?? false));
  } catch (error) {
    return `[Cannot show this value: ${reason(error)}]`;
  }
}

/** True for an integer whose decimal digits would take long to find. */
function isHuge(value: bigint): boolean {
  return value > HUGE || value < -HUGE;
}

/** Its first digits in hexadecimal, which cost nothing, and how long it is. */
function showHuge(value: bigint): string {
  const [sign, digits] = value < 0n ? ["-", (-value).toString(16)] : ["", value.toString(16)];
  return `${sign}0x${digits.slice(0, HUGE_DIGITS)}… (an integer of ${4 * digits.length} bits)`;
}

const HUGE = 1n << 16_384n;
const HUGE_DIGITS = 32;

function showString(text: string, colors: boolean): string {
  const folded = clip(text, maxStringChars);
  const note = folded === text ? "" : folded.slice(folded.lastIndexOf("…"));
  const shown = quoteText(folded.slice(0, folded.length - note.length));
  return green(shown, colors) + note;
}

function inspect(value: unknown, colors: boolean): string {
  const options = { depth: 4, iterableLimit: 100, strAbbreviateSize: maxStringChars };
  const plain = escapeText(Deno.inspect(value, options), { keepNewlines: true });
  if (plain.length > maxChars) return clip(plain, maxChars);
  // Deno escapes strings but not class names, messages and the like. A value that hides a control character in one
  // of them gets no colours, for then nobody can tell Deno's sequences from the value's.
  if (!colors) return plain;
  const coloured = Deno.inspect(value, { ...options, colors });
  return coloured.replace(inspectColour, "") === plain ? coloured : plain;
}

/**
 * Inside other values bytes are shown by content too. `Deno.inspect` has no option for that, only a method looked up
 * on the value, so it is there for as long as one synchronous call takes.
 */
function withBytesByContent(show: () => string): string {
  if (Object.hasOwn(Uint8Array.prototype, customInspect) || !Object.isExtensible(Uint8Array.prototype)) {
    return show();
  }
  Object.defineProperty(Uint8Array.prototype, customInspect, {
    configurable: true,
    value(this: unknown) {
      return this instanceof Uint8Array ? showBytes(this) : "Uint8Array {}";
    },
  });
  try {
    return show();
  } finally {
    Reflect.deleteProperty(Uint8Array.prototype, customInspect);
  }
}

function reason(error: unknown): string {
  try {
    return types.isNativeError(error) ? showError(error, false) : escapeText(clip(String(error), 200));
  } catch {
    return "and what it threw cannot be shown either";
  }
}
