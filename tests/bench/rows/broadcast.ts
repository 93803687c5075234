import { WS_FLAGS } from "../contestants/ws.ts";
import type { Row } from "../row.ts";

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
    { name: "ws under Deno", module: "ws_broadcast", work, flags: WS_FLAGS },
  ],
  // The broker itself is not started here: where the budget comes from, it delivered 23% of this limit.
  budgets: [{
    text: "at least 2 x NATS, taken as 46% of the limit",
    of: "parley lines",
    against: "raw, coalesced",
    atLeast: 0.46,
  }],
  notes: [
    "All clients are one process that counts bytes; the publisher sends bursts of 64 and runs ahead of the counting by 4 bursts at most.",
  ],
};
