import { clip } from "../show/escape.ts";

/** How much of a value is told. */
export interface PlainLimits {
  /** UTF-16 units of one text, and bytes of one run of bytes. */
  readonly chars: number;
  /** Values in all, those inside of others included. */
  readonly nodes: number;
  /** How deep values may lie in others. */
  readonly depth: number;
}

/** What hides secrets in text and in bytes. */
export interface Masks {
  mask(text: string): string;
  maskBytes(bytes: Uint8Array): Uint8Array;
}

/**
 * A value as JSON can carry it, and not more of it than `limits` say. What JSON has no word for becomes an object with
 * one key: `$bytes` (base64), `$bigint`, `$number` (`NaN`, `Infinity`), `$date`, `$text` for all else. `isCut` tells
 * that something was left out.
 *
 * @param masks Hides secrets. By default nothing is hidden.
 */
export function plainValue(
  value: unknown,
  limits: PlainLimits,
  masks?: Masks,
): { value: unknown; isCut: boolean } {
  const reader = new PlainReader(limits, masks);
  return { value: reader.read(value, 0), isCut: reader.isCut };
}

class PlainReader {
  isCut = false;
  readonly #limits: PlainLimits;
  readonly #masks: Masks | undefined;
  #nodes = 0;
  #chars = 0;

  constructor(limits: PlainLimits, masks: Masks | undefined) {
    this.#limits = limits;
    this.#masks = masks;
  }

  read(value: unknown, depth: number): unknown {
    this.#nodes++;
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return this.#number(value);
      case "boolean":
        return value;
      case "undefined":
        return undefined;
      case "bigint":
        return { $bigint: this.#bigint(value) };
      case "object":
        return value === null ? null : this.#object(value, depth);
      default:
        return { $text: typeof value };
    }
  }

  #text(whole: string): string {
    const text = this.#masks?.mask(whole) ?? whole; // before it is cut: nobody knows half a secret for one
    const room = Math.max(0, this.#limits.chars - this.#chars);
    this.#chars += text.length;
    if (text.length <= room) return text;
    this.isCut = true;
    return clip(text, room).replace(/…\(\+\d+ chars\)$/, "");
  }

  #number(value: number): unknown {
    const text = String(value);
    const masked = this.#masks?.mask(text) ?? text;
    if (masked !== text) return masked; // a PIN
    return Number.isFinite(value) ? value : { $number: text };
  }

  #bigint(value: bigint): string {
    const isHuge = value > HUGE || value < -HUGE; // its decimal digits would take long to find
    this.isCut ||= isHuge;
    return isHuge ? `0x${value.toString(16).slice(0, 64)}…` : this.#text(String(value));
  }

  #object(value: object, depth: number): unknown {
    if (value instanceof Uint8Array) return { $bytes: this.#bytes(value).toBase64() };
    if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? "" : value.toISOString() };
    if (value instanceof Error) return { $text: this.#text(`${value.name}: ${value.message}`) };
    if (depth >= this.#limits.depth) return this.#cut();
    if (Array.isArray(value) || value instanceof Set) return this.#list(value, depth);
    if (value instanceof Map) return this.#entries(value, depth);
    return this.#entries(Object.entries(value), depth);
  }

  #bytes(whole: Uint8Array): Uint8Array {
    const bytes = this.#masks?.maskBytes(whole) ?? whole;
    const room = Math.max(0, this.#limits.chars - this.#chars);
    this.#chars += bytes.length;
    this.isCut ||= bytes.length > room;
    return bytes.subarray(0, room);
  }

  #list(items: Iterable<unknown>, depth: number): unknown[] {
    const list: unknown[] = [];
    for (const item of items) {
      if (this.#isFull) {
        list.push(this.#cut());
        break;
      }
      list.push(this.read(item, depth + 1));
    }
    return list;
  }

  #entries(entries: Iterable<readonly [unknown, unknown]>, depth: number): Record<string, unknown> {
    // A key may be `__proto__`, which is a name like any other here.
    const object: Record<string, unknown> = Object.create(null);
    for (const [key, each] of entries) {
      if (this.#isFull) {
        object["…"] = this.#cut();
        break;
      }
      object[this.#text(String(key))] = this.read(each, depth + 1);
    }
    return object;
  }

  get #isFull(): boolean {
    return this.#nodes >= this.#limits.nodes || this.#chars > this.#limits.chars;
  }

  #cut(): unknown {
    this.isCut = true;
    return { $text: "…" };
  }
}

const HUGE = 1n << 1024n;
