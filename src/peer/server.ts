import type { Admission, ResumeClaim } from "../dialect/dialect.ts";
import { BrokenError, ClosedError, ProtocolError, UsageTypeError } from "../errors.ts";
import { checkCount, DEFAULT_MAX_PEERS } from "../limits.ts";
import { type Address, withPort } from "../transport/address.ts";
import type { Listener, Transport, TransportKind } from "../transport/transport.ts";
import { Alarm } from "./alarm.ts";
import type { Answers } from "./answers.ts";
import type { Callbacks } from "./callbacks.ts";
import type { CloseReason } from "./close_reason.ts";
import type { ListenNotice } from "./dial_request.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Share } from "../files/share.ts";
import type { ShareOptions } from "../files/share_options.ts";
import type { HandlerOptions } from "./handler_entry.ts";
import { type FanOutOptions, requestAll } from "./fan_out.ts";
import { type Handler, Handlers } from "./handlers.ts";
import {
  checkCallbacks,
  checkOptions,
  makeEndpoint,
  OPTION_NAMES,
  type ServerOptions,
  usualPort,
} from "./options.ts";
import { Newcomers } from "./newcomers.ts";
import { checkWaitOptions, NO_COUNTS, Peer, type PeerCounts, type RequestOptions } from "./peer.ts";
import type { WaitOptions } from "./peer.ts";
import { PeerCore, type PeerHooks } from "./peer_core.ts";
import { SessionTable } from "./session_table.ts";
import { pause, REAL_WORLD, type World } from "./world.ts";

/**
 * Accepts links and holds their peers. `listen` makes a started one, `createServer` one that waits for
 * {@linkcode Server.start}.
 */
export class Server implements AsyncDisposable {
  readonly #address: Address;
  readonly #kind: TransportKind;
  /** Of these, the kind of transport takes what is its own. */
  readonly #options: ServerOptions<Server>;
  readonly #endpoint: Endpoint<Server>;
  readonly #handlers = new Handlers();
  readonly #maxPeers: number;
  /** True when peers beyond `maxPeers` wait to be accepted, and are not refused. */
  readonly #takesTurns: boolean;
  /** While a place is waited for. */
  #place: PromiseWithResolvers<void> | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #world: World;
  /** This run of the server: another one has other sessions. */
  readonly #epoch: string;
  readonly #sessions: SessionTable;
  readonly #peers = new Set<Peer>();
  readonly #newcomers: Newcomers;
  /** All conversations, also those whose handshake is not done yet, or whose link is lost and may come back. */
  readonly #cores = new Set<PeerCore>();
  /** What those have carried that have ended. */
  readonly #past = { ...NO_COUNTS };
  #listener: Listener | undefined;
  #accepting: Promise<void> | undefined;
  #starting: Promise<this> | undefined;
  #openedAt: number | undefined;
  #initialized = false;
  /** True while the last accept is waited for: no place is, then. */
  #isStopping = false;
  #closing = false;
  #closed = Promise.withResolvers<void>();
  /** True when that is resolved. */
  #isClosed = false;

  /** Use `listen` or `createServer`. */
  constructor(address: string, options: ServerOptions<Server> = {}, world: World = REAL_WORLD) {
    const parsed = world.resolve(address, usualPort(options));
    checkOptions("listen()", options, [...OPTION_NAMES.server, ...parsed.kind.optionNames ?? []]);
    if (parsed.kind.listen === undefined) {
      throw new UsageTypeError(`Cannot listen on "${address}": ${parsed.kind.about} is only connected to`);
    }
    if (options.maxPeers !== undefined) checkCount("maxPeers", options.maxPeers);
    this.#address = parsed.address;
    this.#kind = parsed.kind;
    this.#options = options;
    this.#signal = options.signal;
    this.#world = world;
    this.#epoch = world.token(8);
    this.#endpoint = makeEndpoint(options, this.#handlers, new Alarm(world), world, parsed.kind.dialect);
    this.#takesTurns = this.#endpoint.dialect.takesTurns === true;
    this.#maxPeers = options.maxPeers ?? (this.#takesTurns ? 1 : DEFAULT_MAX_PEERS);
    this.#sessions = new SessionTable(this.#endpoint.limits);
    this.#newcomers = new Newcomers(this.#peers, this.#endpoint.alarm);
  }

  /** The peers that are connected, in the order in which they came. */
  get peers(): ReadonlySet<Peer> {
    return this.#peers;
  }

