/**
 * Floats as Python writes them in hexadecimal: every bit of them, in ASCII.
 *
 * @module
 */

/**
 * What Python's `float.hex()` gives: 13 digits behind the point except for zero, denormals with `p-1022`.
 *
 * ```text
 * VALUE      TEXT
 * 1.5        0x1.8000000000000p+0
 * -0         -0x0.0p+0
 * 5e-324     0x0.0000000000001p-1022
 * NaN        nan
 * -Infinity  -inf
 * ```
 */
export function writeFloatHex(value: number): string {
  if (Number.isNaN(value)) return "nan";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (value === 0) return `${sign}0x0.0p+0`;
  if (!Number.isFinite(value)) return `${sign}inf`;
  const bits = bitsOf(Math.abs(value));
  const digits = (bits & FRACTION_MASK).toString(16).padStart(FRACTION_BITS / 4, "0");
  const biased = Number(bits >> BigInt(FRACTION_BITS));
  const exponent = biased === 0 ? MIN_EXPONENT : biased - BIAS;
  return `${sign}0x${biased === 0 ? 0 : 1}.${digits}p${exponent < 0 ? "" : "+"}${exponent}`;
}

/**
 * What Python's `float.fromhex` makes of ASCII, to the last bit: white space around, any case, `0x`, point and exponent
 * may be left out (`10` is 16), rounded to the nearest float, to the even one of two.
 *
 * @returns `undefined` for what it refuses: text that is no such float, and floats beyond the largest.
 */
export function readFloatHex(text: Uint8Array): number | undefined {
  const scan = new Scan(text);
  scan.skipSpace();
  const sign = scan.takeSign();
  let size: number | undefined;
  if (scan.takeWord("inf")) {
    scan.takeWord("inity");
    size = Infinity;
  } else if (scan.takeWord("nan")) {
    size = NaN;
  } else {
    scan.takeWord("0x");
    const digits = takeDigits(scan);
    const exponent = scan.takeWord("p") ? takeExponent(scan) : 0;
    if (digits === undefined || exponent === undefined) return undefined;
    size = rounded(digits.mantissa, digits.exponent + exponent);
  }
  scan.skipSpace();
  return size === undefined || !scan.isAtEnd ? undefined : sign * size;
}

/** Walks over text without looking at any byte twice, but for the few that words begin with. */
class Scan {
  readonly #text: Uint8Array;
  #at = 0;

  constructor(text: Uint8Array) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  skipSpace(): void {
    while (isSpace(this.#text[this.#at])) this.#at++;
  }

  takeSign(): 1 | -1 {
    if (this.takeWord("-")) return -1;
    this.takeWord("+");
    return 1;
  }

  /** Takes a word, in small letters, in whatever case it stands here; false when it does not. */
  takeWord(word: string): boolean {
    for (let index = 0; index < word.length; index++) {
      const byte = this.#text[this.#at + index];
      const isCapital = byte >= 0x41 && byte <= 0x5a;
      if ((isCapital ? byte | 0x20 : byte) !== word.charCodeAt(index)) return false;
    }
    this.#at += word.length;
    return true;
  }

  /** Takes a digit of that base; -1 when there is none. */
  takeDigit(base: 10 | 16): number {
    const byte = this.#text[this.#at];
    let digit = -1;
    if (byte >= 0x30 && byte <= 0x39) digit = byte - 0x30;
    else if (base === 16 && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66) digit = (byte | 0x20) - 0x61 + 10;
    if (digit !== -1) this.#at++;
    return digit;
  }
}

/** The digits with or without a point: `mantissa * 2 ** exponent`; `undefined` when there is none. */
function takeDigits(scan: Scan): { mantissa: bigint; exponent: number } | undefined {
  let mantissa = 0n;
  let count = 0;
  let kept = 0; // of the digits that count: all from the first on that is not zero
  let dropped = 0;
  let rest = 0n; // 1 when one of the dropped digits is not zero: it decides what is just half
  let behindPoint = 0;
  let isBehindPoint = false;
  for (;;) {
    const digit = scan.takeDigit(16);
    if (digit === -1) {
      if (isBehindPoint || !scan.takeWord(".")) break;
      isBehindPoint = true;
      continue;
    }
    count++;
    if (isBehindPoint) behindPoint++;
    if (kept === KEPT_DIGITS) {
      dropped++;
      if (digit !== 0) rest = 1n;
    } else if (kept > 0 || digit !== 0) {
      mantissa = mantissa << 4n | BigInt(digit);
      kept++;
    }
  }
  if (count === 0) return undefined;
  return { mantissa: mantissa << 1n | rest, exponent: 4 * (dropped - behindPoint) - 1 };
}

/** The exponent behind its `p`; `undefined` when there is no digit. */
function takeExponent(scan: Scan): number | undefined {
  const sign = scan.takeSign();
  let exponent = 0;
  let digit = scan.takeDigit(10);
  if (digit === -1) return undefined;
  for (; digit !== -1; digit = scan.takeDigit(10)) exponent = Math.min(10 * exponent + digit, MOST_EXPONENT);
  return sign * exponent;
}

/** `mantissa * 2 ** exponent` as the nearest float, the even one of two; `undefined` beyond the largest. */
function rounded(mantissa: bigint, exponent: number): number | undefined {
  if (mantissa === 0n) return 0;
  const top = exponent + mantissa.toString(2).length;
  if (top > BIAS + 1) return undefined;
  if (top < LOWEST_BIT) return 0; // less than half of the smallest
  const lowest = Math.max(top - FRACTION_BITS - 1, LOWEST_BIT);
  let whole: bigint;
  if (lowest <= exponent) {
    whole = mantissa << BigInt(exponent - lowest);
  } else {
    const shift = BigInt(lowest - exponent);
    whole = mantissa >> shift;
    const twice = (mantissa - (whole << shift)) << 1n;
    const unit = 1n << shift;
    if (twice > unit || (twice === unit && (whole & 1n) === 1n)) whole++;
  }
  // A carry out of the fraction makes the exponent one more by itself.
  const value = fromBits((BigInt(lowest - LOWEST_BIT) << BigInt(FRACTION_BITS)) + whole);
  return Number.isFinite(value) ? value : undefined;
}

function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

function fromBits(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

/** Blank, and from tab to carriage return: white space of C, which is that of Python here. */
function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/** Bits of a float behind its point. */
const FRACTION_BITS = 52;
const FRACTION_MASK = (1n << BigInt(FRACTION_BITS)) - 1n;
const BIAS = 1023;
/** The exponent of denormals, and of the smallest others. */
const MIN_EXPONENT = -1022;
/** What the lowest bit of a denormal stands for, as a power of two. */
const LOWEST_BIT = MIN_EXPONENT - FRACTION_BITS;
/** Digits that are kept: 61 bits at least, where 53 and one to round by are needed. */
const KEPT_DIGITS = 16;
/** No exponent is taken to be larger: the digits of a block cannot make up for it. */
const MOST_EXPONENT = 1e12;
