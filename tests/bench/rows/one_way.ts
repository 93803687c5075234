import { WS_FLAGS } from "../contestants/ws.ts";
import type { Budget, Entry, Row } from "../row.ts";

/** Messages in one direction: how many a second reach `onReceive`. */
export function oneWay(messageBytes: number, budgets: readonly Budget[], notes: readonly string[] = []): Row {
  const size = messageBytes < 1024 ? `${messageBytes} B` : `${messageBytes / 1024} KiB`;
  const entry = (name: string, module: string): Entry => ({ name, module, work: { messageBytes } });
  return {
    name: `one-way-${messageBytes}`,
    title: `Messages one way, ${size}`,
    unit: "/s",
    limit: "raw, coalesced",
    entries: [
      entry("raw, coalesced", "raw_pump"),
      entry("parley bytes", "parley_pump"),
      { ...entry("ws under Deno", "ws_pump"), flags: WS_FLAGS },
    ],
    budgets,
    notes,
  };
}

/** The broker itself is not started here: where the budget comes from, it carried 1.94 times what ws did. */
export const brokerBudget: Budget = {
  text: "at least 1.5 x NATS, taken as 2.9 x ws",
  of: "parley bytes",
  against: "ws under Deno",
  atLeast: 2.9,
};
