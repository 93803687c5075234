import type { Transport } from "../transport/transport.ts";
import type { Client } from "./client.ts";
import type { Server } from "./server.ts";

/** What the event `"parley:dial"` carries: the client that is about to connect, and how to connect it otherwise. */
export interface DialRequest {
  /** Whose link is opened; its `target` is the address it was given. */
  readonly client: Client;
  /**
   * Has `open` called for the transport that the link uses instead of one to the address, where nothing is opened
   * then. When it throws, the attempt has failed with that error. The first one that is given counts.
   */
  standIn(open: () => Transport | Promise<Transport>): void;
  /** Has the attempt fail with the error that `why` returns, unless somebody stands in. */
  refuse(why: () => Error): void;
}

/** What the event `"parley:listen"` carries: a server that is bound and is about to accept, for those who look on. */
export interface ListenNotice {
  /** The server; `use` adds callbacks that see its first peer. */
  readonly server: Server;
}

/**
 * Asks whether somebody stands in for the other side: whoever runs a program without its devices listens to the global
 * event `"parley:dial"`, as `parley run --mock` does. `undefined` when nobody does.
 */
export function askForStandIn(client: Client): (() => Transport | Promise<Transport>) | undefined {
  let standIn: (() => Transport | Promise<Transport>) | undefined;
  let refusal: (() => Error) | undefined;
  const detail: DialRequest = {
    client,
    standIn: (open) => standIn ??= open,
    refuse: (why) => refusal ??= why,
  };
  globalThis.dispatchEvent(new CustomEvent("parley:dial", { detail }));
  if (standIn !== undefined || refusal === undefined) return standIn;
  const why = refusal;
  return () => {
    throw why();
  };
}
