/**
 * Numbers as Python's `str()` writes them.
 *
 * ```text
 * 42            42                    a whole number of at most 53 bits is an int
 * 1.5           1.5                   all others are floats
 * 1e22          1e+22
 * 1e-7          1e-07
 * -0            -0.0                  ints have no negative zero
 * 2 ** 53       9007199254740992.0    not exact any more: say 2n ** 53n for an int
 * NaN           nan
 * Infinity      inf
 * 10n ** 30n    1000000000000000000000000000000
 * ```
 *
 * @module
 */
import { UsageRangeError } from "../errors.ts";

/** True for numbers that are an `int` in Python; the others are a `float`. */
export function isInt(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

/**
 * A number as Python's `str()` writes it.
 *
 * @throws {UsageRangeError} code `usage`: a `bigint` of more digits than Python turns into text, {@linkcode
 * MAX_INT_DIGITS}.
 */
export function numberText(value: number | bigint): string {
  if (typeof value === "bigint") return intText(value);
  return isInt(value) ? String(value) : floatNumberText(value);
}

/** A number as Python's `str()` writes it when it is a `float`: `1.0`, not `1`. */
export function floatNumberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  return sign + floatText(Math.abs(value));
}

/** Both languages write the shortest digits that read back as the same number; they differ in where the point goes. */
function floatText(value: number): string {
  const [mantissa, exponentText] = value.toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? "-" : "+";
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}

function intText(value: bigint): string {
  // Bits first: the digits of a number of millions of them would take minutes.
  const magnitude = value < 0n ? -value : value;
  if (magnitude >= INT_LIMIT) {
    throw new UsageRangeError(
      `Cannot send a bigint of more than ${MAX_INT_DIGITS} digits: Python makes no text of it; send it as bytes`,
    );
  }
  return String(value);
}

/** The most decimal digits that Python turns into an int or an int into, since it takes quadratic time there. */
export const MAX_INT_DIGITS = 4300;
const INT_LIMIT = 10n ** BigInt(MAX_INT_DIGITS);
