/**
 * Things by numbers that are given out one after the other and taken out soon. A `Map` moves all of its entries again
 * and again when its keys are ever new ones; here a number leads straight to its place. The few that stay long and
 * are in the way of others are kept apart.
 */
export class IdTable<T extends { readonly id: number | string }> {
  #slots: (T | undefined)[] = NONE;
  #size = 0;
  /** Those whose place is taken, and those whose id is no number. */
  #others: Map<number | string, T> | undefined;

  get size(): number {
    return this.#size + (this.#others?.size ?? 0);
  }

  get(id: number | string): T | undefined {
    const found = this.#slots[(id as number) & (this.#slots.length - 1)];
    return found !== undefined && found.id === id ? found : this.#others?.get(id);
  }

  add(thing: T): void {
    const { id } = thing;
    if (typeof id !== "number") return this.#apart(thing);
    if (this.#size * 2 >= this.#slots.length && this.#slots.length < MAX_SLOTS) this.#grow();
    const slot = id & (this.#slots.length - 1);
    if (this.#slots[slot] !== undefined) return this.#apart(thing);
    this.#slots[slot] = thing;
    this.#size++;
  }

  delete(id: number | string): boolean {
    const slot = (id as number) & (this.#slots.length - 1);
    if (this.#slots[slot]?.id !== id) return this.#others?.delete(id) === true;
    this.#slots[slot] = undefined;
    this.#size--;
    return true;
  }

  /** All of them, in no order. */
  *values(): Generator<T, void, void> {
    if (this.#size > 0) { for (const thing of this.#slots) if (thing !== undefined) yield thing; }
    if (this.#others !== undefined) yield* this.#others.values();
  }

  clear(): void {
    this.#slots = NONE;
    this.#size = 0;
    this.#others = undefined;
  }

  #apart(thing: T): void {
    this.#others ??= new Map();
    this.#others.set(thing.id, thing);
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Array(Math.max(MIN_SLOTS, before.length * 2)).fill(undefined);
    this.#size = 0;
    for (const thing of before) if (thing !== undefined) this.add(thing);
  }
}

const MIN_SLOTS = 16;
const MAX_SLOTS = 2 ** 18;
const NONE = Object.freeze([]) as unknown as undefined[];
