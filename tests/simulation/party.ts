import { Client } from "../../src/peer/client.ts";
import type { LinkEvent } from "../../src/peer/link_event.ts";
import type { PeerCounts } from "../../src/peer/peer.ts";
import { Server } from "../../src/peer/server.ts";
import { hear, serve } from "./handlers.ts";
import { Machine } from "./machine.ts";
import type { Run } from "./run.ts";

/** A server in a machine of its own. */
export class ServerParty {
  readonly machine: Machine;
  readonly server: Server;

  constructor(run: Run, name: string) {
    this.machine = new Machine(name, run.sim, run.network);
    const callbacks = hear(run, this.machine);
    this.server = new Server(
      "sim://server",
      { limits: run.settings.limits, maxPeers: run.settings.maxPeers, ...callbacks },
      this.machine.world,
    );
    serve(run, this.machine, this.server);
  }

  /** What its links have carried. */
  get counts(): PeerCounts {
    return this.server.counts;
  }

  /** Listens. */
  async open(): Promise<void> {
    await this.server.start();
  }
}

/** A client in a machine of its own, that comes back whenever it loses its link. */
export class ClientParty {
  readonly machine: Machine;
  readonly client: Client;
  /** True once another one is to take its place. */
  isLeaving = false;
  #closing = false;
  /** The server of the last link. */
  #server = "";

  constructor(run: Run, name: string) {
    this.machine = new Machine(name, run.sim, run.network);
    const { limits, reconnect } = run.settings;
    const onEvent = (event: LinkEvent) => this.#noteServer(run, event);
    const options = { limits, reconnect, ...hear(run, this.machine), onEvent };
    this.client = new Client("sim://server", options, this.machine.world);
    serve(run, this.machine, this.client);
  }

  /** What its links have carried. */
  get counts(): PeerCounts {
    return this.client.counts;
  }

  /** Connects, again and again until it has worked once. */
  async open(): Promise<void> {
    while (!this.#closing) {
      try {
        await this.client.start();
        return;
      } catch {
        await this.machine.pause(100);
      }
    }
  }

  /** A session is only lost with its server, or when that one keeps it no longer. */
  #noteServer({ sim, journal, settings }: Run, event: LinkEvent): void {
    const { address } = this.client;
    sim.note("event", this.machine.name, event.kind, address);
    if (event.kind === "up") {
      this.#server = address;
    } else if (event.kind === "reset") {
      journal.reset(this.machine);
      if (!settings.keepsSessions || address !== this.#server) return;
      sim.problem(`${this.machine.name} has lost its session with ${address}, which was there all the time`);
    }
  }

  /** Ends in good order. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.client.close();
  }
}
