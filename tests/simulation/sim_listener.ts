import { AcceptQueue } from "../../src/transport/accept_queue.ts";
import type { Listener, Transport } from "../../src/transport/transport.ts";
import type { Machine } from "./machine.ts";

/** Where links come in at a machine. */
export class SimListener implements Listener {
  readonly address: string;
  readonly port = undefined;
  readonly machine: Machine;
  readonly #forget: () => void;
  readonly #queue = new AcceptQueue();

  constructor(machine: Machine, address: string, forget: () => void) {
    this.machine = machine;
    this.address = address;
    this.#forget = forget;
  }

  /** Somebody is at the door. */
  knock(transport: Transport): void {
    this.#queue.push(transport);
  }

  accept(): Promise<Transport | null> {
    return this.#queue.next();
  }

  close(): void {
    if (this.#queue.close()) this.#forget();
  }
}
