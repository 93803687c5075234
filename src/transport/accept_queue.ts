import type { Transport } from "./transport.ts";

/** Transports on their way to `accept`, for listeners that are no sockets: those who came, or who waits for them. */
export class AcceptQueue {
  #waiting: Transport[] = [];
  #accepting: ((transport: Transport | null) => void) | undefined;
  #closed = false;

  /** Somebody is at the door. */
  push(transport: Transport): void {
    const accepting = this.#accepting;
    this.#accepting = undefined;
    if (this.#closed) transport.close();
    else if (accepting === undefined) this.#waiting.push(transport);
    else accepting(transport);
  }

  /** The next one; `null` once closed. */
  next(): Promise<Transport | null> {
    const next = this.#waiting.shift();
    if (next !== undefined || this.#closed) return Promise.resolve(next ?? null);
    return new Promise((resolve) => this.#accepting = resolve);
  }

  /** Lets nobody in any more, and closes those who wait. Returns false when it was closed before. */
  close(): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    for (const transport of this.#waiting) transport.close();
    this.#waiting = [];
    this.#accepting?.(null);
    this.#accepting = undefined;
    return true;
  }
}
