import type { Row } from "../row.ts";

/** Lines of 64 bytes, split and handed over; both are fed by the same hand-written source. */
export const lines: Row = {
  name: "lines",
  title: "Lines received, 64 B with LF",
  unit: "/s",
  limit: "raw, decode and split",
  entries: [
    { name: "raw, decode and split", module: "raw_lines" },
    { name: "parley lines", module: "parley_lines" },
  ],
  budgets: [
    { text: "at least 40% of the limit", of: "parley lines", against: "raw, decode and split", atLeast: 0.4 },
    { text: "at least 4.00M/s", of: "parley lines", atLeast: 4e6 },
  ],
};
