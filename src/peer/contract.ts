/**
 * Contracts: one exported type that says what both ends of a link offer, and the typed views of clients, servers and
 * peers that follow from it. Types only; nothing here exists at run time.
 *
 * @module
 */
import type { Answers } from "./answers.ts";
import type { Call } from "./call.ts";
import type { Callbacks } from "./callbacks.ts";
import type { Client } from "./client.ts";
import type {
  AnswerOf,
  ArgumentsOf,
  CallArguments,
  CallOf,
  NamesOf,
  SignatureOf,
  TableOf,
  WithPeer,
} from "./contract_parts.ts";
import type { FanOutOptions } from "./fan_out.ts";
import type { HandlerOptions } from "./handler_entry.ts";
import type { ClientOptions, ServerOptions } from "./options.ts";
import type { ActionOptions, Peer, RequestOptions } from "./peer.ts";
import type { Server } from "./server.ts";

/** What one end offers: functions whose parameters are the arguments and whose result is the answer. */
export interface Offer {
  /** The requests, by name. An answer may be given as a promise or not, whatever is written here. */
  requests?: object;
  /** The actions, by name; what they return goes nowhere. */
  actions?: object;
  /** The requests that answer with a stream, by name; the result is one part of it. */
  streams?: object;
}

/**
 * What a link is for: what the listening end offers, and under `client` what the connecting end offers in return.
 *
 * @example
 * ```ts
 * import { connect, listen } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * type Scale = {
 *   requests: { weigh(unit: string): number };
 *   actions: { tare(): void };
 *   client: { requests: { confirm(text: string): boolean } };
 * };
 *
 * await using server = await listen<Scale>("memory://scale");
 * server.onRequest("weigh", (_call, unit) => unit === "g" ? 1500 : 1.5);
 *
 * await using client = await connect<Scale>("memory://scale");
 * const weight: number = await client.request("weigh", "kg");
 * assert.equal(weight, 1.5);
 * ```
 */
export interface Contract extends Offer {
  /** What the connecting end offers. */
  client?: Offer;
}

/** The contract as the other end sees it: what it offers on top, what it may call under `client`. */
export interface Reverse<C extends Contract> extends Contract {
  /** The requests of the connecting end. */
  requests: TableOf<C["client"], "requests">;
  /** The actions of the connecting end. */
  actions: TableOf<C["client"], "actions">;
  /** The streams of the connecting end. */
  streams: TableOf<C["client"], "streams">;
  /** What the listening end offers. */
  client: {
    requests: TableOf<C, "requests">;
    actions: TableOf<C, "actions">;
    streams: TableOf<C, "streams">;
  };
}

/**
 * A client that may call what `C` offers and offers `C["client"]`; what `connect<C>` resolves with. A
 * `Client` may be assigned to it, for where both are wanted; the other way round takes `as unknown as Client`.
 */
export interface TypedClient<C extends Contract>
  extends
    Omit<Client, "request" | "action" | "stream" | "onRequest" | "onAction" | "use" | "start">,
    Calls<C>,
    Offers<Reverse<C>> {
  /** As `Client.start`. */
  start(): Promise<TypedClient<C>>;
  /** As `Client.use`. */
  use(callbacks: TypedCallbacks<TypedClient<C>, TypedPeer<C>>): () => void;
}

/**
 * A server that offers what `C` says and whose peers offer `C["client"]`; what `listen<C>` resolves with. A
 * `Server` may be assigned to it, for where both are wanted; the other way round takes `as unknown as Server`.
 */
export interface TypedServer<C extends Contract>
  extends Omit<Server, "onRequest" | "onAction" | "use" | "start" | "peers" | "request">, Offers<C> {
  /** As `Server.request`: what the connecting end offers. */
  request<Name extends NamesOf<C["client"], "requests">>(
    name: Name,
    ...rest: CallArguments<
      ArgumentsOf<SignatureOf<C["client"], "requests", Name>>,
      Omit<RequestOptions, "key"> & FanOutOptions
    >
  ): Answers<AnswerOf<SignatureOf<C["client"], "requests", Name>>>;
  /** As `Server.peers`. */
  readonly peers: ReadonlySet<TypedPeer<Reverse<C>>>;
  /** As `Server.start`. */
  start(): Promise<TypedServer<C>>;
  /** As `Server.use`. */
  use(callbacks: TypedCallbacks<TypedServer<C>, TypedPeer<Reverse<C>>>): () => void;
}

