import { equal } from "./equal.ts";
import { inOneLine } from "./verdict.ts";

/** Where two values that are not equal differ first: `.bat is 18, not 20`; nothing when it is plain to see. */
export function difference(actual: unknown, expected: unknown): string | undefined {
  const found = first(actual, expected, "", 0);
  return found === undefined || found.path === "" ? undefined : `${clean(found.path)} ${found.text}`;
}

interface Difference {
  readonly path: string;
  readonly text: string;
}

function first(actual: unknown, expected: unknown, path: string, depth: number): Difference | undefined {
  if (equal(actual, expected)) return undefined;
  if (depth < MAX_DEPTH && isContainer(actual) && isContainer(expected)) {
    for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
      const at = `${path}${Array.isArray(actual) ? `[${key}]` : memberOf(key)}`;
      if (!Object.hasOwn(actual, key)) return { path: at, text: "is missing" };
      if (!Object.hasOwn(expected, key)) return { path: at, text: "is not wanted" };
      const below = first(Reflect.get(actual, key), Reflect.get(expected, key), at, depth + 1);
      if (below !== undefined) return below;
    }
  }
  return { path, text: `is ${inOneLine(actual)}, not ${inOneLine(expected)}` };
}

function memberOf(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** A list or a plain object: of anything else, such as a date or bytes, the whole says more than a part. */
function isContainer(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

function clean(path: string): string {
  return inOneLine(path).slice(1, -1).replaceAll('\\"', '"');
}

/** Deeper, the whole of what is there is shown; what refers to itself has no end. */
const MAX_DEPTH = 20;
