import { AsyncLocalStorage } from "node:async_hooks";
import { listen, type Peer, type Server } from "../../../mod.ts";
import { VERSION } from "../../version.ts";
import type { TimedEvent } from "../feed_event.ts";
import type { Interrupt } from "../evaluator/interrupt.ts";
import type { Shell } from "../shell.ts";
import type { ShellScreen } from "../shell_screen.ts";
import type { ViewSettings } from "../traffic/view_settings.ts";
import { Desk, SeatInterrupt } from "./seat_interrupt.ts";
import { Seat, typedLine } from "./seat.ts";
import { guard, PlaceError, placeToShare } from "./socket_place.ts";
import { type Hello, MAX_SEATS, SHARE_LIMITS, SHARE_VERSION, type Welcome } from "./words.ts";

/** What a {@linkcode SharedSession} needs of the console that is shared. */
export interface SharedSessionParts {
  shell(): Shell;
  /** Its flag is the one that all loops look at. */
  readonly interrupt: Interrupt;
  /** Makes lines of events for one that has attached, as its own settings say. */
  linesFor(views: ViewSettings, colors: boolean): (event: TimedEvent) => string;
  withoutShown(screen: ShellScreen): ShellScreen;
  /** Shows a line to whoever sits at the console itself. It is in the log as well, unless `isLogged` is false. */
  print(text: string, isLogged?: boolean): void;
}

/** A console that others attach to: who has, and what they do. */
export class SharedSession {
  readonly name: string;
  readonly path: string;
  readonly #parts: SharedSessionParts;
  readonly #server: Server;
  readonly #desk: Desk;
  readonly #seats = new Map<Peer, Seat>();
  /** The seat that the code which runs belongs to. */
  readonly #running = new AsyncLocalStorage<Seat>();
  #count = 0;

  private constructor(name: string, path: string, parts: SharedSessionParts, server: Server) {
    this.#desk = new Desk(parts.interrupt);
    this.name = name;
    this.path = path;
    this.#parts = parts;
    this.#server = server;
    this.#serve();
  }

  /** @throws {PlaceError} the name is taken, or there is no private place for it. */
  static async open(name: string, parts: SharedSessionParts): Promise<SharedSession> {
    const path = placeToShare(name);
    const server = await listen(`unix://${path}`, {
      limits: SHARE_LIMITS,
      maxPeers: MAX_SEATS,
      onReceive: () => {},
      onFail: () => {}, // one that says what it should not harms only itself
    }).catch((error) => {
      if (error.code !== "address_in_use") throw error;
      throw new PlaceError(
        `"${name}" is shared already by another console: in a shell, parley attach ${name} joins it; ` +
          `.share ${name}2 takes another name`,
      );
    });
    try {
      guard(path);
    } catch (error) {
      await server.close();
      throw error;
    }
    const session = new SharedSession(name, path, parts, server);
    await session.#desk.open();
    return session;
  }

  /** Those that have attached. */
  get seats(): readonly Seat[] {
    return [...this.#seats.values()];
  }

  /** The seat whose code calls this, if it is one's. */
  get running(): Seat | undefined {
    const seat = this.#running.getStore();
    return seat !== undefined && this.seats.includes(seat) ? seat : undefined;
  }

  /** Tells everybody else what is about to be evaluated. */
  typed(by: Seat | undefined, text: string): void {
    if (by === undefined && this.#seats.size === 0) return;
    const line = typedLine(by?.name ?? "host", this.#parts.shell().secrets.mask(text));
    if (by !== undefined) this.#parts.print(line, !text.startsWith(" ")); // as what is typed here
    for (const seat of this.#seats.values()) if (seat !== by) seat.line(line);
  }

  /** Lets everybody go, and gives the name free. */
  async close(): Promise<void> {
    for (const seat of this.#seats.values()) seat.close();
    await this.#server.close();
    this.#desk.close();
    try {
      Deno.removeSync(this.path);
    } catch {
      // somebody was quicker
    }
  }

  #serve(): void {
    const server = this.#server;
    server.onRequest("hello", (call, hello: Hello) => this.#sitDown(call.peer, hello));
    server.onAction("input", (call, id: number, text: string) => {
      const seat = this.#seats.get(call.peer);
      if (seat === undefined || typeof text !== "string") return;
      this.#running.run(seat, () => seat.input(Number(id), text));
    });
    server.onAction("stop", (call) => this.#seats.get(call.peer)?.stop());
    server.onRequest("complete", (call, text: string, cursor: number) => {
      const seat = this.#seats.get(call.peer);
      if (seat === undefined) return { candidates: [], start: cursor };
      return seat.complete(String(text), Number(cursor));
    });
    server.use({ onDisconnect: (peer) => this.#standUp(peer) });
  }

  #sitDown(peer: Peer, hello: Hello): Welcome {
    if (hello?.version !== SHARE_VERSION) {
      throw new Error(`this console is Parley ${VERSION}, which speaks version ${SHARE_VERSION} of sharing`);
    }
    if (this.#seats.has(peer)) throw new Error("it has attached already");
    const { linesFor, withoutShown } = this.#parts;
    const shell = this.#parts.shell();
    const name = `attach-${++this.#count}`;
    const seat: Seat = new Seat({
      name,
      peer,
      hello,
      interrupt: new SeatInterrupt(this.#desk),
      host: shell,
      linesFor,
      withoutShown,
      typed: (text) => this.typed(seat, text),
    });
    this.#tell(`${name} has attached`);
    this.#seats.set(peer, seat);
    const links = shell.book.links.map((link) => shell.book.nameOf(link));
    return {
      version: SHARE_VERSION,
      name: this.name,
      you: name,
      links: links.slice(0, MAX_LINKS_TOLD),
      pid: Deno.pid,
    };
  }

  #standUp(peer: Peer): void {
    const seat = this.#seats.get(peer);
    if (seat === undefined) return;
    this.#seats.delete(peer);
    seat.close();
    this.#tell(`${seat.name} has left`);
  }

  #tell(text: string): void {
    this.#parts.print(text);
    for (const seat of this.#seats.values()) seat.line(text);
  }
}

/** Names of links in the greeting. */
const MAX_LINKS_TOLD = 20;
