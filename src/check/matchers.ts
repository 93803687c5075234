/**
 * What a value can be checked for. Each makes a matcher, and refuses at once what makes no sense.
 *
 * @module
 */
import { UsageRangeError, UsageTypeError } from "../errors.ts";
import { difference } from "./difference.ts";
import { equal } from "./equal.ts";
import { inOneLine, type Matcher } from "./verdict.ts";

/** Deeply equal. */
export function equals(expected: unknown): Matcher {
  return (value) => {
    const ok = equal(value, expected);
    const where = ok ? undefined : difference(value, expected);
    const text = `${inOneLine(value)} is ${ok ? "" : "not "}${inOneLine(expected)}`;
    return { ok, text: where === undefined ? text : `${text}: ${where}` };
  };
}

/** At most `tolerance` away from `expected`. */
export function near(expected: number, tolerance: number): Matcher {
  needNumber("near", "the number that is wanted", expected, "near(5, 0.05)");
  needNumber("near", "the tolerance", tolerance, "near(5, 0.05)");
  if (tolerance < 0) throw new UsageRangeError(`Cannot check near(): the tolerance ${tolerance} is below 0`);
  return number(`within ${tolerance} of ${expected}`, (value) => {
    const slack = ROUNDING * Math.max(Math.abs(value), Math.abs(expected), tolerance);
    return Number.isFinite(value) && Math.abs(value - expected) <= tolerance + slack;
  });
}

/** From `low` to `high`, both included. */
export function within(low: number, high: number): Matcher {
  needNumber("within", "the lowest value", low, "within(4.9, 5.1)");
  needNumber("within", "the highest value", high, "within(4.9, 5.1)");
  if (low > high) {
    throw new UsageRangeError(
      `Cannot check within(${low}, ${high}): that is from ${low} to ${high}, which is nothing; ` +
        `${low} give or take ${high} is near(${low}, ${high})`,
    );
  }
  return number(`from ${low} to ${high}`, (value) => low <= value && value <= high);
}

/** Text that a pattern is found in. */
export function matches(pattern: RegExp): Matcher {
  if (!(pattern instanceof RegExp)) {
    throw new UsageTypeError(
      `Cannot check matches(${inOneLine(pattern)}): a pattern is wanted, such as /^KORAD/; ` +
        "for a part of a text there is includes()",
    );
  }
  const fresh = new RegExp(pattern); // with the flag g a pattern remembers where it was, and fails every other time
  return (value) => {
    const shown = inOneLine(value);
    if (typeof value !== "string") {
      return { ok: false, text: `${shown} is no text, which matches ${pattern}` };
    }
    const ok = fresh.test(value);
    return { ok, text: `${shown} ${ok ? "matches" : "does not match"} ${pattern}` };
  };
}

/** Text with this part, a list or a set with this item, or bytes with these bytes in a row. */
export function includes(part: unknown): Matcher {
  return (value) => {
    const ok = holds(value, part);
    const text = ok === undefined
      ? `${inOneLine(value)} is nothing that could include ${inOneLine(part)}`
      : `${inOneLine(value)} ${ok ? "includes" : "does not include"} ${inOneLine(part)}`;
    return { ok: ok === true, text };
  };
}

/** Anything that a function can tell. */
export function satisfies(test: (value: unknown) => unknown): Matcher {
  if (typeof test !== "function") {
    throw new UsageTypeError(
      `Cannot check satisfies(${inOneLine(test)}): a function is wanted, such as (value) => value > 3`,
    );
  }
  const wanted = inOneLine(String(test)).slice(1, -1).replaceAll('\\"', '"').replaceAll("\\n", " ");
  return (value) => {
    const result = test(value);
    if (typeof (result as PromiseLike<unknown> | null)?.then === "function") {
      throw new UsageTypeError(
        "Cannot check satisfies(): its function is asynchronous, and would always hold",
      );
    }
    const ok = Boolean(result);
    return { ok, text: `${inOneLine(value)} ${ok ? "satisfies" : "does not satisfy"} ${wanted}` };
  };
}

function number(wanted: string, holds: (value: number) => boolean): Matcher {
  return (value) => {
    const shown = inOneLine(value);
    const found = numberOf(value);
    if (found === undefined) return { ok: false, text: `${shown} is no number ${wanted}` };
    const ok = holds(found);
    return { ok, text: `${shown} is ${ok ? "" : "not "}${wanted}` };
  };
}

/** Instruments answer in text: `"5.01"`, `"+5.010E+00"`. A unit behind it is not guessed at. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" && DECIMAL.test(value)) return Number(value);
  return typeof value === "number" && !Number.isNaN(value) ? value : undefined;
}

const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

function holds(value: unknown, part: unknown): boolean | undefined {
  if (typeof value === "string") return typeof part === "string" ? value.includes(part) : undefined;
  if (value instanceof Uint8Array) return part instanceof Uint8Array ? bytesAt(value, part) : undefined;
  if (!Array.isArray(value) && !(value instanceof Set)) return undefined;
  return [...value].some((each) => equal(each, part));
}

function bytesAt(value: Uint8Array, part: Uint8Array): boolean {
  for (let at = 0; at + part.length <= value.length; at++) {
    if (part.every((byte, index) => value[at + index] === byte)) return true;
  }
  return false;
}

function needNumber(matcher: string, what: string, value: unknown, example: string): void {
  if (typeof value === "number" && Number.isFinite(value)) return;
  const problem = value === undefined ? "is missing" : `is ${inOneLine(value)}, which is no finite number`;
  throw new UsageTypeError(`Cannot check ${matcher}(): ${what} ${problem}; write ${example}`);
}

/** 1.1 is as far from 1 as 0.1 says, although in binary it is a little further. */
const ROUNDING = 4 * Number.EPSILON;