  /** The peers that have messages for `receive` or `for await`, in the order in which the peers came. */
  get readable(): Peer[] {
    return [...this.#peers].filter((peer) => peer.unread > 0);
  }

  /** Peers whose link is lost and that may come back: see `limits.resumeMs`. They are not among the `peers`. */
  get waiting(): number {
    return this.#sessions.detached;
  }

  /** Where the server is reached, with the port that the system chose; before `start` as it was given. */
  get address(): string {
    return this.#listener?.address ?? this.#address.href;
  }

  /** The address as it was asked for, such as one with port 0. */
  get target(): string {
    return this.#address.href;
  }

  /** The port; 0 when it is not chosen yet or there are no ports. */
  get port(): number {
    return this.#listener?.port ?? this.#address.port;
  }

  /** True while new links are accepted. */
  get isListening(): boolean {
    return this.#accepting !== undefined;
  }

  /**
   * Resolves when the server was closed, be it by a peer that may do that (`oneline` with `allowShutdown`). Never rejects;
   * `start` begins anew.
   */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** The name of the dialect. */
  get dialect(): string {
    return this.#endpoint.dialect.name;
  }

  /** When the server was started last, in milliseconds since 1970; `undefined` before. */
  get openedAt(): number | undefined {
    return this.#openedAt;
  }

  /** What all links of this server have carried so far, those that have ended included. */
  get counts(): PeerCounts {
    const sum = { ...this.#past };
    for (const core of this.#cores) add(sum, core);
    return sum;
  }

  /**
   * Binds and accepts. Resolves with the server; one that is accepting already stays so.
   *
   * @throws {BrokenError} `address_in_use`, `permission`, `unreachable`, `unknown_host`, `no_such_path`.
   */
  start(): Promise<this> {
    if (this.isListening) return Promise.resolve(this);
    this.#starting ??= this.#start().finally(() => this.#starting = undefined);
    return this.#starting;
  }

  /**
   * Adds another set of callbacks, called after those before it.
   *
   * @returns takes it out again.
   */
  use(callbacks: Callbacks<Server>): () => void {
    checkOptions("use()", callbacks, OPTION_NAMES.callbacks);
    checkCallbacks(callbacks);
    const { chain } = this.#endpoint;
    chain.add(callbacks);
    return () => chain.remove(callbacks);
  }

  /** Calls `handler` when a peer sends the action `name`. */
  onAction(name: string, handler: Handler, options?: HandlerOptions): void {
    this.#handlers.onAction(name, handler, options);
  }

  /**
   * Answers the request `name` of any peer with what `handler` returns or resolves to. A generator function answers
   * part by part: see `stream`.
   */
  onRequest(name: string, handler: Handler, options?: HandlerOptions): void {
    this.#handlers.onRequest(name, handler, options);
  }

  /**
   * Lets files come and go in `directory`, and nowhere else: without it none are taken and none are given. By default
   * the other side may get the files in it and put new ones there; `mode` says otherwise. Two directories may be shared,
   * one to get files from (`"read"`) and one to put them into (`"write-new"`, `"overwrite"`); sharing another for the
   * same replaces it. `onEvent` tells of each file (`kind: "file"`), `onFail` of those that were refused.
   *
   * @returns the share: its `stop()` ends it.
   * @throws {UsageTypeError} the dialect has no files, or an option is wrong.
   * @throws {BrokenError} `no_such_path`, `permission`.
   */
  share(directory: string, options?: ShareOptions): Share {
    return this.#endpoint.share(directory, options);
  }

  /**
   * Sends one message to all peers, encoded once where the dialect allows. Waits for nobody: a peer whose outbox
   * holds more than `limits.outboxHighBytes` is left out.
   *
   * @returns how many peers it was sent to.
   * @throws {UsageTypeError} the dialect cannot say it.
   * @throws {UsageRangeError} it exceeds the frame limit, and was sent to nobody.
   */
  broadcast(message: unknown): number {
    let encoded: Uint8Array | undefined;
    let tooLarge: unknown;
    let reached = 0;
    for (const core of this.#cores) {
      if (core.state !== "open") continue;
      try {
        if (this.#endpoint.dialect.uniform !== true) {
          if (core.sendIfRoom(message)) reached++;
          continue;
        }
        encoded ??= core.session.encode(message);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        tooLarge = error; // one peer that takes only small frames must not keep it from the others
        continue;
      }
      if (core.sendEncoded(encoded, message)) reached++;
    }
    if (reached === 0 && tooLarge !== undefined) throw tooLarge;
    return reached;
  }

  /**
   * Calls a named request of all peers that are connected, at once. Resolves with the table of their answers when each
   * has answered or its time is up: `timeoutMs` (`limits.requestMs`, 30 s). With `for await` the answers come one by one.
   *
   * @param args The arguments: a list, or the only one.
   * @throws {UsageTypeError} {@linkcode UsageRangeError} an option is wrong; in a dialect without requests it rejects.
   *
   * @example
   * ```ts
   * import { connect, listen } from "@parley/parley";
   * import assert from "node:assert/strict";
   *
   * await using fleet = await listen("memory://fleet");
   * await using drone = await connect("memory://fleet");
   * drone.onRequest("battery", () => 14.1);
   *
   * const answers = await fleet.request("battery", [], { timeoutMs: 5000 });
   * assert.deepEqual(answers.values, [14.1]);
   * for (const { name, error } of answers.failed) console.error(name, error.message);
   * ```
   */
  // deno-lint-ignore no-explicit-any -- what comes back is for the caller to know
  request<Value = any>(
    name: string,
    args?: unknown,
    options: Omit<RequestOptions, "key"> & FanOutOptions = {},
  ): Answers<Value> {
    return requestAll<Value>([...this.#peers], name, args, options, this.#world);
  }

  /**
   * Takes the peers one by one, in the order in which they came: the oldest one that is connected and was not taken by
   * an earlier call, or the next one that connects. Peers are there for callbacks and broadcasts whether taken or not.
   *
   * @throws {TimeoutError} code `timeout`: nobody came within `timeoutMs` (`limits.receiveMs`, 30 s).
   * @throws {ClosedError} code `closed`: the server accepts nobody. @throws {CancelledError} by the signal.
   *
   * @example
   * ```ts
   * import { connect, listen } from "@parley/parley";
   * import assert from "node:assert/strict";
   *
   * await using server = await listen("memory://desk");
   * await using client = await connect("memory://desk");
   * const peer = await server.nextPeer();
   * await client.send("hello");
   * assert.equal(await peer.receive(), "hello");
   * ```
   */
  // deno-lint-ignore require-await -- so that whatever fails is a rejection
  async nextPeer(options: WaitOptions = {}): Promise<Peer> {
    checkWaitOptions("nextPeer()", options);
    const { timeoutMs = this.#endpoint.limits.receiveMs } = options;
    const peer = this.#newcomers.take();
    if (peer !== undefined) return peer;
    if (!this.isListening) {
      const text = `Cannot wait for a peer of ${this.address}: the server accepts nobody; start() it first`;
      throw new ClosedError("closed", text);
    }
    return this.#newcomers.wait(this.address, timeoutMs, options);
  }

  /** Accepts no more. The peers stay; `start` accepts again. */
  async stop(): Promise<void> {
    await this.#starting?.catch(() => {});
    this.#isStopping = true;
    this.#listener?.close();
    this.#place?.resolve();
    await this.#accepting;
    this.#isStopping = false;
    this.#newcomers.end(this.address);
  }

  /** Accepts no more and closes all peers. Never rejects, may be called again. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#signal?.removeEventListener("abort", this.#abort);
    await this.stop();
    await Promise.all([...this.#cores].map((core) => core.close("shutting_down", "the server is closing")));
    await this.#listener?.released;
    this.#endpoint.alarm.stop();
    this.#closing = false;
    this.#isClosed = true;
    this.#closed.resolve();
  }

  /** Closes the server at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** How the console shows a server. */
  [Symbol.for("Deno.customInspect")](): string {
    const peers = `${this.#peers.size} ${this.#peers.size === 1 ? "peer" : "peers"}`;
    return `Server { ${this.address} ${this.dialect} ${
      this.isListening ? "listening" : "not listening"
    }, ${peers} }`;
  }

  async #start(): Promise<this> {
    this.#signal?.throwIfAborted();
    // A port that the system chose stays the same when the server accepts again.
    const address = { ...this.#address };
    if (address.port === 0 && this.#listener?.port !== undefined) {
      address.port = this.#listener.port;
      address.href = withPort(address, address.host, address.port);
    }
    const lines = await this.#kind.listen!(address, this.#options);
    const isDelicate = this.#kind.isNoisy === true && this.#endpoint.dialect.isDelicate === true;
    // Loaded late: most programs need none of it.
    const listener = isDelicate
      ? new (await import("./reliable_listener.ts")).ReliableListener(lines, this.#world)
      : lines;
    if (this.#signal?.aborted) {
      listener.close();
      throw this.#signal.reason;
    }
    this.#listener = listener;
    if (this.#isClosed) this.#closed = Promise.withResolvers();
    this.#isClosed = false;
    this.#openedAt = Date.now();
    this.#endpoint.alarm.start();
    this.#signal?.addEventListener("abort", this.#abort);
    globalThis.dispatchEvent(new CustomEvent<ListenNotice>("parley:listen", { detail: { server: this } }));
    if (!this.#initialized) {
      this.#initialized = true;
      this.#endpoint.chain.initialize(this);
    }
    this.#accepting = this.#accept(listener).finally(() => this.#accepting = undefined);
    return this;
  }

  readonly #abort = (): void => void this.close();

  async #accept(listener: Listener): Promise<void> {
    let backOffMs = FIRST_BACK_OFF_MS;
    for (;;) {
      try {
        if (this.#takesTurns && this.#cores.size >= this.#maxPeers && !this.#isStopping) {
          this.#place = Promise.withResolvers();
          await this.#place.promise;
        }
        const transport = await listener.accept();
        if (transport === null) return;
        backOffMs = FIRST_BACK_OFF_MS;
        this.#admit(transport);
      } catch (error) {
        const failure = error instanceof BrokenError ? error : new BrokenError("io", String(error));
        this.#fail(failure);
        if (failure.code === "too_many_files") {
          await pause(this.#world, backOffMs); // some may have been closed by then
          backOffMs = Math.min(backOffMs * 2, LAST_BACK_OFF_MS);
        } else {
          await pause(this.#world, ACCEPT_AGAIN_MS); // most often a client was gone before its turn: others wait behind it
        }
      }
    }
  }

  #admit(transport: Transport): void {
    const { limits, dialect } = this.#endpoint;
    const opening = this.#cores.size - this.#peers.size - this.#sessions.detached;
    const isCrowded = opening >= limits.maxOpening;
    const refusal = isCrowded
      ? `${opening} links wait for their handshake (limits.maxOpening)`
      : this.#full();
    if (this.#closing || (refusal !== undefined && (isCrowded || !dialect.handshake))) {
      transport.close();
      if (refusal !== undefined) this.#refused(`Link ${transport.remoteAddress} is refused: ${refusal}`);
      return;
    }
    const core = new PeerCore(this.#endpoint as Endpoint, transport.remoteAddress, "server", this.#hooks);
    core.peer = new Peer(core);
    this.#cores.add(core);
    core.attach(transport);
  }

  /** What happens to the peers, one set for all of them. */
  readonly #hooks: PeerHooks = {
    admit: (core, claim) => this.#mayEnter(core, claim),
    moved: (claim, transport, rest) => this.#comeBack(claim, transport, rest),
    mayReturn: (core) => !this.#closing && core.session.isResumable,
    ready: (core) => {
      this.#sessions.attach(core);
      this.#peers.add(core.peer);
      this.#newcomers.came(core.peer);
    },
    lost: (core) => {
      this.#peers.delete(core.peer);
      this.#sessions.detach(core, this.#world.now());
      this.#endpoint.alarm.wake(this.#sessions, this.#sessions.nextTickAt);
    },
    ended: (core, reason) => this.#ended(core, reason),
    shutDown: () => void this.close(),
  };

  #mayEnter(core: PeerCore, claim: ResumeClaim | undefined): Admission {
    const known = claim?.epoch === this.#epoch ? this.#sessions.find(claim.sid) : undefined;
    const full = known !== undefined && this.#peers.has(known.peer) ? undefined : this.#full();
    if (full !== undefined) return { refusal: { code: "limit", message: full } };
    if (known !== undefined) return { moved: true };
    return {
      session: () => {
        const sid = this.#world.token(16);
        this.#sessions.add(sid, core);
        return { sid, epoch: this.#epoch };
      },
    };
  }

  #comeBack(claim: ResumeClaim, transport: Transport, rest: Uint8Array): void {
    const core = this.#sessions.find(claim.sid);
    if (core === undefined) transport.close(); // ended in this very moment: the client tries again
    else core.takeOver(transport, claim, rest);
  }

  #full(): string | undefined {
    if (this.#peers.size < this.#maxPeers) return undefined;
    return `the server has ${this.#peers.size} of ${this.#maxPeers} peers (maxPeers)`;
  }

  #ended(core: PeerCore, reason: CloseReason): void {
    this.#cores.delete(core);
    if (this.#cores.size < this.#maxPeers) this.#place?.resolve();
    this.#sessions.remove(core);
    add(this.#past, core);
    if (this.#peers.delete(core.peer) || core.wasUp) return;
    if (reason.code === "limit") this.#refused(reason.message);
    else if (reason.error !== undefined) this.#fail(reason.error);
  }

  #refused(text: string): void {
    this.#fail(new ProtocolError("limit", text, { fatal: true }));
  }

  #fail(error: Error): void {
    this.#endpoint.chain.fail(error);
  }
}

/** After a failed accept, in milliseconds. */
const ACCEPT_AGAIN_MS = 1;
/** After an accept that failed for want of file descriptors, in milliseconds: at first, and at most. */
const FIRST_BACK_OFF_MS = 50;
const LAST_BACK_OFF_MS = 1000;

function add(sum: { -readonly [Key in keyof PeerCounts]: number }, core: PeerCore): void {
  const { counts } = core.session;
  sum.messagesIn += counts.messagesIn;
  sum.messagesOut += counts.messagesOut;
  sum.bytesIn += counts.bytesIn;
  sum.bytesOut += counts.bytesOut;
  sum.lateAnswers += counts.lateAnswers;
  sum.faults += counts.faults;
  sum.duplicates += counts.duplicates;
  sum.dropped += core.forgotten;
  sum.overflowed += core.outbox.dropped;
}
