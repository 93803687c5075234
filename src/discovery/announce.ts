import { asError, UsageTypeError } from "../errors.ts";
import { checkCount } from "../limits.ts";
import { checkOptions } from "../peer/options.ts";
import { isHost, isId, MAX_ID_CHARS, writeAnnouncement } from "./announcement.ts";
import { DatagramSocket } from "./datagram_socket.ts";
import { ANNOUNCE_PORT, checkHost, checkPort } from "./discover.ts";
import { localAddress } from "./local_address.ts";

/** What {@linkcode announce} takes. */
export interface AnnounceOptions {
  /** Where the server can be reached. Default where it listens, or {@linkcode localAddress} when that is everywhere. */
  host?: string;
  /** What tells it from other servers. Default four digits by chance, as in the original. */
  id?: string;
  /** When it was started: of two servers an original ends the younger one. Default now. */
  startedAt?: Date;
  /** Who is told. Default `"255.255.255.255"`: all in the same network. */
  to?: string;
  /** At which port they listen. Default 8181, as in the original. */
  port?: number;
  /** How long to wait between two announcements, in milliseconds. Default 3000, as in the original. */
  everyMs?: number;
  /** Ends the announcing. */
  signal?: AbortSignal;
  /** Hears why an announcement did not leave; the next one is tried all the same. Default nobody. */
  onFail?: (error: Error) => void;
}

/** A server to be announced: what `listen` returns is one. */
export interface Announced {
  /** Where it listens. */
  readonly address: string;
  /** The port of that. */
  readonly port: number;
  /** False once it accepts nobody any more: then it is announced no longer. */
  readonly isListening?: boolean;
}

/** Announcing that goes on: see {@linkcode announce}. */
export class Announcing implements AsyncDisposable {
  readonly #socket: DatagramSocket;
  readonly #server: Announced;
  readonly #say: () => Promise<void>;
  readonly #onFail: ((error: Error) => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #closed = Promise.withResolvers<void>();
  #isOver = false;
  #saying: Promise<void> | undefined;

  /** Use {@linkcode announce}. */
  constructor(
    server: Announced,
    socket: DatagramSocket,
    say: () => Promise<void>,
    { everyMs = EVERY_MS, signal, onFail }: AnnounceOptions,
  ) {
    this.#server = server;
    this.#socket = socket;
    this.#say = say;
    this.#onFail = onFail;
    this.#signal = signal;
    this.#timer = setInterval(this.#announce, everyMs);
    signal?.addEventListener("abort", this.#abort);
    socket.listen(() => {}, (error) => this.#report(error));
    this.#announce();
  }

  /** Resolves when nothing is announced any more: it was closed, or its server was. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Announces no more. Never rejects, may be called again. */
  async close(): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#signal?.removeEventListener("abort", this.#abort);
    await this.#saying;
    this.#socket.close();
    this.#closed.resolve();
  }

  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #abort = (): void => void this.close();

  readonly #announce = (): void => {
    if (this.#server.isListening === false) return void this.close();
    // A network that takes longer than that is not helped by more of it.
    if (this.#saying !== undefined) return;
    this.#saying = this.#say().catch((error) => this.#report(asError(error))).finally(() =>
      this.#saying = undefined
    );
  };

  #report(error: Error): void {
    if (this.#isOver) return;
    try {
      this.#onFail?.(error);
    } catch {
      // A callback that throws must not end the announcing, and there is nobody else to tell.
    }
  }
}

/**
 * Announces a server to those who look for one with {@linkcode discover}, and to drones of clever-show, by UDP broadcast:
 * at once, and again and again until it is closed or the server accepts nobody any more. Everybody in the same network can hear it, and announce another.
 *
 * Needs `--allow-net`, and `--allow-sys=networkInterfaces` for a server that listens everywhere.
 *
 * @throws {UsageTypeError} code `usage`: an option of the wrong kind, or a server that only this computer can reach is
 * announced to others. @throws {UsageRangeError} a port or a time out of range. @throws {BrokenError} there is no socket
 * to be had.
 *
 * @example
 * ```ts
 * import { announce, discover, listen } from "@parley/parley";
 *
 * await using server = await listen("tcp://127.0.0.1:0", { dialect: "clever-show" });
 * await using search = await discover({ host: "127.0.0.1", port: 0 });
 * await using announcing = await announce(server, { to: "127.0.0.1", port: search.port });
 * for await (const { address } of search) if (address === server.address) break;
 * ```
 */
export async function announce(server: Announced, options: AnnounceOptions = {}): Promise<Announcing> {
  checkOptions("announce()", options, OPTION_NAMES);
  const {
    id = randomId(),
    startedAt = new Date(),
    to = EVERYBODY,
    port = ANNOUNCE_PORT,
    everyMs = EVERY_MS,
  } = options;
  checkPort(port, 1);
  checkCount("everyMs", everyMs);
  checkHost("to", to);
  const host = options.host ?? hostOf(server);
  if (isLoopback(host) && !isLoopback(to)) {
    throw new UsageTypeError(
      `Cannot announce ${server.address} to ${to}: only this computer can reach it; ` +
        `listen on "tcp://0.0.0.0:${server.port}", or set "host"`,
    );
  }
  checkAnnounced("host", host, isHost(host), 'a name or an address such as "192.168.1.5"');
  checkAnnounced("id", id, isId(id), `a text of at most ${MAX_ID_CHARS} characters`);
  const isTime = startedAt instanceof Date && !Number.isNaN(startedAt.getTime());
  checkAnnounced("startedAt", startedAt, isTime, "a valid Date");
  const datagram = writeAnnouncement({ host, port: server.port, id, startTime: startedAt.getTime() / 1000 });
  options.signal?.throwIfAborted();
  const socket = await DatagramSocket.bind(isLoopback(to) ? "127.0.0.1" : "0.0.0.0", 0);
  if (options.signal?.aborted) { // meanwhile
    socket.close();
    throw options.signal.reason;
  }
  if (!isLoopback(to)) socket.allowBroadcast();
  return new Announcing(server, socket, () => socket.send(datagram, to, port), options);
}

/** Nobody over there would say that they cannot read it. @throws {UsageTypeError} code `usage`. */
function checkAnnounced(name: string, value: unknown, isRight: boolean, wanted: string): void {
  if (isRight) return;
  throw new UsageTypeError(
    `Cannot announce a server with ${Deno.inspect(value)} as "${name}": ${wanted} is wanted`,
  );
}

/** Where a server listens, as others may use it. */
function hostOf({ address }: Announced): string {
  const host = /^tcp:\/\/\[?([^\]/]*)\]?:[0-9]+$/.exec(address)?.[1];
  if (host === undefined) {
    throw new UsageTypeError(`Cannot announce ${address}: a server on TCP is wanted, one that listens`);
  }
  return host === "0.0.0.0" || host === "::" ? localAddress() : host;
}

function isLoopback(host: string): boolean {
  return host.startsWith("127.") || host === "::1" || host === "localhost";
}

function randomId(): string {
  const [number] = crypto.getRandomValues(new Uint16Array(1));
  return String(number % 10_000).padStart(4, "0");
}

const EVERYBODY = "255.255.255.255";
const EVERY_MS = 3000;
const OPTION_NAMES: readonly string[] = Object.freeze([
  "host",
  "id",
  "startedAt",
  "to",
  "port",
  "everyMs",
  "signal",
  "onFail",
]);
