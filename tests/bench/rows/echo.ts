import type { Row } from "../row.ts";

const QUIET = "no flood";
/** Enough keys for a p99 to mean something. */
const measureMs = 4000;

/** What a user notices of a link that sends more than anybody can read: how late a key is echoed at the prompt. */
export const echo: Row = {
  name: "echo",
  title: "From a key to its echo at the prompt (p50, p99)",
  unit: "ms",
  limit: QUIET,
  entries: [
    { name: QUIET, module: "console_echo", work: { measureMs } },
    { name: "20,000 lines/s", module: "console_echo", work: { measureMs, linesPerSecond: 20_000 } },
    { name: "as many as are read", module: "console_echo", work: { measureMs, linesPerSecond: 10_000_000 } },
  ],
  budgets: [{ text: "at most 200 ms", of: "20,000 lines/s", atMost: 200 }],
  notes: ["The program that measures, the one that sends and the console share the cores."],
  unavailable: () => Deno.build.os === "linux" ? undefined : "pseudo terminals are driven on Linux only",
};
