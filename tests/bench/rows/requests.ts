import type { Budget, Row } from "../row.ts";
import { nats, ws } from "./peers.ts";

/** Requests with so many under way at once. */
export function requests(inFlight: number): Row {
  const work = { inFlight };
  return {
    name: `requests-${inFlight}`,
    title: `Requests answered, 64 B, ${inFlight} in flight`,
    unit: "/s",
    limit: "raw, callbacks",
    entries: [
      { name: "raw, callbacks", module: "raw_requests", work: { ...work, answers: "callback" } },
      { name: "raw, promises", module: "raw_requests", work },
      { name: "parley bytes", module: "parley_requests", work },
      { name: "parley msgpack list", module: "parley_requests", work: { ...work, argument: "list" } },
      { name: "parley msgpack object", module: "parley_requests", work: { ...work, argument: "object" } },
      { name: "parley bytes, session", module: "parley_requests", work: { ...work, session: true } },
      {
        name: "parley list, session",
        module: "parley_requests",
        work: { ...work, argument: "list", session: true },
      },
      ws("ws_requests", work),
      nats("nats_requests", work),
    ],
    budgets: [
      againstWs("parley bytes", 4),
      againstWs("parley msgpack list", 2),
      againstWs("parley msgpack object", 2),
      againstWs("parley bytes, session", 4),
      againstWs("parley list, session", 2),
    ],
    notes: [
      "The raw contestants match answers by a number and do nothing else; ws has no numbers, its answers come in order.",
      '"msgpack list" carries `[12345, 64 bytes]` both ways, "msgpack object" an object of 5 keys (59 bytes packed).',
      '"session": the client comes back after a lost link, so every frame is numbered, acknowledged, and kept until then.',
    ],
  };
}

function againstWs(of: string, atLeast: number): Budget {
  return { text: `at least ${atLeast} x ws`, of, against: "ws under Deno", atLeast };
}
