import type { Row } from "../row.ts";
import { nats, ws } from "./peers.ts";

const work = { connections: 1000 };

/** One message to a thousand clients, again and again: how many a second arrive, all clients together. */
export const broadcast: Row = {
  name: "broadcast",
  title: "Broadcast to 1000 clients, 64 B on the wire, delivered",
  unit: "/s",
  limit: "raw, coalesced",
  entries: [
    { name: "raw, coalesced", module: "raw_broadcast", work },
    { name: "parley lines", module: "parley_broadcast", work },
    ws("ws_broadcast", work),
    nats("nats_broadcast", work),
  ],
  budgets: [{ text: "at least 2 x NATS", of: "parley lines", against: "NATS", atLeast: 2 }],
  notes: [
    "All clients are one process that counts bytes; the publisher sends bursts of 64 and runs ahead of the counting by 4 bursts at most.",
    "NATS: one client publishes and the broker sends to the thousand; each message is 15 bytes longer on the wire.",
  ],
};
