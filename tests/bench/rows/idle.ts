import type { Entry, Row } from "../row.ts";

/** Memory of the server for each connection that is open and silent. */
export const idle: Row = {
  name: "idle",
  title: "Memory of the server for one idle connection (of 4000)",
  unit: "KiB",
  limit: "raw, accepted",
  entries: [entry("raw, accepted", "raw_idle"), entry("parley native", "parley_idle")],
  budgets: [{
    text: "at most 9 KiB above a raw accepted connection",
    of: "parley native",
    against: "raw, accepted",
    by: "difference",
    atMost: 9,
  }],
  notes: [
    "The resident memory of the process, after a collection, that 4000 more connections add to the first 1000.",
  ],
};

function entry(name: string, module: string): Entry {
  return { name, module, work: { connections: 4000 }, flags: ["--v8-flags=--expose-gc"] };
}
