import { ClientParty, ServerParty } from "./party.ts";
import type { Run } from "./run.ts";

/** How a party leaves: its machine is killed, loses its power, or it closes in good order. */
export type Exit = "kill" | "power" | "close";

/** Who takes part now: one server and some clients, each in the place of those who were there before. */
export class Stage {
  readonly run: Run;
  server: ServerParty;
  readonly clients: ClientParty[];
  #lastName = 0;
  #serverIsAway = false;

  constructor(run: Run) {
    this.run = run;
    this.server = new ServerParty(run, "server-1");
    this.clients = Array.from({ length: run.settings.clients }, () => this.#newClient());
  }

  /** True when nobody is away. */
  get isComplete(): boolean {
    return !this.#serverIsAway && this.clients.every(({ isLeaving }) => !isLeaving);
  }

  /** Everybody comes. */
  async open(): Promise<void> {
    await this.server.open();
    for (const client of this.clients) client.open();
  }

  /** The server leaves, and another one comes to its address after `awayMs`. */
  async restartServer(how: Exit, awayMs: number): Promise<void> {
    if (this.#serverIsAway) return;
    this.#serverIsAway = true;
    const { machine, server } = this.server;
    machine.hasLeft = true;
    this.run.sim.note("server leaves", how);
    if (how === "close") await server.close();
    else machine.kill(how === "power");
    this.run.sim.after(awayMs, "new server", () => {
      this.server = new ServerParty(this.run, `server-${++this.#lastName + 1}`);
      this.server.open();
      this.#serverIsAway = false;
    });
  }

  /** A client leaves, and another one comes after `awayMs`. */
  async restartClient(place: number, how: Exit, awayMs: number): Promise<void> {
    const client = this.clients[place];
    if (client.isLeaving) return;
    client.isLeaving = client.machine.hasLeft = true;
    this.run.sim.note("client leaves", client.machine.name, how);
    if (how === "close") await client.close();
    else client.machine.kill(how === "power");
    this.run.sim.after(awayMs, "new client", () => {
      this.clients[place] = this.#newClient();
      this.clients[place].open();
    });
  }

  /** Everybody leaves in good order. Resolves when they have. */
  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
    await this.server.server.close();
  }

  #newClient(): ClientParty {
    return new ClientParty(this.run, `client-${++this.#lastName}`);
  }
}
