import { asError, CancelledError, ProtocolError, UsageRangeError, UsageTypeError } from "../errors.ts";
import { checkCount } from "../limits.ts";
import { checkOptions } from "../peer/options.ts";
import { readAnnouncement } from "./announcement.ts";
import { DatagramSocket } from "./datagram_socket.ts";

/** What {@linkcode discover} takes. */
export interface DiscoverOptions {
  /** Where announcements arrive. Default 8181, as in the original; 0 for any free port. */
  port?: number;
  /** The address to listen on. Default `"0.0.0.0"`, all of this computer: broadcasts arrive nowhere else. */
  host?: string;
  /** How long is listened, in milliseconds. Default 10,000: an original server announces itself every 3 s. */
  timeoutMs?: number;
  /** Ends the search. */
  signal?: AbortSignal;
  /** Hears of datagrams that are no announcement, at most {@linkcode MAX_REPORTS} of them. Default nobody. */
  onFail?: (error: Error) => void;
}

/** A server that has announced itself. Nothing of it is proved: whoever is in the same network can say so. */
export interface FoundServer {
  /** Where it says that it can be reached, for `connect`: `tcp://10.0.0.5:25000`. */
  readonly address: string;
  /** The name or address in that. */
  readonly host: string;
  /** The port in that. */
  readonly port: number;
  /** What tells it from other servers: four digits in the original. */
  readonly id: string;
  /** When it was started: of two servers an original lets the older one be. */
  readonly startedAt: Date;
  /** The address that the announcement has come from; another than `host` is a reason to ask a person. */
  readonly from: string;
}

/** A search under way: see {@linkcode discover}. Its servers can be read once, by `for await`. */
export class Discovery implements AsyncIterable<FoundServer>, AsyncDisposable {
  readonly #socket: DatagramSocket;
  readonly #onFail: ((error: Error) => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #seen = new Set<string>();
  #found: FoundServer[] = [];
  #reports = 0;
  #next: PromiseWithResolvers<void> | undefined;
  #isOver = false;
  #error: Error | undefined;

