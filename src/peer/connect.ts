import { Client } from "./client.ts";
import type {
  Contract,
  TypedClient,
  TypedClientOptions,
  TypedServer,
  TypedServerOptions,
} from "./contract.ts";
import type { ClientOptions, ServerOptions } from "./options.ts";
import { Server } from "./server.ts";

/**
 * Connects to `address` and resolves with the client when messages may flow.
 *
 * @param address `tcp://host:port`, `unix:///path`, `memory://name`; `tcp://:16900` is this machine.
 * @throws {UsageTypeError} the address or an option is wrong. @throws what `Client.start` throws.
 *
 * @example
 * ```ts
 * import { connect, listen } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * await using server = await listen("tcp://127.0.0.1:0");
 * server.onRequest("time", () => Date.now());
 *
 * await using client = await connect(server.address);
 * assert(await client.request("time") > 0);
 * ```
 */
export function connect(address: string, options?: ClientOptions<Client>): Promise<Client>;
/**
 * The same with a contract, `connect<Scale>(…)`: what may be called there, what is answered here, and all their
 * types follow from `C`.
 *
 * @typeParam C What both ends offer; see `Contract`.
 */
export function connect<C extends Contract>(
  address: string,
  options?: TypedClientOptions<C>,
): Promise<TypedClient<C>>;
export function connect(address: string, options?: object): Promise<unknown> {
  return createAsync(() => new Client(address, options));
}

/**
 * Listens on `address` and resolves with the server when it accepts. `tcp://:16900` and `tcp://:0` listen on this
 * machine only (127.0.0.1); name another address to be reached from outside.
 *
 * @throws {UsageTypeError} the address or an option is wrong. @throws what `Server.start` throws.
 */
export function listen(address: string, options?: ServerOptions<Server>): Promise<Server>;
/**
 * The same with a contract, `listen<Scale>(…)`: what is answered here, what the peers may be asked, and all their
 * types follow from `C`.
 *
 * @typeParam C What both ends offer; see `Contract`.
 */
export function listen<C extends Contract>(
  address: string,
  options?: TypedServerOptions<C>,
): Promise<TypedServer<C>>;
export function listen(address: string, options?: object): Promise<unknown> {
  return createAsync(() => new Server(address, options));
}

/** A client that is not connected yet: `await client.start()` does it. @throws {UsageTypeError} */
export function createClient(address: string, options?: ClientOptions<Client>): Client;
/** The same with a contract. @typeParam C What both ends offer; see `Contract`. */
export function createClient<C extends Contract>(
  address: string,
  options?: TypedClientOptions<C>,
): TypedClient<C>;
export function createClient(address: string, options?: object): unknown {
  return new Client(address, options);
}

/** A server that is not bound yet: `await server.start()` does it. @throws {UsageTypeError} */
export function createServer(address: string, options?: ServerOptions<Server>): Server;
/** The same with a contract. @typeParam C What both ends offer; see `Contract`. */
export function createServer<C extends Contract>(
  address: string,
  options?: TypedServerOptions<C>,
): TypedServer<C>;
export function createServer(address: string, options?: object): unknown {
  return new Server(address, options);
}

/** Started, with wrong usage as a rejection and not thrown past the promise. */
async function createAsync<T extends { start(): Promise<T> }>(make: () => T): Promise<T> {
  return await make().start();
}
