import { asError, BrokenError, ClosedError, ParleyError, TimeoutError, UsageTypeError } from "../errors.ts";
import type { Address } from "../transport/address.ts";
import type { Dialer, Transport, TransportKind } from "../transport/transport.ts";
import { Alarm } from "./alarm.ts";
import type { Callbacks } from "./callbacks.ts";
import { CloseReason } from "./close_reason.ts";
import { askForStandIn } from "./dial_request.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Share } from "../files/share.ts";
import type { ShareOptions } from "../files/share_options.ts";
import type { HandlerOptions } from "./handler_entry.ts";
import { type Handler, Handlers } from "./handlers.ts";
import {
  checkCallbacks,
  checkOptions,
  type ClientOptions,
  makeEndpoint,
  OPTION_NAMES,
  usualPort,
} from "./options.ts";
import { type CoreSlot, Peer } from "./peer.ts";
import { PeerCore } from "./peer_core.ts";
import { BackOff } from "./reconnect.ts";
import { REAL_WORLD, type Timer, type World } from "./world.ts";

/** Where a client has its dialer, for the kinds of clients that can do more. */
export const DIALER: unique symbol = Symbol("dialer");

/**
 * A link that our side opens: a {@linkcode Peer} with callbacks and handlers of its own. `connect` makes a started
 * one, `createClient` one that waits for {@linkcode Client.start}. With the option `reconnect` it gets another link
 * whenever one is lost; callbacks, handlers, and what waits for an answer stay.
 */
export class Client extends Peer {
  readonly #slot: ClientSlot;
  readonly #target: { address: Address; kind: TransportKind };
  /** What opens the links: it may remember what it has opened. */
  readonly [DIALER]: Dialer;
  readonly #endpoint: Endpoint<Client>;
  readonly #handlers = new Handlers();
  readonly #signal: AbortSignal | undefined;
  readonly #world: World;
  readonly #backOff: BackOff | undefined;
  readonly #onOpen: ((client: Client) => unknown) | undefined;
  #starting: Promise<Client> | undefined;
  /** Ends what is under way: an attempt to connect, or the wait before one. */
  #stop: AbortController | undefined;
  #ready = quietly<Client>();
  #upSince = 0;
  #messagesAtUp = 0;
  #initialized = false;
  /** While `onOpen` is at work on a link that is up: rejects when that is lost. */
  #greeting: PromiseWithResolvers<never> | undefined;
  /** It was closed, or has given up, and was not started again. */
  #isOver = false;

  /** Use `connect` or `createClient`. */
  constructor(address: string, options: ClientOptions<Client> = {}, world: World = REAL_WORLD) {
    const target = world.resolve(address, usualPort(options));
    const { kind } = target;
    const names = [...OPTION_NAMES.client, ...kind.optionNames ?? []];
    checkOptions(target.address.scheme === "serial" ? "serial()" : "connect()", options, names);
    if (options.identity !== undefined && kind.dialer === undefined) {
      throw new UsageTypeError(
        `Cannot look for the device "${options.identity}" at ${target.address.href}: only serial ports are asked; ` +
          `whoever listens with "identity" is that device`,
      );
    }
    const slot = new ClientSlot(target.address.href);
    super(slot);
    this.#slot = slot;
    this.#target = target;
    this[DIALER] = kind.dialer?.(target.address, options) ?? {
      connect: (how) => kind.connect(target.address, how),
    };
    this.#world = world;
    this.#endpoint = makeEndpoint(options, this.#handlers, new Alarm(world), world, kind.dialect);
    this.#signal = options.signal;
    const { reconnect, onOpen } = options;
    if (onOpen !== undefined && typeof onOpen !== "function") {
      throw new UsageTypeError(`Cannot use ${String(onOpen)} as "onOpen": a function is wanted`);
    }
    this.#onOpen = onOpen;
    if (reconnect !== undefined && reconnect !== false) {
      if (reconnect !== true) checkOptions("reconnect", reconnect, OPTION_NAMES.reconnect);
      const { retryMs } = this[DIALER];
      const own = retryMs === undefined ? {} : { maxMs: retryMs };
      this.#backOff = new BackOff(reconnect === true ? own : { ...own, ...reconnect }, world);
    }
  }

  /** The address as it was asked for; `address` is what the link has found there, such as the device behind an id. */
  get target(): string {
    return this.#target.address.href;
  }

  /** The name of the dialect. */
  override get dialect(): string {
    return this.#endpoint.dialect.name;
  }

