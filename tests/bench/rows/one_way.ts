import type { Budget, Entry, Row } from "../row.ts";
import { nats, ws, zeromq } from "./peers.ts";

/** Messages in one direction: how many a second reach `onReceive`. */
export function oneWay(messageBytes: number): Row {
  const work = { messageBytes };
  // A peer is asked where it is known to be the one to beat: a broker for small messages, zeromq for large ones.
  const large = messageBytes >= 1024;
  const entries: Entry[] = [
    { name: "raw, coalesced", module: "raw_pump", work },
    { name: "parley bytes", module: "parley_pump", work },
    ws("ws_pump", work),
    nats("nats_pump", work),
  ];
  return {
    name: `one-way-${messageBytes}`,
    title: `Messages one way, ${sizeOf(messageBytes)}`,
    unit: "/s",
    limit: "raw, coalesced",
    entries: large ? [...entries, zeromq("zeromq_pump", work)] : entries,
    budgets: [large ? LARGE : SMALL],
  };
}

const SMALL: Budget = {
  text: "at least 1.5 x NATS publish-subscribe",
  of: "parley bytes",
  against: "NATS",
  atLeast: 1.5,
};
const LARGE: Budget = {
  text: "at least level with zeromq",
  of: "parley bytes",
  against: "zeromq in Node",
  atLeast: 1,
};

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${bytes / 1024} KiB` : `${bytes / 1024 / 1024} MiB`;
}
