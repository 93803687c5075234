/**
 * The contestants that are not part of this repository, and what they need.
 *
 * @module
 */
import { NATS_FLAGS } from "../contestants/nats.ts";
import { whyNoNatsServer } from "../contestants/nats_server.ts";
import { WS_FLAGS } from "../contestants/ws.ts";
import { installZeromq } from "../contestants/zeromq.ts";
import type { Entry } from "../row.ts";

/** `ws` on both sides. */
export function ws(module: string, work: Entry["work"] = {}): Entry {
  return { name: "ws under Deno", module, work, flags: WS_FLAGS };
}

/** NATS: its broker, with a client under Deno on both sides. */
export function nats(module: string, work: Entry["work"] = {}): Entry {
  return { name: "NATS", module, work, flags: NATS_FLAGS, prepare: whyNoNatsServer };
}

/** zeromq in Node on both sides. */
export function zeromq(module: string, work: Entry["work"] = {}): Entry {
  return { name: "zeromq in Node", module, work, runtime: "node", prepare: installZeromq };
}
