/**
 * Numbers that look random and are the same in every run, so that a failure can be repeated.
 *
 * Not for secrets: it is Marsaglia's 32-bit xorshift ("Xorshift RNGs", Journal of Statistical Software 8, 2003).
 */
export class SeededRandom {
  #state: number;

  /** @param seed Any number; equal seeds give equal numbers. */
  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x6d2b79f5) | 0 || 1; // zero would stay zero for ever
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return Math.floor(((this.#state >>> 0) / 2 ** 32) * limit);
  }

  /** One of the items. */
  pick<Item>(items: ArrayLike<Item>): Item {
    return items[this.below(items.length)];
  }

  /** Bytes of every value. */
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  /** The sizes of pieces that `total` bytes are cut into: none is empty, small ones are frequent. */
  sizes(total: number): number[] {
    const sizes: number[] = [];
    for (let left = total; left > 0;) {
      const most = this.below(2) === 0 ? 4 : Math.max(4, total >> 1);
      const size = Math.min(left, 1 + this.below(most));
      sizes.push(size);
      left -= size;
    }
    return sizes;
  }
}
