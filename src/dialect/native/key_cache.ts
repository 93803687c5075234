/**
 * Keys of maps from bytes to text. Messages of one kind have the same keys, so a short ASCII key is looked up by its
 * bytes, which costs a fraction of making a string. Bounded: a peer that invents keys replaces entries, it adds no
 * memory.
 */
export class KeyCache {
  readonly #texts: string[] = new Array(SLOTS).fill("");
  /** The bytes of the key of each slot, as many as its text is long. */
  readonly #bytes = new Uint8Array(SLOTS * MAX_BYTES);
  /** 1 for each slot whose text is the engine's own copy of it. */
  readonly #isOwn = new Uint8Array(SLOTS);

  /** The key that the `length` bytes at `at` spell, or `undefined` when it is not remembered. */
  find(bytes: Uint8Array, at: number, length: number): string | undefined {
    if (length > MAX_BYTES) return undefined;
    const slot = slotOf(bytes, at, length);
    const text = this.#texts[slot];
    if (text.length !== length) return undefined;
    const known = this.#bytes;
    const from = slot * MAX_BYTES;
    for (let index = 0; index < length; index++) {
      if (known[from + index] !== bytes[at + index]) return undefined;
    }
    return this.#isOwn[slot] === 1 ? text : this.#adopt(slot, text);
  }

  /** Remembers the key that these bytes spell when it is short and ASCII. */
  keep(bytes: Uint8Array, at: number, length: number, text: string): void {
    if (length > MAX_BYTES || text.length !== length) return; // one byte for each character is ASCII
    const slot = slotOf(bytes, at, length);
    this.#texts[slot] = text;
    this.#isOwn[slot] = 0;
    const from = slot * MAX_BYTES;
    for (let index = 0; index < length; index++) this.#bytes[from + index] = bytes[at + index];
  }

  /** What Object.keys hands out spares the engine a lookup for each store, but is too costly for a key seen once. */
  #adopt(slot: number, text: string): string {
    const [own] = Object.keys({ [text]: 0 });
    this.#texts[slot] = own;
    this.#isOwn[slot] = 1;
    return own;
  }
}

const SLOTS = 512;
/** Longer keys are rare, and the lookup costs as much as making them. */
const MAX_BYTES = 24;

/** Five bytes tell the keys of one program apart; two keys that share a slot cost time, never a wrong answer. */
function slotOf(bytes: Uint8Array, at: number, length: number): number {
  if (length === 0) return 0;
  let hash = length * 31 + bytes[at];
  hash = Math.imul(hash, 31) + bytes[at + (length >> 2)];
  hash = Math.imul(hash, 31) + bytes[at + (length >> 1)];
  hash = Math.imul(hash, 31) + bytes[at + length - 1 - (length >> 2)];
  hash = Math.imul(hash, 31) + bytes[at + length - 1];
  return (hash ^ (hash >>> 9)) & (SLOTS - 1);
}
