import type { LinkNature } from "./link_nature.ts";
import type { Machine } from "./machine.ts";
import { SimEnd } from "./sim_end.ts";
import { SimPipe } from "./sim_pipe.ts";
import type { SimWorld } from "./sim_world.ts";

/** What an end of a link hears when the link is cut: a break, or nothing ever again. */
export type Hears = "reset" | "silence";

/** One link between two machines: two pipes, and what can go wrong with both. */
export class SimLink {
  readonly name: string;
  readonly client: SimEnd;
  readonly server: SimEnd;
  readonly #sim: SimWorld;
  /** From the client to the server. */
  readonly #there: SimPipe;
  readonly #back: SimPipe;
  #isCut = false;

  constructor(
    sim: SimWorld,
    name: string,
    machines: { client: Machine; server: Machine },
    nature: LinkNature,
  ) {
    const { client, server } = machines;
    this.#sim = sim;
    this.name = name;
    this.#there = new SimPipe(sim, nature, {
      name: `${name}>`,
      writer: client,
      reader: server,
      onReset: (error) => this.server.broke(error),
      onRefused: (error) => this.client.broke(error),
    });
    this.#back = new SimPipe(sim, nature, {
      name: `${name}<`,
      writer: server,
      reader: client,
      onReset: (error) => this.client.broke(error),
      onRefused: (error) => this.server.broke(error),
    });
    const names = [`sim://${client.name}.${name}`, `sim://${server.name}`] as const;
    this.client = new SimEnd(client, names, this.#back, this.#there);
    this.server = new SimEnd(server, [names[1], names[0]], this.#there, this.#back);
  }

  /** True when nothing that happens to it matters any more. */
  get isOver(): boolean {
    return this.#isCut || this.client.isClosed || this.server.isClosed;
  }

  /** Ends the link for good. What is under way arrives or, with `lose`, some of it. */
  cut(hears: { client: Hears; server: Hears }, lose: boolean): void {
    this.#sim.note(
      "cut",
      this.name,
      `client ${hears.client}, server ${hears.server}`,
      lose ? "with loss" : "",
    );
    this.#isCut = true;
    for (const [pipe, heard] of [[this.#there, hears.server], [this.#back, hears.client]] as const) {
      if (lose) pipe.lose();
      if (heard === "reset") pipe.breakReading();
      else pipe.swallow();
    }
  }

  /**
   * The client hears of a break while its bytes are still on their way: they arrive after `lateMs`, when it may be
   * back on another link.
   */
  cutLate(lateMs: number, server: Hears): void {
    this.#there.hold();
    this.#sim.after(lateMs, `late bytes ${this.name}`, () => this.#there.release());
    this.cut({ client: "reset", server }, false);
  }

  /** Nothing arrives for `ms`, or ever, in these directions; neither end hears of it. */
  blackHole(directions: { there: boolean; back: boolean }, ms: number): void {
    const { there, back } = directions;
    this.#sim.note("black hole", this.name, there ? ">" : "", back ? "<" : "", ms);
    if (ms === Infinity) this.#isCut = true;
    if (there) this.#there.hold();
    if (back) this.#back.hold();
    if (ms < Infinity) this.#sim.after(ms, `heal ${this.name}`, () => this.heal());
  }

  /** What is held up arrives, unless it never will. */
  heal(): void {
    if (this.#isCut) return;
    this.#there.release();
    this.#back.release();
  }

  /** Something in between closes the link in good order. */
  endOrderly(): void {
    this.#sim.note("end", this.name);
    this.#isCut = true;
    this.#there.end();
    this.#back.end();
  }

  /** One of the two is no more. */
  machineDied(machine: Machine, silently: boolean): void {
    if (this.#isCut) return;
    this.#isCut = true;
    for (const [pipe, writer] of [[this.#there, this.client], [this.#back, this.server]] as const) {
      if (writer.machine !== machine) continue;
      pipe.lose();
      if (silently) pipe.swallow();
      else pipe.breakReading();
    }
  }
}
