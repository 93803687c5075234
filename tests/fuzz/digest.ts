/**
 * All that came out of a reader as one number of 32 bits (FNV-1a): two runs gave the same if their numbers are equal.
 */
export class Digest {
  #hash = 0x811c9dc5;
  #view: DataView | undefined;

  /** The number so far. */
  get value(): number {
    return this.#hash >>> 0;
  }

  number(value: number): void {
    if (Number.isNaN(value)) return this.#word(2, 0); // of which there are many
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0)) {
      this.#word(1, value);
    } else {
      const view = this.#view ??= new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value);
      this.#word(2, view.getInt32(0));
      this.#word(2, view.getInt32(4));
    }
  }

  /** Bytes without a mark where they begin and end: for streams, where it means nothing how they were cut. */
  run(bytes: Uint8Array): void {
    let hash = this.#hash;
    for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ bytes[at], PRIME);
    this.#hash = hash;
  }

  /** Text without a mark where it begins and ends. */
  textRun(text: string): void {
    let hash = this.#hash;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
    this.#hash = hash;
  }

  /** Text, and where it ends. */
  text(text: string): void {
    this.#word(3, text.length);
    this.textRun(text);
  }

  /** Any value, with all that is in it, errors by code. */
  any(value: unknown): void {
    switch (typeof value) {
      case "number":
        return this.number(value);
      case "string":
        return this.text(value);
      case "bigint":
        return this.text(`${value}n`);
      case "object":
        if (value !== null) return this.#object(value);
        return this.#word(4, 0);
      default:
        return this.text(String(value));
    }
  }

  #object(value: object): void {
    if (value instanceof Uint8Array) {
      this.#word(5, value.length);
      this.run(value);
    } else if (Array.isArray(value)) {
      this.#word(6, value.length);
      for (const item of value) this.any(item);
    } else if (value instanceof Map || value instanceof Set) {
      this.#word(9, value.size);
      for (const item of value) this.any(item);
    } else if (value instanceof Error) {
      const { name, code, fatal } = value as Error & { code?: unknown; fatal?: unknown };
      this.text(`${name} ${code} ${fatal}`);
    } else if (value instanceof Date) {
      this.#word(8, 0);
      this.number(value.getTime());
    } else {
      const keys = Object.keys(value);
      this.#word(7, keys.length);
      for (const key of keys) {
        this.text(key);
        this.any((value as Record<string, unknown>)[key]);
      }
    }
  }

  #word(tag: number, word: number): void {
    this.#hash = Math.imul(this.#hash ^ tag, PRIME);
    this.#hash = Math.imul(this.#hash ^ word, PRIME);
    this.#hash = Math.imul(this.#hash ^ word >>> 16, PRIME);
  }
}

const PRIME = 0x01000193;