  /**
   * Where the link stands: `down` when it was lost and is being restored, `closed` when it has ended for good; `start`
   * begins anew then.
   */
  get state(): "idle" | "connecting" | "open" | "down" | "closed" {
    const core = this.#slot.core;
    if (core?.state === "open" && this.#greeting === undefined) return "open";
    if (this.#starting !== undefined) return "connecting";
    if (core === undefined) return "idle";
    return core.state === "down" ? "down" : "closed";
  }

  /**
   * Resolves with the client when messages may flow: at once while the link is up, otherwise when it is next. Rejects
   * when the client is closed, or gives up.
   */
  get ready(): Promise<this> {
    return this.isOpen && this.#greeting === undefined
      ? Promise.resolve(this)
      : this.#ready.promise as Promise<this>;
  }

  /**
   * Connects. Resolves with the client when the handshake is done; a client that is connected already stays so, and
   * one whose link has ended connects anew, with all its callbacks and handlers. With `reconnect` it goes on trying,
   * unless the other side will never have it.
   *
   * @throws {BrokenError} `refused`, `unreachable`, `unknown_host`, `no_such_path`, or `handshake` when the other
   * side closed the link.
   * @throws {TimeoutError} `timeout` not connected within `limits.connectMs` (10 s); `handshake` the dialect's
   * greeting was not answered within `limits.handshakeMs` (5 s).
   * @throws {ProtocolError} the other side speaks something else. @throws {RemoteError} it refused, as with `limit`.
   */
  start(): Promise<this> {
    const state = this.#slot.core?.state;
    if (state === "open" && this.#greeting === undefined) return Promise.resolve(this);
    if (state === "down") return this.ready;
    if (this.#starting === undefined) {
      const stop = this.#stop = new AbortController();
      if (this.#isOver) this.#ready = quietly();
      this.#isOver = false;
      // Not within this call: `onInitialize` finds the client connecting, and may start or close it.
      const started = Promise.resolve().then(() => this.#start(stop));
      this.#starting = started.finally(() => this.#starting = undefined);
    }
    return this.#starting as Promise<this>;
  }

  /**
   * Adds another set of callbacks, called after those before it.
   *
   * @returns takes it out again.
   */
  use(callbacks: Callbacks<Client>): () => void {
    checkOptions("use()", callbacks, OPTION_NAMES.callbacks);
    checkCallbacks(callbacks);
    const { chain } = this.#endpoint;
    chain.add(callbacks);
    return () => chain.remove(callbacks);
  }

  /** Calls `handler` when the other side sends the action `name`. */
  onAction(name: string, handler: Handler, options?: HandlerOptions): void {
    this.#handlers.onAction(name, handler, options);
  }

  /**
   * Answers the request `name` of the other side with what `handler` returns or resolves to. A generator function
   * answers part by part: see `stream`.
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

  /** Ends the link, or the attempt to connect. Resolves with the reason, never rejects, may be called again. */
  override async close(): Promise<CloseReason> {
    this.#stop?.abort(
      new ClosedError("closed", `Client of ${this.#slot.address} was closed while connecting`),
    );
    this.#slot.core?.close(); // ends a handshake under way
    await this.#starting?.catch(noop);
    return this.#slot.core?.close() ?? new CloseReason("closed", "Client was not connected", { byUs: true });
  }

  /** How the console shows a client. */
  [Symbol.for("Deno.customInspect")](): string {
    return `Client { ${this.address} ${this.dialect} ${this.state} }`;
  }

  async #start(stop: AbortController): Promise<this> {
    const { chain } = this.#endpoint;
    if (this.#signal?.aborted) {
      this.#failReady(this.#signal.reason);
      throw this.#signal.reason;
    }
    // The last link may still be closing, and stops the alarm when it is done.
    if (this.#slot.core !== undefined) await this.#slot.core.closed;
    if (!this.#initialized) {
      this.#initialized = true;
      chain.initialize(this);
    }
    this.#backOff?.reset();
    try {
      for (;;) {
        try {
          await this.#open(stop);
          return this;
        } catch (error) {
          if (isPermanent(error) || !await this.#wait(error, stop.signal)) throw error;
        }
      }
    } catch (error) {
      const core = this.#slot.core;
      if (core !== undefined && core.state !== "closed") {
        core.giveUp(endOf(error));
        await core.closed; // so that nothing of the attempt is left when the caller hears of it
      }
      const failure = this.#signal?.aborted ? this.#signal.reason : error;
      this.#failReady(failure);
      throw failure;
    }
  }

  /** One attempt: a transport, and the handshake on it. */
  async #open(stop: AbortController): Promise<void> {
    const transport = await this.#dial(stop);
    // At the last moment; and a kind that connects at once may not look at the signal.
    if (this.#signal?.aborted) stop.abort(this.#signal.reason);
    if (stop.signal.aborted) {
      transport.close();
      throw stop.signal.reason;
    }
    let core = this.#slot.core;
    if (core === undefined || core.isOver) core = this.#makeCore(transport);
    try {
      const opener = Promise.withResolvers<void>();
      core.attach(transport, opener);
      await opener.promise;
      if (this.#onOpen !== undefined) {
        await this.#greet(core, this.#onOpen);
        core.outgoing.up();
      }
    } catch (error) {
      if (core.isOver) await core.closed;
      this.#signal?.throwIfAborted();
      throw error;
    }
    this.#ready.resolve(this);
  }

  /** Runs `onOpen` on a link that has come up. When it fails, the link is of no use. */
  async #greet(core: PeerCore, onOpen: (client: Client) => unknown): Promise<void> {
    const greeting = this.#greeting = quietly<never>();
    const { openMs } = this.#endpoint.limits;
    const timer = this.#world.setTimer(() => {
      const text = `onOpen of ${core.label} was not done within ${openMs} ms (limits.openMs)`;
      greeting.reject(new TimeoutError("timeout", text));
    }, openMs);
    try {
      // Whatever it waits for may never come on a link that is lost, and closing the client waits for it.
      await Promise.race([onOpen(this), greeting.promise]);
      if (!core.isOpen) await greeting.promise; // which says why
    } catch (error) {
      const failure = error instanceof ParleyError
        ? error
        : new BrokenError("on_open", `onOpen of ${core.label} failed: ${asError(error).message}`, {
          cause: error,
        });
      if (core.isOpen) core.ended(failure);
      throw failure;
    } finally {
      this.#world.clearTimer(timer);
      this.#greeting = undefined;
    }
  }

  #makeCore(transport: Transport): PeerCore {
    const { alarm } = this.#endpoint;
    const core = new PeerCore(this.#endpoint as Endpoint, transport.remoteAddress, "client", {
      greets: this.#onOpen !== undefined,
      ready: () => this.#up(core),
      lost: (_core, reason) => {
        this.#ready = quietly();
        if (this.#greeting !== undefined) { // whoever has opened it tries again
          this.#greeting.reject(reason.error ?? new BrokenError("lost", reason.message));
          return;
        }
        queueMicrotask(() => this.#restore(core, reason)); // once everybody has heard that the link is down
      },
      ended: (_core, reason) => {
        alarm.stop();
        this.#greeting?.reject(reason.error ?? new ClosedError("closed", reason.message));
        if (this.#starting !== undefined) return; // whoever starts anew tells how that ends
        this.#failReady(reason.error ?? new ClosedError("closed", reason.message));
      },
      mayReturn: this.#backOff && ((_core, reason) => !isPermanent(reason.error)),
    });
    core.peer = this;
    this.#slot.take(core);
    alarm.start();
    const close = () => {
      this.#stop?.abort(this.#signal!.reason);
      core.close();
    };
    this.#signal?.addEventListener("abort", close);
    core.closed.then(() => this.#signal?.removeEventListener("abort", close));
    return core;
  }

  #up(core: PeerCore): void {
    this.#upSince = this.#world.now();
    this.#messagesAtUp = core.session.counts.messagesIn;
    if (this.#onOpen === undefined) this.#ready.resolve(this);
  }

  /** Nobody is ready any more, until `start`. */
  #failReady(error: unknown): void {
    this.#ready.reject(error);
    this.#ready = quietly();
    this.#ready.reject(error);
    this.#isOver = true;
  }

  /** The link is lost: tries to get another until there is one. */
  async #restore(core: PeerCore, lost: CloseReason): Promise<void> {
    if (core.isOver) return;
    const backOff = this.#backOff!;
    // A link that came up and was lost at once, without a word, is no better than none.
    const wasOfUse = core.session.counts.messagesIn > this.#messagesAtUp ||
      this.#world.now() - this.#upSince >= OF_USE_MS;
    if (wasOfUse) backOff.reset();
    else backOff.fail();
    const stop = this.#stop = new AbortController();
    let error: unknown;
    while (await this.#wait(error, stop.signal)) {
      try {
        return await this.#open(stop);
      } catch (thrown) {
        error = thrown;
        if (core.isOver || stop.signal.aborted) return;
        if (isPermanent(thrown)) break;
      }
    }
    if (core.isOver || stop.signal.aborted) return;
    core.giveUp(error === undefined ? lost.retrying(false) : endOf(error));
  }

  /** Waits before the next attempt; false when there is to be none. `error` is what the last one failed with. */
  async #wait(error: unknown, signal: AbortSignal): Promise<boolean> {
    const backOff = this.#backOff;
    if (backOff === undefined || signal.aborted) return false;
    const { chain } = this.#endpoint;
    const cause = error instanceof Error ? error : undefined;
    if (cause !== undefined) {
      backOff.fail();
      chain.fail(cause, this);
    }
    const inMs = backOff.next();
    if (inMs === undefined) return false;
    chain.event({ kind: "retry", attempt: backOff.failed + 1, inMs, error: cause }, this);
    if (signal.aborted || this.#signal?.aborted) return false; // by who was told
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#world.setTimer(resolve, inMs);
    signal.addEventListener("abort", () => resolve(), { once: true });
    const forward = () => resolve();
    this.#signal?.addEventListener("abort", forward);
    await promise;
    this.#world.clearTimer(timer);
    this.#signal?.removeEventListener("abort", forward);
    const { available } = this[DIALER];
    const isOver = () => signal.aborted || this.#signal?.aborted === true;
    if (available !== undefined && !isOver()) {
      const either = this.#signal === undefined ? signal : AbortSignal.any([signal, this.#signal]);
      await available.call(this[DIALER], either);
    }
    return !isOver();
  }

  async #dial(stop: AbortController): Promise<Transport> {
    const { address, kind } = this.#target;
    const standIn = askForStandIn(this);
    if (standIn !== undefined) {
      const transport = await standIn();
      return this[DIALER].adopt?.(transport) ?? transport;
    }
    const connectMs = Math.max(this.#endpoint.limits.connectMs, this[DIALER].leastMs ?? 0);
    stop.signal.throwIfAborted();
    const attempt = new AbortController();
    const text = `Cannot connect to ${address.href}: no connection within ${connectMs} ms (limits.connectMs)`;
    let timer: Timer | undefined;
    const forward = () => attempt.abort(stop.signal.reason);
    stop.signal.addEventListener("abort", forward);
    const end = () => stop.abort(this.#signal!.reason);
    this.#signal?.addEventListener("abort", end);
    try {
      const { signal } = attempt;
      const dialer = this[DIALER];
      if (dialer.prepare !== undefined) await dialer.prepare(signal);
      const giveUp = () => attempt.abort(new TimeoutError("timeout", text, { outcome: "not-sent" }));
      timer = this.#world.setTimer(giveUp, connectMs);
      const transport = await dialer.connect({ signal });
      const isDelicate = kind.isNoisy === true && this.#endpoint.dialect.isDelicate === true;
      if (!isDelicate) return transport;
      const { connectReliable } = await import("./reliable_line.ts"); // most programs need none of it
      const { baudRate, text: lineText } = transport.line ?? {};
      return await connectReliable(transport, { signal, baudRate, lineText, world: this.#world });
    } finally {
      this.#world.clearTimer(timer);
      stop.signal.removeEventListener("abort", forward);
      this.#signal?.removeEventListener("abort", end);
    }
  }
}

/** How long a link has to live to count as one of use, when it carried no message, in milliseconds. */
const OF_USE_MS = 1000;

/** What trying again cannot mend. */
const PERMANENT: ReadonlySet<string> = new Set([
  "usage",
  "permission",
  "not_native",
  "version",
  "auth",
  "tls",
  "bye",
  "ambiguous",
  "not_chosen",
  "not_serial",
  "unsupported",
]);

function isPermanent(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  return error instanceof ParleyError && PERMANENT.has(error.code);
}

/** Why the client gives up. */
function endOf(error: unknown): CloseReason {
  if (error instanceof ParleyError) return new CloseReason(error.code, error.message, { byUs: false, error });
  const broken = new BrokenError("io", String(error), { cause: error });
  return new CloseReason("io", broken.message, { byUs: false, error: broken });
}

/** A promise whose rejection does not end the program when nobody waits for it. */
function quietly<T>(): PromiseWithResolvers<T> {
  const waiting = Promise.withResolvers<T>();
  waiting.promise.catch(noop);
  return waiting;
}

function noop(): void {}

/** The conversation of a client: none before it starts, and a new one after each start. */
class ClientSlot implements CoreSlot {
  readonly address: string;
  #core: PeerCore | undefined;
  #closed = Promise.withResolvers<CloseReason>();

  constructor(address: string) {
    this.address = address;
  }

  get core(): PeerCore | undefined {
    return this.#core;
  }

  get closed(): Promise<CloseReason> {
    return this.#closed.promise;
  }

  take(core: PeerCore): void {
    if (this.#core !== undefined) this.#closed = Promise.withResolvers();
    this.#core = core;
    core.closed.then(this.#closed.resolve);
  }
}
