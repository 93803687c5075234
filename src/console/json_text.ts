/**
 * A value as one line of JSON for programs. What JSON has no word for becomes an object with one key that says what
 * it is: `{"$bytes": "<base64>"}`, `{"$bigint": "…"}`, `{"$date": "<ISO 8601>"}`; an error becomes its name, code,
 * message and outcome; what cannot be told, such as a function, becomes its text.
 */
export function jsonText(value: unknown): string {
  const open = new Set<object>();
  return JSON.stringify(plain(value, open));
}

function plain(value: unknown, open: Set<object>): unknown {
  switch (typeof value) {
    case "bigint":
      return { $bigint: String(value) };
    case "function":
    case "symbol":
      return String(value);
    case "object":
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return { $bytes: value.toBase64() };
  if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? null : value.toISOString() };
  if (open.has(value)) return "[circular]";
  open.add(value);
  try {
    return container(value, open);
  } finally {
    open.delete(value);
  }
}

function container(value: object, open: Set<object>): unknown {
  if (value instanceof Error) {
    const { name, message, code, outcome } = value as Error & { code?: unknown; outcome?: unknown };
    return plain({ name, code, message, outcome }, open);
  }
  if (Array.isArray(value)) return value.map((each) => plain(each, open));
  if (value instanceof Map) return [...value].map((pair) => plain(pair, open));
  if (value instanceof Set) return [...value].map((each) => plain(each, open));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each, open)]));
}
