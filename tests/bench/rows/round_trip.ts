import type { Row } from "../row.ts";
import { nats, ws } from "./peers.ts";

/** One request of 64 bytes after the other: what a user waits for an answer on an idle link. */
export const roundTrip: Row = {
  name: "round-trip",
  title: "Round trip, 64 B, one in flight (p50, p99)",
  unit: "µs",
  limit: "raw echo",
  // Whether the other core has gone to sleep in between decides more than any code does: look more often.
  turnsPerRound: 3,
  entries: [
    { name: "raw echo", module: "raw_echo" },
    { name: "parley bytes", module: "parley_requests" },
    { name: "parley msgpack list", module: "parley_requests", work: { argument: "list" } },
    ws("ws_requests"),
    nats("nats_requests"),
  ],
  budgets: [
    { text: "at most 1.5 x a raw echo", of: "parley bytes", against: "raw echo", atMost: 1.5 },
    { text: "below ws", of: "parley bytes", against: "ws under Deno", atMost: 1 },
    { text: "at most 1.5 x a raw echo", of: "parley msgpack list", against: "raw echo", atMost: 1.5 },
    { text: "below ws", of: "parley msgpack list", against: "ws under Deno", atMost: 1 },
  ],
  notes: [
    "A turn has one of two speeds, some five times apart, by whether the cores sleep between the messages: hold only" +
    " turns of one speed against each other, the smallest of each entry when in doubt.",
    '"msgpack list" carries `[12345, 64 bytes]` both ways.',
  ],
};