/** A peer that offers what `C` says. */
export interface TypedPeer<C extends Contract>
  extends Omit<Peer, "request" | "action" | "stream">, Calls<C> {}

/** What a handler of `C` knows of the call it answers; its peer offers `C["client"]`. */
export interface TypedCall<C extends Contract> extends Omit<Call, "peer"> {
  /** Who called. */
  readonly peer: TypedPeer<Reverse<C>>;
}

/** How to call what `C` offers. */
export interface Calls<C extends Contract> {
  /** As `Peer.request`: one argument as it is, several as a list; the answer is of the type that `C` says. */
  request<Name extends NamesOf<C, "requests">>(
    name: Name,
    ...rest: CallArguments<ArgumentsOf<SignatureOf<C, "requests", Name>>, RequestOptions>
  ): Promise<AnswerOf<SignatureOf<C, "requests", Name>>>;
  /** As `Peer.action`. */
  action<Name extends NamesOf<C, "actions">>(
    name: Name,
    ...rest: CallArguments<ArgumentsOf<SignatureOf<C, "actions", Name>>, ActionOptions>
  ): Promise<void>;
  /** As `Peer.stream`: the parts of the answer as they come. */
  stream<Name extends NamesOf<C, "streams">>(
    name: Name,
    ...rest: CallArguments<
      ArgumentsOf<SignatureOf<C, "streams", Name>>,
      Pick<RequestOptions, "kwargs" | "timeoutMs" | "signal">
    >
  ): AsyncGenerator<AnswerOf<SignatureOf<C, "streams", Name>>, void, void>;
}

/** How to register what `C` offers. */
export interface Offers<C extends Contract> {
  /** As `Handlers.onAction`. */
  onAction<Name extends ActionName<C>>(
    name: Name,
    handler: ActionHandler<C, Name>,
    options?: HandlerOptions,
  ): void;
  /** As `Handlers.onRequest`; the handler of a stream is an async generator. */
  onRequest<Name extends RequestName<C>>(
    name: Name,
    handler: RequestHandler<C, Name>,
    options?: HandlerOptions,
  ): void;
}

/** The names that `onAction` takes. */
export type ActionName<C extends Contract> = NamesOf<C, "actions">;

/** The names that `onRequest` takes: those of requests and of streams. */
export type RequestName<C extends Contract> = NamesOf<C, "requests"> | NamesOf<C, "streams">;

/** The handler of an action. What it returns goes nowhere. */
export type ActionHandler<C extends Contract, Name> = (
  call: CallOf<C>,
  ...args: ArgumentsOf<SignatureOf<C, "actions", Name>>
) => unknown;

/** The handler of a request, whose answer may be a promise, or of a stream, most often an async generator. */
export type RequestHandler<C extends Contract, Name> = Name extends NamesOf<C, "requests"> ? (
    call: CallOf<C>,
    ...args: ArgumentsOf<SignatureOf<C, "requests", Name>>
  ) => AnswerOf<SignatureOf<C, "requests", Name>> | PromiseLike<AnswerOf<SignatureOf<C, "requests", Name>>>
  : (
    call: CallOf<C>,
    ...args: ArgumentsOf<SignatureOf<C, "streams", Name>>
  ) => Parts<AnswerOf<SignatureOf<C, "streams", Name>>>;

/** What a generator function returns, asynchronous or not. */
export type Parts<Part> =
  | AsyncIterableIterator<Part, unknown, unknown>
  | IterableIterator<Part, unknown, unknown>;

/** `Callbacks` whose peers are typed. */
export type TypedCallbacks<Endpoint, P> = {
  [Hook in keyof Callbacks<Endpoint>]: WithPeer<Callbacks<Endpoint>[Hook], P>;
};

/** The options of `connect<C>` and `createClient<C>`. */
export type TypedClientOptions<C extends Contract> =
  & Omit<ClientOptions, keyof Callbacks>
  & TypedCallbacks<TypedClient<C>, TypedPeer<C>>;

/** The options of `listen<C>` and `createServer<C>`. */
export type TypedServerOptions<C extends Contract> =
  & Omit<ServerOptions, keyof Callbacks>
  & TypedCallbacks<TypedServer<C>, TypedPeer<Reverse<C>>>;
