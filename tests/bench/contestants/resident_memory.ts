import type { Measured } from "../row.ts";

/** Connections that are opened before counting begins: they pay for code and for tables of the runtime. */
export const FIRST_CONNECTIONS = 1000;

/** Follows the memory of this process while connections come in. */
export class ResidentMemory {
  readonly measured: Promise<Measured>;
  readonly #done = Promise.withResolvers<Measured>();
  readonly #wanted: number;
  #connections = 0;
  #before = 0;

  /** @param wanted How many connections come after the first ones. */
  constructor(wanted: number) {
    this.measured = this.#done.promise;
    this.#wanted = wanted;
  }

  /** One more is up. */
  connected(): void {
    this.#connections++;
    if (this.#connections === FIRST_CONNECTIONS) this.#before = residentBytes();
    if (this.#connections < FIRST_CONNECTIONS + this.#wanted) return;
    // What the last handshakes left behind is not idle yet.
    setTimeout(() => {
      this.#done.resolve({ value: (residentBytes() - this.#before) / this.#wanted / 1024 });
    }, SETTLE_MS);
  }
}

const SETTLE_MS = 300;

function residentBytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return Deno.memoryUsage().rss;
}
