import { Client } from "./client.ts";
import type {
  Contract,
  TypedClient,
  TypedClientOptions,
  TypedServer,
  TypedServerOptions,
} from "./contract.ts";
import type { ServerOptions } from "./options.ts";
import type { SerialOptions } from "../transport/serial/serial_dialer.ts";
import { SerialClient, type SerialClientOptions } from "./serial_client.ts";
import { Server } from "./server.ts";
import { isSerial } from "../transport/table.ts";

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
export function connect(address: `serial:${string}`, options?: SerialClientOptions): Promise<SerialClient>;
/** The same for every other address. */
export function connect(address: string, options?: SerialClientOptions): Promise<Client>;
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
  return createAsync(() => makeClient(address, options));
}

/**
 * Opens a serial port; the same as `connect("serial:…")`. The dialect is `lines` unless another is asked for.
 *
 * @param port `/dev/ttyUSB0`, `ttyUSB0`, `COM3`; `id:KORAD`: the device with that in its name, maker or serial number;
 * `usb:0403:6001`, `usb:0403:6001:A50285BI`; `auto`: the only one, or whichever is chosen. `serial:` may stand before it,
 * and settings behind it: `/dev/ttyUSB0?baud=9600`.
 * @throws {UsageTypeError} the port or an option is wrong.
 * @throws {BrokenError} `no_such_path`, `permission`, `busy`, `not_serial`, `ambiguous`, `unsupported`.
 *
 * @example
 * ```ts
 * import { serial } from "@parley/parley";
 * import { virtualSerialPair } from "@parley/parley/testing";
 * import assert from "node:assert/strict";
 *
 * await using pair = virtualSerialPair(); // two virtual ports and a cable
 * await using scale = await serial(pair.a.path, { onReceive: (line, peer) => peer.send(`${line}: 12.5 kg`) });
 * await using port = await serial(pair.b.path, { baudRate: 9600, reconnect: true });
 * assert.equal(await port.ask("weigh"), "weigh: 12.5 kg");
 * ```
 */
export function serial(port: string, options?: SerialClientOptions): Promise<SerialClient> {
  return createAsync(() =>
    new SerialClient(serialAddress(port), options) as SerialClient & Startable<SerialClient>
  );
}

/**
 * Listens on `address` and resolves with the server when it accepts. `tcp://:16900` and `tcp://:0` listen on this
 * machine only (127.0.0.1); name another address to be reached from outside.
 *
 * @throws {UsageTypeError} the address or an option is wrong. @throws what `Server.start` throws.
 *
 * @example
 * ```ts
 * import { connect, listen } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * await using server = await listen("tcp://:0", { maxPeers: 8 });
 * server.onRequest("time", () => Date.now());
 * await using client = await connect(server.address);
 * assert(await client.request("time") > 0);
 * ```
 */
export function listen(address: string, options?: ServerOptions<Server> & SerialOptions): Promise<Server>;
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
export function createClient(address: `serial:${string}`, options?: SerialClientOptions): SerialClient;
/** The same for every other address. */
export function createClient(address: string, options?: SerialClientOptions): Client;
/** The same with a contract. @typeParam C What both ends offer; see `Contract`. */
export function createClient<C extends Contract>(
  address: string,
  options?: TypedClientOptions<C>,
): TypedClient<C>;
export function createClient(address: string, options?: object): unknown {
  return makeClient(address, options);
}

/** A server that is not bound yet: `await server.start()` does it. @throws {UsageTypeError} */
export function createServer(address: string, options?: ServerOptions<Server> & SerialOptions): Server;
/** The same with a contract. @typeParam C What both ends offer; see `Contract`. */
export function createServer<C extends Contract>(
  address: string,
  options?: TypedServerOptions<C>,
): TypedServer<C>;
export function createServer(address: string, options?: object): unknown {
  return new Server(address, options);
}

/** Anything that is no text is refused with the address. */
function serialAddress(port: string): string {
  return typeof port !== "string" || isSerial(port) ? port : `serial:${port.trim()}`;
}

function makeClient(address: string, options?: object): Client {
  return isSerial(address) ? new SerialClient(address, options) : new Client(address, options);
}

/** What `start` makes a promise of. */
interface Startable<T> {
  start(): Promise<T>;
}

/** Started, with wrong usage as a rejection and not thrown past the promise. */
async function createAsync<T extends { start(): Promise<T> }>(make: () => T): Promise<T> {
  return await make().start();
}
