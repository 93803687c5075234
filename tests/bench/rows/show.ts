import type { Row } from "../row.ts";
import { python } from "./peers.ts";

const RAW = "raw, JSON by hand";
const work = { inFlight: 64 };

/** Requests on the wire of clever-show: two pieces of JSON each way. */
export const show: Row = {
  name: "clever-show",
  title: "clever-show requests answered, 64 B, 64 in flight",
  unit: "/s",
  limit: RAW,
  entries: [
    { name: RAW, module: "raw_show", work },
    { name: "parley clever-show", module: "parley_show", work },
    python("Python against raw", "python_show", "raw_show", work),
  ],
  budgets: [{ text: "at least 40% of the limit", of: "parley clever-show", against: RAW, atLeast: 0.4 }],
};
