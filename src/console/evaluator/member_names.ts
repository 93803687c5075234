/**
 * Looking at values without running any code of theirs: no getter, no proxy trap.
 *
 * @module
 */
import { types } from "node:util";

/** Longer chains of prototypes do not occur; a bound makes sure that looking ends. */
const maxPrototypes = 50;

/** The holders of an object's properties: itself and its prototypes, up to the first proxy. */
function* holdersOf(value: unknown): Generator<object> {
  let holder: object | null = value === null || value === undefined ? null : Object(value);
  for (let depth = 0; holder !== null && depth < maxPrototypes; depth++) {
    if (types.isProxy(holder)) return;
    yield holder;
    holder = Object.getPrototypeOf(holder);
  }
}

/**
 * The value of a property that is plain data, boxed; `undefined` when there is none, when it is a getter, or when
 * a proxy is in the way.
 */
export function dataProperty(value: unknown, key: string): { value: unknown } | undefined {
  try {
    for (const holder of holdersOf(value)) {
      const found = Object.getOwnPropertyDescriptor(holder, key);
      if (found !== undefined) return "value" in found ? { value: found.value } : undefined;
    }
  } catch { // a module that is still loading refuses to tell
    return undefined;
  }
  return undefined;
}

/** The names of properties, by how near they are. */
export interface MemberNames {
  /** Own and inherited names that can stand behind a dot. */
  readonly names: readonly string[];
  /** Those that every object has. */
  readonly common: readonly string[];
}

/** How many names of one kind are listed: more would not fit on any screen, and sorting them takes time. */
const maxNames = 5000;

/**
 * Lists the property names of a value that begin with `prefix`, getters by name too. Elements of arrays, strings
 * and buffers are left out.
 */
export function memberNames(value: unknown, prefix: string): MemberNames {
  const names = new Set<string>(), common = new Set<string>();
  try {
    for (const holder of holdersOf(value)) {
      const target = holder === Object.prototype ? common : names;
      for (const name of ownNames(holder)) {
        if (target.size < maxNames && name.startsWith(prefix) && isName(name)) target.add(name);
      }
    }
  } catch { // what was found so far is better than nothing
    return { names: [...names], common: [...common] };
  }
  return { names: [...names], common: [...common].filter((name) => !names.has(name)) };
}

/** Up to this length the elements of an array are listed and sorted out; regular expression matches have names too. */
const maxListedElements = 1000;

/** Listing the elements of a million-element array would take longer than anyone waits for a completion. */
function ownNames(holder: object): string[] {
  const isLong = Array.isArray(holder) && holder.length > maxListedElements;
  const hasElements = isLong || types.isTypedArray(holder) || types.isStringObject(holder);
  if (!hasElements || holder === String.prototype) return Object.getOwnPropertyNames(holder);
  return ["length"].filter((name) => Object.hasOwn(holder, name));
}

function isName(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(name);
}

/** All names that an object itself has and that can be listed, getters by name too; none of a proxy. */
export function ownKeys(value: unknown): string[] {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return [];
  if (types.isProxy(value) || Array.isArray(value) || types.isTypedArray(value)) return [];
  return Object.keys(value).slice(0, maxNames);
}
