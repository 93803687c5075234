import { Client, type Peer, type Server } from "../../mod.ts";
import type { ObjectIds } from "./object_ids.ts";
import { OrderError } from "./send_order.ts";
import type { WebSource } from "./web_source.ts";

/** Where something is to go, as the page says it: numbers of a link, and of one peer of a server. */
export interface Target {
  readonly link: number;
  readonly peer?: number;
}

/** Whom that means: one end, or a server with all of its peers. @throws {OrderError} nobody any more. */
export function targetOf(target: Target, source: WebSource, ids: ObjectIds): Peer | Server {
  const { link } = source.links().find(({ link }) => ids.of(link) === target.link) ?? {};
  if (link === undefined) throw new OrderError("Cannot send: this link is gone");
  if (link instanceof Client || target.peer === undefined) return link;
  const peer = [...link.peers].find((each) => ids.of(each) === target.peer);
  if (peer === undefined) throw new OrderError("Cannot send: this peer has left; choose another");
  return peer;
}
