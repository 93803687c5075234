/** Values in the order in which they came, to be awaited one by one: how tests wait for callbacks without sleeping. */
export class Seen<T> {
  /** Everything that has come, whether it was awaited or not. */
  readonly all: T[] = [];
  #taken = 0;
  #wake: (() => void) | undefined;

  /** Something has come. Bound, so that it can be given as a callback. */
  readonly add = (value: T): void => {
    this.all.push(value);
    this.#wake?.();
  };

  /** The next value that was not awaited yet. */
  async next(): Promise<T> {
    while (this.#taken === this.all.length) await new Promise<void>((resolve) => this.#wake = resolve);
    return this.all[this.#taken++];
  }

  /** The next `count` values. */
  async take(count: number): Promise<T[]> {
    const taken: T[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }
}
