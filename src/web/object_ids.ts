/** Numbers that stand for objects in what goes to the page and what comes back from there. */
export class ObjectIds {
  readonly #ids = new WeakMap<object, number>();
  #last = 0;

  /** The number of this object, from 1; the same each time. */
  of(object: object): number {
    let id = this.#ids.get(object);
    if (id === undefined) this.#ids.set(object, id = ++this.#last);
    return id;
  }
}
