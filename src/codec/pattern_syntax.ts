/**
 * Reads the pattern of a regular expression as a pattern of bytes.
 *
 * @module
 */
import { UsageRangeError, UsageTypeError } from "../errors.ts";
import { type ByteSet, CLASSES, CONTROLS, not, setOf } from "./byte_set.ts";

/** A pattern of bytes: one byte of a set, parts in a row, one of several, or one several times. */
export type Pattern =
  | { readonly kind: "byte"; readonly set: ByteSet }
  | { readonly kind: "row"; readonly parts: readonly Pattern[] }
  | { readonly kind: "choice"; readonly parts: readonly Pattern[] }
  | {
    readonly kind: "repeat";
    readonly part: Pattern;
    readonly min: number;
    readonly max: number;
    readonly greedy: boolean;
  };

/** The most that a count in braces may say: marks are at most this long anyway. */
const MAX_COUNT = 256;
/** Brackets in brackets; more is no pattern that somebody wrote. */
const MAX_DEPTH = 32;

/**
 * Reads the source of a regular expression: `\xHH` is the byte HH, every other character its bytes in UTF-8.
 *
 * @throws {UsageTypeError} code `usage`: it has something that cannot be decided as bytes come (a look around, a
 *   back reference, `^`, `$`, `\b`), or that has no meaning for bytes.
 * @throws {UsageRangeError} code `usage`: it repeats or nests too much.
 */
export function parsePattern(pattern: RegExp): Pattern {
  return new PatternParser(pattern).parse();
}

/** One item of a class: a set, or one character. */
type Item = { readonly set: ByteSet } | { readonly byte: number } | { readonly code: number };

