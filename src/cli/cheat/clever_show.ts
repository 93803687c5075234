import type { Sheet } from "./sheet.ts";

export const cleverShow: Sheet = Object.freeze({
  name: "clever-show",
  about: "drone shows",
  examples: [
    { about: "how is this drone?", line: "parley request tcp://10.0.0.3:25000 telemetry -d clever-show" },
    {
      about: "once a second, until Ctrl-C",
      line: "parley request tcp://10.0.0.3:25000 selfcheck -d clever-show --interval 1s --json",
    },
    { about: "be their server", line: "parley listen tcp://0.0.0.0:25000 -d clever-show --handlers show.ts" },
  ],
});
