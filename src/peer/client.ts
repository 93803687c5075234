import { ClosedError, TimeoutError } from "../errors.ts";
import { parseAddress } from "../transport/table.ts";
import type { Transport } from "../transport/transport.ts";
import { Alarm } from "./alarm.ts";
import type { Callbacks } from "./callbacks.ts";
import { CloseReason } from "./close_reason.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Handler, Handlers } from "./handlers.ts";
import { checkCallbacks, checkOptions, type ClientOptions, makeEndpoint, OPTION_NAMES } from "./options.ts";
import { type CoreSlot, Peer } from "./peer.ts";
import { PeerCore } from "./peer_core.ts";

/**
 * A link that our side opens: a {@linkcode Peer} with callbacks and handlers of its own. `connect` makes a started
 * one, `createClient` one that waits for {@linkcode Client.start}.
 */
export class Client extends Peer {
  readonly #slot: ClientSlot;
  readonly #parsed: ReturnType<typeof parseAddress>;
  readonly #endpoint: Endpoint<Client>;
  readonly #handlers = new Handlers();
  readonly #signal: AbortSignal | undefined;
  #starting: Promise<this> | undefined;
  #stopStarting: AbortController | undefined;
  #initialized = false;

  /** Use `connect` or `createClient`. */
  constructor(address: string, options: ClientOptions<Client> = {}) {
    const parsed = parseAddress(address);
    checkOptions("connect()", options, OPTION_NAMES.client);
    const slot = new ClientSlot(parsed.address.href);
    super(slot);
    this.#slot = slot;
    this.#parsed = parsed;
    const alarm = new Alarm((now) => {
      this.#slot.core?.tick(now);
      return this.#slot.core?.nextTickAt ?? Infinity;
    });
    this.#endpoint = makeEndpoint(options, this.#handlers, alarm);
    this.#signal = options.signal;
  }

  /** The name of the dialect. */
  override get dialect(): string {
    return this.#endpoint.dialect.name;
  }

  /** Where the link stands. */
  get state(): "idle" | "connecting" | "open" | "closed" {
    if (this.isOpen) return "open";
    if (this.#starting !== undefined) return "connecting";
    return this.#slot.core === undefined ? "idle" : "closed";
  }

  /**
   * Connects. Resolves with the client when the handshake is done; a client that is connected already stays so, and
   * one whose link has ended connects anew, with all its callbacks and handlers.
   *
   * @throws {BrokenError} `refused`, `unreachable`, `unknown_host`, `no_such_path`, or `handshake` when the other
   * side closed the link.
   * @throws {TimeoutError} `timeout` not connected within `limits.connectMs` (10 s); `handshake` the dialect's
   * greeting was not answered within `limits.handshakeMs` (5 s).
   * @throws {ProtocolError} the other side speaks something else. @throws {RemoteError} it refused, as with `limit`.
   */
  start(): Promise<this> {
    if (this.isOpen) return Promise.resolve(this);
    if (this.#starting === undefined) {
      const stop = this.#stopStarting = new AbortController();
      // Not within this call: `onInitialize` finds the client connecting, and may start or close it.
      const started = Promise.resolve().then(() => this.#start(stop));
      this.#starting = started.finally(() => this.#starting = undefined);
    }
    return this.#starting;
  }

  /** Adds another set of callbacks, called after those before it. */
  use(callbacks: Callbacks<Client>): void {
    checkOptions("use()", callbacks, OPTION_NAMES.callbacks);
    checkCallbacks(callbacks);
    this.#endpoint.chain.add(callbacks);
  }

  /** Calls `handler` when the other side sends the action `name`. */
  onAction(name: string, handler: Handler): void {
    this.#handlers.onAction(name, handler);
  }

  /** Answers the request `name` of the other side with what `handler` returns or resolves to. */
  onRequest(name: string, handler: Handler): void {
    this.#handlers.onRequest(name, handler);
  }

  /** Ends the link, or the attempt to connect. Resolves with the reason, never rejects, may be called again. */
  override async close(): Promise<CloseReason> {
    this.#stopStarting?.abort(
      new ClosedError("closed", `Client of ${this.#slot.address} was closed while connecting`),
    );
    this.#slot.core?.close(); // ends a handshake under way
    await this.#starting?.catch(() => {});
    return this.#slot.core?.close() ?? new CloseReason("closed", "Client was not connected", { byUs: true });
  }

  /** How the console shows a client. */
  [Symbol.for("Deno.customInspect")](): string {
    return `Client { ${this.address} ${this.dialect} ${this.state} }`;
  }

  async #start(stop: AbortController): Promise<this> {
    const { chain, alarm } = this.#endpoint;
    this.#signal?.throwIfAborted();
    // The last link may still be closing, and stops the alarm when it is done.
    if (this.#slot.core !== undefined) await this.#slot.core.closed;
    if (!this.#initialized) {
      this.#initialized = true;
      chain.initialize(this);
    }
    const transport = await this.#dial(stop);
    // At the last moment; and a kind that connects at once may not look at the signal.
    if (this.#signal?.aborted) stop.abort(this.#signal.reason);
    if (stop.signal.aborted) {
      transport.close();
      throw stop.signal.reason;
    }
    const core = new PeerCore(this.#endpoint, transport, "client", { ended: () => alarm.stop() });
    core.peer = this;
    this.#slot.take(core);
    alarm.start();
    const close = () => core.close();
    this.#signal?.addEventListener("abort", close);
    core.closed.then(() => this.#signal?.removeEventListener("abort", close));
    try {
      await core.open();
    } catch (error) {
      await core.closed; // so that nothing of the attempt is left when the caller hears of it
      this.#signal?.throwIfAborted();
      throw error;
    }
    return this;
  }

  async #dial(stop: AbortController): Promise<Transport> {
    const { address, kind } = this.#parsed;
    const { connectMs } = this.#endpoint.limits;
    stop.signal.throwIfAborted();
    const text = `Cannot connect to ${address.href}: no connection within ${connectMs} ms (limits.connectMs)`;
    const timer = setTimeout(
      () => stop.abort(new TimeoutError("timeout", text, { outcome: "not-sent" })),
      connectMs,
    );
    const forward = () => stop.abort(this.#signal!.reason);
    this.#signal?.addEventListener("abort", forward);
    try {
      return await kind.connect(address, { signal: stop.signal });
    } finally {
      clearTimeout(timer);
      this.#signal?.removeEventListener("abort", forward);
    }
  }
}

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
