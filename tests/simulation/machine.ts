import { parseAddressOf } from "../../src/transport/address.ts";
import type { Timer, World } from "../../src/peer/world.ts";
import type { EventOwner, Planned, SimWorld } from "./sim_world.ts";
import type { SimNetwork } from "./sim_network.ts";

/**
 * One process of the simulation, with the world that its library sees. Killing it is what `kill -9` does: nothing in
 * it happens any more, not even the end of a promise.
 */
export class Machine implements EventOwner {
  readonly name: string;
  /** What is injected into clients and servers that run here. */
  readonly world: World;
  readonly #sim: SimWorld;
  readonly #network: SimNetwork;
  readonly #timers = new Map<number, Planned>();
  #lastTimer = 0;
  #isDead = false;
  #frozenUntil = 0;
  #frozenMs = 0;

  constructor(name: string, sim: SimWorld, network: SimNetwork) {
    this.name = name;
    this.#sim = sim;
    this.#network = network;
    const kind = network.kindFor(this);
    this.world = Object.freeze({
      now: () => sim.now,
      setTimer: (ring: () => void, ms: number) => this.#setTimer(ring, ms),
      clearTimer: (timer: Timer | undefined) => this.#clearTimer(timer),
      random: () => sim.chance(),
      token: (bytes: number) =>
        Array.from(sim.random.bytes(bytes), (byte) => byte.toString(16).padStart(2, "0")).join(""),
      resolve: (address: string) => ({ address: parseAddressOf({ sim: kind }, address), kind }),
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Set when those who run here leave in good order: nobody here waits for anything any more. */
  hasLeft = false;

  get frozenUntil(): number {
    return this.#frozenUntil;
  }

  /** For how long it was frozen in all, in milliseconds. */
  get frozenMs(): number {
    return this.#frozenMs;
  }

  /** True for one that servers run in. */
  get isServer(): boolean {
    return this.name.startsWith("server");
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Resolves after `ms`; never when the machine is dead by then. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#sim.after(ms, `pause ${this.name}`, resolve, this));
  }

  /** Nothing happens here for `ms`, as with a stopped process; what comes meanwhile waits. */
  freeze(ms: number): void {
    this.#sim.note("freeze", this.name, ms);
    this.#frozenMs += ms;
    this.#frozenUntil = Math.max(this.#frozenUntil, this.#sim.now + ms);
  }

  /** Ends the process at once. `silently`: as with a loss of power, the other ends hear nothing of it. */
  kill(silently: boolean): void {
    this.#sim.note("kill", this.name, silently ? "silently" : "");
    this.#isDead = true;
    this.#timers.clear();
    this.#network.machineDied(this, silently);
  }

  #setTimer(ring: () => void, ms: number): number {
    const timer = ++this.#lastTimer;
    this.#timers.set(
      timer,
      this.#sim.after(ms, `timer ${this.name}`, () => {
        this.#timers.delete(timer);
        ring();
      }, this),
    );
    return timer;
  }

  #clearTimer(timer: Timer | undefined): void {
    const planned = this.#timers.get(timer as number);
    if (planned === undefined) return;
    this.#timers.delete(timer as number);
    this.#sim.cancel(planned);
  }
}
