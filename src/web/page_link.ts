import { Client, describeSettings, SerialClient } from "../../mod.ts";
import { sayingsOf } from "./doings.ts";
import type { ObjectIds } from "./object_ids.ts";
import type { PageLink, PagePeer } from "./page/wire.ts";
import type { WebLink } from "./web_source.ts";

/** A link as the page gets it. */
export function pageLink({ name, link, waiting }: WebLink, ids: ObjectIds): PageLink {
  const { messagesIn, messagesOut, bytesIn, bytesOut, faults, overflowed } = link.counts;
  const isClient = link instanceof Client;
  const isSerial = link instanceof SerialClient;
  return {
    id: ids.of(link),
    name,
    kind: isSerial ? "serial" : isClient ? "client" : "server",
    address: isSerial ? `${link.address} ${describeSettings(link.settings)}` : link.address,
    dialect: link.dialect,
    state: isClient ? link.state : link.isListening ? "listening" : "stopped",
    isOpen: isClient ? link.isOpen : link.peers.size > 0,
    peers: isClient ? [] : firstPeers(link.peers, ids),
    peerCount: isClient ? (link.isOpen ? 1 : 0) : link.peers.size,
    waiting,
    messagesIn,
    messagesOut,
    bytesIn,
    bytesOut,
    faults,
    unsent: overflowed,
    openedAt: link.openedAt,
    doings: sayingsOf(link.dialect).doings,
  };
}

function firstPeers(peers: Iterable<{ readonly address: string }>, ids: ObjectIds): PagePeer[] {
  const first: PagePeer[] = [];
  for (const peer of peers) {
    if (first.length >= MAX_PEERS) break;
    first.push({ id: ids.of(peer), address: peer.address });
  }
  return first;
}

/** Peers of a server that the page gets to see; more are only counted. */
const MAX_PEERS = 200;