  /** Use {@linkcode discover}. */
  constructor(socket: DatagramSocket, { timeoutMs = TIMEOUT_MS, signal, onFail }: DiscoverOptions) {
    this.#socket = socket;
    this.#onFail = onFail;
    this.#signal = signal;
    this.#timer = setTimeout(() => this.#end(), timeoutMs);
    signal?.addEventListener("abort", this.#abort);
    socket.listen((datagram, from) => this.#hear(datagram, from), (error) => this.#end(error));
  }

  /** The port where announcements arrive. */
  get port(): number {
    return this.#socket.port;
  }

  /** Ends the search; whoever reads its servers is done. */
  // deno-lint-ignore require-await -- as everywhere: what can be closed is closed with await
  async close(): Promise<void> {
    this.#end();
  }

  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * The servers, each as soon as it was heard of, and each once, until the time is up.
   *
   * @throws {CancelledError} the signal has ended the search. @throws {BrokenError} nothing can be received any more.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<FoundServer, void, void> {
    try {
      for (;;) {
        const found = this.#found;
        this.#found = [];
        yield* found;
        if (this.#found.length > 0) continue;
        if (this.#error !== undefined) throw this.#error;
        if (this.#isOver) return;
        this.#next = Promise.withResolvers();
        await this.#next.promise;
      }
    } finally {
      this.#end(); // who stops reading wants no more
    }
  }

  readonly #abort = (): void => this.#end(new CancelledError("Search for servers", this.#signal!));

  #hear(datagram: Uint8Array, from: string): void {
    if (this.#isOver) return;
    try {
      const { host, port, id, startTime } = readAnnouncement(datagram);
      const address = `tcp://${host.includes(":") ? `[${host}]` : host}:${port}`;
      const key = JSON.stringify([address, id, startTime, from]);
      if (this.#seen.has(key)) return;
      if (this.#seen.size >= MAX_FOUND) return this.#report(tooMany(from));
      this.#seen.add(key);
      this.#found.push({ address, host, port, id, startedAt: new Date(startTime * 1000), from });
      this.#next?.resolve();
    } catch (error) {
      this.#report(
        new ProtocolError("bad_announcement", `${asError(error).message} (from ${from})`, { fatal: false }),
      );
    }
  }

  #report(error: Error): void {
    if (this.#reports++ >= MAX_REPORTS) return;
    try {
      this.#onFail?.(error);
    } catch {
      // A callback that throws must not end the search, and there is nobody else to tell.
    }
  }

  #end(error?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#error = error;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#socket.close();
    this.#next?.resolve();
  }
}

/**
 * Listens for servers that announce themselves by UDP broadcast, as those of clever-show do. Each is a suggestion that a
 * program or a person may take: nothing is connected to and no setting is changed, since anybody in the same network can
 * announce what he likes. (The original drone makes what it hears its server for ever.)
 *
 * At most {@linkcode MAX_FOUND} servers are told of. Needs `--allow-net`.
 *
 * @throws {BrokenError} code `address_in_use`: another program has the port to itself, such as an original server or
 * drone on this computer. @throws {UsageTypeError} an option of the wrong kind. @throws {UsageRangeError} a port or a
 * time out of range.
 *
 * @example A server that announces itself, here to this computer only
 * ```ts
 * import { announce, discover, listen } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * await using server = await listen("tcp://127.0.0.1:0", { dialect: "clever-show" });
 * await using search = await discover({ host: "127.0.0.1", port: 0 });
 * await using _announcing = await announce(server, { to: "127.0.0.1", port: search.port, id: "0042" });
 * for await (const found of search) {
 *   assert.equal(found.address, server.address);
 *   assert.equal(found.id, "0042");
 *   break;
 * }
 * ```
 */
export async function discover(options: DiscoverOptions = {}): Promise<Discovery> {
  checkOptions("discover()", options, OPTION_NAMES);
  const { port = ANNOUNCE_PORT, host = "0.0.0.0", timeoutMs = TIMEOUT_MS, signal } = options;
  checkPort(port, 0);
  checkCount("timeoutMs", timeoutMs);
  checkHost("host", host);
  if (signal?.aborted) throw new CancelledError("Search for servers", signal);
  const socket = await DatagramSocket.bind(host, port);
  if (signal?.aborted) { // meanwhile
    socket.close();
    throw new CancelledError("Search for servers", signal);
  }
  return new Discovery(socket, options);
}

/** @throws {UsageTypeError} it is no number. @throws {UsageRangeError} there is no such port. */
export function checkPort(port: unknown, least: 0 | 1): void {
  if (typeof port !== "number") {
    throw new UsageTypeError(`Cannot use ${String(port)} as "port": a number is wanted`);
  }
  if (Number.isInteger(port) && port >= least && port <= 65_535) return;
  throw new UsageRangeError(`Cannot use ${port} as "port": a whole number from ${least} to 65535 is wanted`);
}

/** @throws {UsageTypeError} it is no text. */
export function checkHost(name: string, host: unknown): void {
  if (typeof host === "string" && host !== "") return;
  throw new UsageTypeError(
    `Cannot use ${String(host)} as "${name}": an address such as "192.168.1.255" is wanted`,
  );
}

function tooMany(from: string): ProtocolError {
  const text =
    `More than ${MAX_FOUND} servers have announced themselves, the last one from ${from}: it is left out`;
  return new ProtocolError("too_many", text, { fatal: false });
}

/** Where clever-show servers announce themselves. */
export const ANNOUNCE_PORT = 8181;
/** The most servers that one search tells of: one network has a few; more are somebody's game. */
export const MAX_FOUND = 256;
/** The most datagrams that one search reports as wrong: a flood of them is no news. */
export const MAX_REPORTS = 16;
const TIMEOUT_MS = 10_000;
const OPTION_NAMES: readonly string[] = Object.freeze(["port", "host", "timeoutMs", "signal", "onFail"]);
