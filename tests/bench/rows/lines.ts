import type { Row } from "../row.ts";
import { python } from "./peers.ts";

const RAW = "raw, decode and split";

/** Lines of 64 bytes, split and handed over; all are fed by the same hand-written source. */
export const lines: Row = {
  name: "lines",
  title: "Lines received, 64 B with LF",
  unit: "/s",
  limit: RAW,
  entries: [
    { name: RAW, module: "raw_lines" },
    { name: "parley lines", module: "parley_lines" },
    python("Python, lines of makefile()", "python_split", "far_pump"),
  ],
  budgets: [
    { text: "at least 40% of the limit", of: "parley lines", against: RAW, atLeast: 0.4 },
    { text: "at least 4.00M/s", of: "parley lines", atLeast: 4e6 },
  ],
};

/** The same in the dialect `leads`. */
export const leads: Row = {
  name: "leads",
  title: "LEADS messages received, 64 B with separator",
  unit: "/s",
  limit: RAW,
  entries: [
    { name: RAW, module: "raw_lines", work: { separator: ";" } },
    { name: "parley leads", module: "parley_lines", work: { separator: ";" } },
    python("Python, 512 B at a time", "python_split", "far_pump", { separator: ";" }),
  ],
  budgets: [{ text: "at least 40% of the limit", of: "parley leads", against: RAW, atLeast: 0.4 }],
  notes: ["LEADS itself reads 512 bytes at a time, and hands over one message after the other."],
};
