/**
 * Names on `globalThis` that a console lends to the user's code and takes back.
 *
 * @module
 */

/** Defines global names and puts back what was there before. */
export class GlobalNames {
  readonly #before = new Map<string, PropertyDescriptor | undefined>();

  /** Defines a global that the user may assign to, declare again and delete. */
  define(name: string, value: unknown): void {
    this.#set(name, { value, writable: true, configurable: true, enumerable: true });
  }

  /** Defines a global that does not show in listings and does not change. */
  hide(name: string, value: unknown): void {
    this.#set(name, { value, writable: false, configurable: true, enumerable: false });
  }

  /**
   * Makes sure that assigning to `name` works as in a declaration. Some names of the platform, such as `crypto`,
   * are getters, and an assignment to them would be lost without a word.
   */
  makeDeclarable(name: string): void {
    const found = Object.getOwnPropertyDescriptor(globalThis, name);
    if (found === undefined || !found.configurable || found.writable) return;
    this.define(name, undefined);
  }

  /** Puts everything back as it was before. */
  restore(): void {
    for (const [name, before] of this.#before) {
      if (before === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, before);
    }
    this.#before.clear();
  }

  #set(name: string, descriptor: PropertyDescriptor): void {
    if (!this.#before.has(name)) this.#before.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, descriptor);
  }
}
