/** Waits that end early when their line does. */
export class Naps {
  readonly #wakers = new Set<() => void>();
  #over = false;

  /** Resolves after `ms`, when `early` does, or when the line ends; at once when it has ended. */
  async take(ms: number, early?: Promise<void>): Promise<void> {
    if (this.#over) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wakers.add(resolve);
    early?.then(resolve);
    await promise;
    this.#wakers.delete(resolve);
    clearTimeout(timer);
  }

  /** The line has ended: nobody waits any more. */
  end(): void {
    this.#over = true;
    for (const wake of this.#wakers) wake();
  }
}
