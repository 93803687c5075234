import type { Listener, Transport } from "../../src/transport/transport.ts";
import type { Machine } from "./machine.ts";

/** Where links come in at a machine. */
export class SimListener implements Listener {
  readonly address: string;
  readonly port = undefined;
  readonly machine: Machine;
  readonly #forget: () => void;
  #waiting: Transport[] = [];
  #accepting: ((transport: Transport | null) => void) | undefined;
  #closed = false;

  constructor(machine: Machine, address: string, forget: () => void) {
    this.machine = machine;
    this.address = address;
    this.#forget = forget;
  }

  /** Somebody is at the door. */
  knock(transport: Transport): void {
    const accepting = this.#accepting;
    this.#accepting = undefined;
    if (this.#closed) transport.close();
    else if (accepting === undefined) this.#waiting.push(transport);
    else accepting(transport);
  }

  accept(): Promise<Transport | null> {
    const next = this.#waiting.shift();
    if (next !== undefined || this.#closed) return Promise.resolve(next ?? null);
    return new Promise((resolve) => this.#accepting = resolve);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forget();
    for (const transport of this.#waiting) transport.close();
    this.#waiting = [];
    this.#accepting?.(null);
    this.#accepting = undefined;
  }
}
