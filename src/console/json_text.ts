/**
 * A value as one line of JSON for programs. What JSON has no word for becomes an object with one key that says what
 * it is: `{"$bytes": "<base64>"}`, `{"$bigint": "…"}`, `{"$date": "<ISO 8601>"}`; an error becomes its name, code,
 * message and outcome; what cannot be told, such as a function, becomes its text.
 *
 * @param masks Hides secrets. By default nothing is hidden.
 */
export function jsonText(value: unknown, masks: Masks = NO_MASKS): string {
  return JSON.stringify(plain(value, { open: new Set(), ...masks }));
}

/** What hides secrets in text and in bytes. */
interface Masks {
  mask(text: string): string;
  maskBytes(bytes: Uint8Array): Uint8Array;
}

const NO_MASKS: Masks = { mask: (text) => text, maskBytes: (bytes) => bytes };

interface Writing extends Masks {
  /** The objects that the value is in: one of them once more would have no end. */
  readonly open: Set<object>;
}

function plain(value: unknown, writing: Writing): unknown {
  const { open, mask, maskBytes } = writing;
  switch (typeof value) {
    case "bigint":
      return { $bigint: mask(String(value)) };
    case "function":
    case "symbol":
    case "string":
      return mask(String(value));
    case "number":
      return mask(String(value)) === String(value) ? value : mask(String(value));
    case "object":
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return { $bytes: maskBytes(value).toBase64() };
  if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? null : value.toISOString() };
  if (open.has(value)) return "[circular]";
  open.add(value);
  try {
    return container(value, writing);
  } finally {
    open.delete(value);
  }
}

function container(value: object, writing: Writing): unknown {
  if (value instanceof Error) {
    const { name, message, code, outcome } = value as Error & { code?: unknown; outcome?: unknown };
    return plain({ name, code, message, outcome }, writing);
  }
  if (Array.isArray(value)) return value.map((each) => plain(each, writing));
  if (value instanceof Map) return [...value].map((pair) => plain(pair, writing));
  if (value instanceof Set) return [...value].map((each) => plain(each, writing));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [writing.mask(key), plain(each, writing)]),
  );
}
