import { UsageTypeError } from "../errors.ts";

/**
 * What a dialect of text sends for a value: text and bytes as they are, numbers, bigints and booleans as their text.
 *
 * @param carries What it carries, for the error message. Default `"text"`.
 * @throws {UsageTypeError} code `usage`: it is nothing of that.
 */
export function carriedText(value: unknown, dialect: string, carries = "text"): string | Uint8Array {
  if (typeof value === "string" || value instanceof Uint8Array) return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return `${value}`;
  throw new UsageTypeError(
    `Cannot send a value of type ${value === null ? "null" : typeof value} in the dialect "${dialect}": ` +
      `it carries ${carries}; JSON.stringify makes text of an object`,
  );
}
