import type { Sheet } from "./sheet.ts";

export const leads: Sheet = Object.freeze({
  name: "leads",
  about: "LEADS vehicles",
  examples: [
    { about: "what the cars report", line: "parley listen tcp://0.0.0.0:16900 -d leads" },
    {
      about: "ten reports with times and senders, for a file",
      line: "parley listen tcp://0.0.0.0:16900 -d leads --count 10 --json > reports.jsonl",
    },
    { about: "say something to a box", line: "parley send tcp://10.0.0.2:16900 speed=12.5 -d leads" },
  ],
});