class PatternParser {
  readonly #pattern: RegExp;
  readonly #chars: readonly string[];
  readonly #foldsCase: boolean;
  readonly #isUnicode: boolean;
  #at = 0;
  #depth = 0;

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
    this.#chars = [...pattern.source];
    this.#foldsCase = pattern.ignoreCase;
    this.#isUnicode = pattern.unicode || pattern.unicodeSets;
  }

  parse(): Pattern {
    return this.#choice();
  }

  #choice(): Pattern {
    const parts = [this.#row()];
    while (this.#take("|")) parts.push(this.#row());
    return parts.length === 1 ? parts[0] : { kind: "choice", parts };
  }

  #row(): Pattern {
    const parts: Pattern[] = [];
    while (this.#at < this.#chars.length && this.#next !== "|" && this.#next !== ")") {
      parts.push(this.#repeated(this.#atom()));
    }
    return parts.length === 1 ? parts[0] : { kind: "row", parts };
  }

  #atom(): Pattern {
    const char = this.#chars[this.#at++];
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return this.#class();
      case ".":
        return byte(this.#pattern.dotAll ? not(setOf([])) : not(setOf([0x0a, 0x0d])));
      case "^":
      case "$":
        throw this.#refuse(`"${char}" looks at what stands around it`);
      case "\\":
        return this.#patternOf(this.#escape(false));
      default:
        return this.#text(char.codePointAt(0)!);
    }
  }

  #group(): Pattern {
    if (++this.#depth > MAX_DEPTH) {
      throw new UsageRangeError(
        `Cannot split at ${this.#pattern}: its brackets nest deeper than ${MAX_DEPTH}`,
      );
    }
    if (this.#take("?")) {
      if (this.#take("<")) {
        if (this.#next === "=" || this.#next === "!") throw this.#refuse("it looks behind");
        while (this.#chars[this.#at++] !== ">");
      } else if (!this.#take(":")) {
        throw this.#refuse(
          this.#next === "=" || this.#next === "!" ? "it looks ahead" : "it changes its flags",
        );
      }
    }
    const inner = this.#choice();
    this.#at++; // the bracket: the engine has read the pattern before us
    this.#depth--;
    return inner;
  }

  #repeated(part: Pattern): Pattern {
    const counts = this.#counts();
    if (counts === undefined) return part;
    const [min, max] = counts;
    const greedy = !this.#take("?");
    if (Math.max(min, max === Infinity ? 0 : max) <= MAX_COUNT) {
      return { kind: "repeat", part, min, max, greedy };
    }
    throw new UsageRangeError(`Cannot split at ${this.#pattern}: at most ${MAX_COUNT} repeats are allowed`);
  }

  #counts(): [number, number] | undefined {
    if (this.#take("*")) return [0, Infinity];
    if (this.#take("+")) return [1, Infinity];
    if (this.#take("?")) return [0, 1];
    if (this.#next !== "{") return undefined;
    const found = /^\{(\d+)(,?)(\d*)\}/.exec(this.#rest(24));
    if (found === null) return undefined; // a brace that stands for itself
    this.#at += found[0].length;
    const min = Number(found[1]);
    return [min, found[2] === "" ? min : found[3] === "" ? Infinity : Number(found[3])];
  }

  #class(): Pattern {
    const negated = this.#take("^");
    const set = setOf([]);
    const texts: Pattern[] = [];
    while (!this.#take("]")) {
      const from = this.#item();
      if (this.#next === "-" && this.#chars[this.#at + 1] !== "]") {
        this.#at++;
        this.#range(set, from, this.#item());
      } else if ("set" in from) {
        from.set.forEach((belongs, value) => set[value] |= belongs);
      } else if (this.#isByte(from)) {
        set[valueOf(from)] = 1;
      } else if (negated) {
        throw this.#refuse("it has a character of several bytes in [^ ]");
      } else {
        texts.push(this.#patternOf(from));
      }
    }
    const bytes = byte(negated ? not(this.#fold(set)) : this.#fold(set));
    return texts.length === 0 ? bytes : { kind: "choice", parts: [bytes, ...texts] };
  }

  #item(): Item {
    const char = this.#chars[this.#at++];
    const isSetOperation = this.#pattern.unicodeSets &&
      (char === "[" || (char === this.#next && "&-".includes(char)));
    if (isSetOperation) throw this.#refuse("it has a class in a class");
    return char === "\\" ? this.#escape(true) : { code: char.codePointAt(0)! };
  }

  #range(set: ByteSet, from: Item, to: Item): void {
    if ("set" in from || "set" in to) {
      // As the engine has it without the flag u: the dash stands for itself.
      for (const item of [from, to]) {
        if ("set" in item) item.set.forEach((belongs, value) => set[value] |= belongs);
        else if (this.#isByte(item)) set[valueOf(item)] = 1;
        else throw this.#refuse("it has a range with characters of several bytes");
      }
      set[0x2d] = 1;
    } else if (this.#isByte(from) && this.#isByte(to)) {
      for (let value = valueOf(from); value <= valueOf(to); value++) set[value] = 1;
    } else {
      throw this.#refuse("it has a range with characters of several bytes");
    }
  }

  /** What stands behind a backslash. */
  #escape(inClass: boolean): Item {
    const char = this.#chars[this.#at++];
    if (Object.hasOwn(CLASSES, char)) return { set: CLASSES[char] };
    if (Object.hasOwn(CONTROLS, char)) return { byte: CONTROLS[char] };
    if (char === "b" && inClass) return { byte: 0x08 };
    if (char === "b" || char === "B") throw this.#refuse(`"\\${char}" looks at what stands around it`);
    if (char === "0" && !/\d/.test(this.#next ?? "")) return { byte: 0 };
    if (/\d/.test(char) || (char === "k" && !inClass)) throw this.#refuse("it refers back to a group");
    if (this.#isUnicode && "pPq".includes(char)) throw this.#refuse(`"\\${char}" has no meaning for bytes`);
    if (char === "c" && /[a-z]/i.test(this.#next ?? "")) {
      return { byte: this.#chars[this.#at++].charCodeAt(0) & 0x1f };
    }
    if (char === "x") {
      const digits = /^[0-9a-f]{2}/i.exec(this.#rest(2));
      if (digits !== null) return { byte: this.#hex(digits[0].length, digits[0]) };
    }
    if (char === "u") return { code: this.#unicodeEscape() };
    return { code: char.codePointAt(0)! };
  }

  #unicodeEscape(): number {
    const braces = this.#isUnicode ? /^\{([0-9a-f]+)\}/i.exec(this.#rest(16)) : null;
    if (braces !== null) return this.#hex(braces[0].length, braces[1]);
    const digits = /^[0-9a-f]{4}/i.exec(this.#rest(4));
    if (digits === null) return "u".charCodeAt(0);
    const unit = this.#hex(4, digits[0]);
    const low = /^\\u(d[c-f][0-9a-f]{2})/i.exec(this.#rest(6));
    if (unit < 0xd800 || unit > 0xdbff || low === null) return unit;
    return ((unit - 0xd800) << 10) + this.#hex(6, low[1]) - 0xdc00 + 0x10000;
  }

  #hex(length: number, digits: string): number {
    this.#at += length;
    return parseInt(digits, 16);
  }

  #patternOf(item: Item): Pattern {
    if ("set" in item) return byte(item.set);
    return "byte" in item ? byte(this.#fold(setOf([item.byte]))) : this.#text(item.code);
  }

  /** A character as its bytes in UTF-8. */
  #text(code: number): Pattern {
    if (code >= 0xd800 && code <= 0xdfff) throw this.#refuse("it has half a character");
    const bytes = new TextEncoder().encode(String.fromCodePoint(code));
    if (bytes.length === 1) return byte(this.#fold(setOf(bytes)));
    return { kind: "row", parts: Array.from(bytes, (value) => byte(setOf([value]))) };
  }

  #isByte(item: { byte: number } | { code: number }): boolean {
    return "byte" in item || item.code < 0x80;
  }

  /** Letters of ASCII in both cases, where the pattern asks for it. */
  #fold(set: ByteSet): ByteSet {
    if (!this.#foldsCase) return set;
    for (let capital = 0x41; capital <= 0x5a; capital++) set[capital] = set[capital + 32] |= set[capital];
    return set;
  }

  get #next(): string | undefined {
    return this.#chars[this.#at];
  }

  #rest(length: number): string {
    return this.#chars.slice(this.#at, this.#at + length).join("");
  }

  #take(char: string): boolean {
    if (this.#next !== char) return false;
    this.#at++;
    return true;
  }

  #refuse(why: string): UsageTypeError {
    return new UsageTypeError(
      `Cannot split at ${this.#pattern}: ${why}, which cannot be decided while bytes come one by one`,
    );
  }
}

function byte(set: ByteSet): Pattern {
  return { kind: "byte", set };
}

function valueOf(item: { byte: number } | { code: number }): number {
  return "byte" in item ? item.byte : item.code;
}
