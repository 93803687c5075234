import { BrokenError } from "../../src/errors.ts";
import type { Address } from "../../src/transport/address.ts";
import type { Listener, Transport, TransportKind } from "../../src/transport/transport.ts";
import { drawNature } from "./link_nature.ts";
import type { Machine } from "./machine.ts";
import { SimLink } from "./sim_link.ts";
import { SimListener } from "./sim_listener.ts";
import type { SimWorld } from "./sim_world.ts";

/** What happens to those who dial. */
export type DialMood = "normal" | "refuse" | "hang";

/** All machines can reach each other by `sim://name`; faults are done to its links. */
export class SimNetwork {
  /** What happens to those who dial now. */
  dialing: DialMood = "normal";
  /** On how many of 100 links the ends claim to have received less than they have. */
  understatedPercent = 0;
  /** Told of every new link. */
  onLink: ((link: SimLink) => void) | undefined;
  readonly #sim: SimWorld;
  readonly #listeners = new Map<string, SimListener>();
  #links: SimLink[] = [];
  #lastLink = 0;

  constructor(sim: SimWorld) {
    this.#sim = sim;
  }

  /** Links to which something can happen. */
  get links(): readonly SimLink[] {
    this.#links = this.#links.filter((link) => !link.client.isClosed || !link.server.isClosed);
    return this.#links.filter((link) => !link.isOver);
  }

  /** Ends of links that living machines hold and have not closed. */
  get openEnds(): number {
    const ends = this.#links.flatMap(({ client, server }) => [client, server]);
    return ends.filter((end) => !end.isClosed && !end.machine.isDead).length;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** The transport of one machine. */
  kindFor(machine: Machine): TransportKind {
    return {
      about: "inside the simulation",
      shape: "name",
      example: "sim://server",
      connect: (address, { signal }) => this.#dial(machine, address, signal),
      listen: (address) => this.#listen(machine, address),
    };
  }

  /** Whatever is only held up goes on. */
  heal(): void {
    this.dialing = "normal";
    this.onLink = undefined;
    for (const link of this.#links) link.heal();
  }

  machineDied(machine: Machine, silently: boolean): void {
    for (const [path, listener] of this.#listeners) {
      if (listener.machine === machine) this.#listeners.delete(path);
    }
    for (const link of this.#links) {
      if (link.client.machine === machine || link.server.machine === machine) {
        link.machineDied(machine, silently);
      }
    }
  }

  #dial(machine: Machine, address: Address, signal: AbortSignal | undefined): Promise<Transport> {
    const { promise, resolve, reject } = Promise.withResolvers<Transport>();
    if (signal?.aborted) return Promise.reject(signal.reason);
    const stop = () => reject(signal!.reason);
    signal?.addEventListener("abort", stop, { once: true });
    const latencyMs = this.#sim.between(0.1, 20);
    this.#sim.after(latencyMs, `dial by ${machine.name}`, () => {
      const listener = this.#listeners.get(address.path);
      if (this.dialing === "hang" || signal?.aborted) return;
      signal?.removeEventListener("abort", stop);
      if (listener === undefined || this.dialing === "refuse") {
        const text = `Cannot connect to ${address.href}: connection refused by the simulation`;
        return reject(new BrokenError("refused", text));
      }
      const link = new SimLink(
        this.#sim,
        `${machine.name}-${++this.#lastLink}`,
        { client: machine, server: listener.machine },
        drawNature(this.#sim, this.understatedPercent),
      );
      this.#links.push(link);
      this.onLink?.(link);
      this.#sim.after(latencyMs, "knock", () => listener.knock(link.server), listener.machine);
      resolve(link.client);
    }, machine);
    return promise;
  }

  // deno-lint-ignore require-await -- the contract is asynchronous
  async #listen(machine: Machine, address: Address): Promise<Listener> {
    if (this.#listeners.has(address.path)) {
      throw new BrokenError("address_in_use", `Cannot listen on ${address.href}: it is in use`);
    }
    const listener = new SimListener(machine, address.href, () => this.#listeners.delete(address.path));
    this.#listeners.set(address.path, listener);
    return listener;
  }
}
