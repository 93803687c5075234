/**
 * Values as JSON and back. What JSON has no word for is an object with one key that says what it is:
 * `{"$bytes": "<base64>"}`, `{"$bigint": "…"}`, `{"$date": "<ISO 8601>"}`, `{"$number": "NaN"}`, `{"$undefined": true}`,
 * `{"$map": [[key, value]]}`, `{"$set": […]}`; an object that looks like one of those is wrapped into `{"$object": {…}}`.
 * Anything else, such as a function, becomes `{"$text": "…"}` and stays text.
 *
 * @module
 */

/** A value as something that `JSON.stringify` keeps whole. Never throws. */
export function toPlain(value: unknown): unknown {
  return plain(value, new Set());
}

/** The value that {@linkcode toPlain} was given. What it does not know stays as it is. */
export function fromPlain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(fromPlain);
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0][0].startsWith("$")) {
    const [name, content] = entries[0];
    const read = Object.hasOwn(READERS, name) ? READERS[name](content) : undefined;
    if (read !== undefined) return read.value;
  }
  return fieldsOf(entries, fromPlain);
}

function plain(value: unknown, open: Set<object>): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? "-0" : `${value}` };
    case "undefined":
      return { $undefined: true };
    case "bigint":
      return { $bigint: `${value}` };
    case "object":
      break;
    default:
      return { $text: String(value) };
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return { $bytes: value.toBase64() };
  if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? null : value.toISOString() };
  if (open.has(value)) return { $text: "[circular]" };
  open.add(value);
  const inner = (each: unknown) => plain(each, open);
  const made = container(value, inner);
  open.delete(value);
  return made;
}

function container(value: object, inner: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Map) return { $map: [...value].map((pair) => pair.map(inner)) };
  if (value instanceof Set) return { $set: [...value].map(inner) };
  if (value instanceof Error) return { $text: `${value.name}: ${value.message}` };
  const entries = Object.entries(value);
  const fields = fieldsOf(entries, inner);
  return entries.length === 1 && entries[0][0].startsWith("$") ? { $object: fields } : fields;
}

/** `__proto__` may be the name of a field, too. */
function fieldsOf(entries: [string, unknown][], each: (value: unknown) => unknown): object {
  const made = {};
  for (const [name, value] of entries) {
    Object.defineProperty(made, name, {
      value: each(value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return made;
}

/** `undefined` for what is not as it is written: it is then an object like any other. */
const READERS: Readonly<Record<string, (content: unknown) => { value: unknown } | undefined>> = Object.freeze(
  {
    $bytes: (text) => bytesOf(text),
    $bigint: (text) => typeof text === "string" && /^-?\d+$/.test(text) ? { value: BigInt(text) } : undefined,
    $date: (text) => typeof text === "string" || text === null ? { value: new Date(text ?? NaN) } : undefined,
    $number: (text) => typeof text === "string" ? { value: Number(text) } : undefined,
    $undefined: () => ({ value: undefined }),
    $map: (pairs) =>
      Array.isArray(pairs) && pairs.every((pair) => Array.isArray(pair) && pair.length === 2)
        ? { value: new Map(pairs.map(([key, value]) => [fromPlain(key), fromPlain(value)])) }
        : undefined,
    $set: (list) => Array.isArray(list) ? { value: new Set(list.map(fromPlain)) } : undefined,
    $object: (object) =>
      typeof object === "object" && object !== null && !Array.isArray(object)
        ? { value: fieldsOf(Object.entries(object), fromPlain) }
        : undefined,
  },
);

function bytesOf(text: unknown): { value: Uint8Array } | undefined {
  if (typeof text !== "string") return undefined;
  try {
    return { value: Uint8Array.fromBase64(text) };
  } catch {
    return undefined;
  }
}
