import type { DialectName } from "../dialect/table.ts";
import { Server } from "../peer/server.ts";
import { parseAddress } from "../transport/table.ts";
import type { Transport } from "../transport/transport.ts";
import type { PlayNames } from "./mismatch.ts";
import type { RecordedLink } from "./recording.ts";
import { RenamedTransport } from "./renamed_transport.ts";
import { SaidExchange } from "./said_exchange.ts";
import { SaidPlay } from "./said_play.ts";

/**
 * The other side of a recorded link of a dialect whose bytes are never the same twice: a server of its own in this
 * process, that speaks the dialect and says and answers what was recorded. All connections of the link are one
 * conversation, since a session may go on with the next one.
 */
export class SaidPlayer {
  readonly #exchange: SaidExchange;
  readonly #server: Server;
  readonly #play: SaidPlay;
  readonly #address: string;

  constructor(link: RecordedLink, names: PlayNames) {
    this.#address = link.address;
    this.#exchange = new SaidExchange(link.connections, "in");
    const name = `memory://${crypto.randomUUID()}`;
    this.#server = new Server(name, {
      dialect: link.dialect as DialectName,
      onFail: () => {},
      // A server that nobody is connected to must not keep the program from ending.
      onDisconnect: () => queueMicrotask(() => this.#server.peers.size === 0 && void this.close()),
    });
    this.#play = new SaidPlay(this.#server, this.#exchange, { names, says: "in", answers: true });
  }

  /** Rejects when the program says something else. */
  get finished(): Promise<void> {
    return this.#play.done;
  }

  /** True when everything that was recorded was said and has come. */
  get isDone(): boolean {
    return this.#exchange.isDone;
  }

  /** The turn that is under way. */
  get step(): number {
    return this.#exchange.step;
  }

  /** How many turns there are. */
  get steps(): number {
    return this.#exchange.steps;
  }

  /** Ends its links. */
  close(): Promise<void> {
    return this.#server.close();
  }

  /** A link to it. */
  async connect(): Promise<Transport> {
    await this.#server.start();
    const { address, kind } = parseAddress(this.#server.address);
    return new RenamedTransport(await kind.connect(address, {}), this.#address);
  }
}
