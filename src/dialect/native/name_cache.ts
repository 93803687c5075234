/**
 * Names of actions and requests between text and UTF-8. A program uses few names, each many times, so both
 * directions remember the last ones seen. Bounded: a peer that invents names replaces entries, it adds no memory.
 */
export class NameCache {
  readonly #encoded = new Map<string, Uint8Array>();
  readonly #decoded: ({ bytes: Uint8Array; text: string } | undefined)[] = new Array(SLOTS).fill(undefined);
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  /** The name in UTF-8. */
  encode(name: string): Uint8Array {
    const known = this.#encoded.get(name);
    if (known !== undefined) return known;
    const bytes = this.#encoder.encode(name);
    if (this.#encoded.size >= SLOTS) this.#encoded.clear();
    this.#encoded.set(name, bytes);
    return bytes;
  }

  /** The name in `bytes` from `start` to `end`. @throws {TypeError} it is not UTF-8. */
  decode(bytes: Uint8Array, start: number, end: number): string {
    let hash = end - start;
    for (let i = start; i < end; i++) hash = (hash * 31 + bytes[i]) | 0;
    const slot = hash & (SLOTS - 1);
    const known = this.#decoded[slot];
    if (known !== undefined && isSame(known.bytes, bytes, start, end)) return known.text;
    const own = bytes.slice(start, end);
    const text = this.#decoder.decode(own);
    this.#decoded[slot] = { bytes: own, text };
    return text;
  }
}

const SLOTS = 256;

function isSame(own: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (own.length !== end - start) return false;
  for (let i = 0; i < own.length; i++) if (own[i] !== bytes[start + i]) return false;
  return true;
}
