import { type Client, type ClientOptions, connect, listen, type Peer, type Server } from "@parley/parley";
import type { ServerOptions } from "@parley/parley";
import { CutProxy } from "./cut_proxy.ts";
import { LinkLog } from "./link_log.ts";

/** A server, and a client that comes back to it through a proxy at once. */
export class Linked implements AsyncDisposable {
  readonly server: Server;
  readonly proxy: CutProxy;
  readonly client: Client;
  /** What the client tells, and what the server tells. */
  readonly here: LinkLog;
  readonly there: LinkLog;
  /** The server's view of the client. */
  readonly peer: Peer;

  private constructor(server: Server, proxy: CutProxy, client: Client, here: LinkLog, there: LinkLog) {
    this.server = server;
    this.proxy = proxy;
    this.client = client;
    this.here = here;
    this.there = there;
    this.peer = [...server.peers][0];
  }

  static async up(
    options: ServerOptions<Server> = {},
    clientOptions: ClientOptions<Client> = {},
  ): Promise<Linked> {
    const [here, there] = [new LinkLog(), new LinkLog()];
    const server = await listen("tcp://127.0.0.1:0", { ...there.callbacks, ...options });
    const proxy = new CutProxy(server.port);
    const reconnect = { minMs: 1, maxMs: 1 };
    const client = await connect(proxy.address, { reconnect, ...here.callbacks, ...clientOptions });
    await there.until("connect");
    return new Linked(server, proxy, client, here, there);
  }

  /** The link is lost, and both sides know. It does not come back before `restore`. */
  async lose(): Promise<void> {
    this.proxy.hold();
    this.proxy.cut();
    await Promise.all([this.here.until("disconnect"), this.there.until("disconnect")]);
  }

  /** There is a link again. */
  async restore(): Promise<void> {
    this.proxy.forward();
    await Promise.all([this.here.until("connect"), this.there.until("connect")]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.proxy.forward();
    await this.client.close();
    await this.server.close();
    await this.proxy[Symbol.asyncDispose]();
  }
}
