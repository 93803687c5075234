import type { Sheet } from "./sheet.ts";

export const instrument: Sheet = Object.freeze({
  name: "instrument",
  about: "a lab instrument on the network or a cable",
  examples: [
    { about: "who is there?", line: "parley ask tcp://192.168.1.99:5025 '*IDN?' -d lines --timeout 2s" },
    {
      about: "several questions, one after the other",
      line: String.raw`printf '%s\n' 'VOLT?' 'CURR?' | parley ask tcp://192.168.1.99:5025 -d lines`,
    },
    {
      about: "the same with a profile (parley profiles --help)",
      line: "parley ask bench-psu 'VOLT?' 'CURR?'",
    },
    { about: "set it up, from a file", line: "parley send bench-psu < setup.scpi" },
    {
      about: "a measurement a second, with times, for a file",
      line: "parley ask bench-psu 'VOLT?' --interval 1s --count 10 --json > volt.jsonl",
    },
    {
      about: "put it on the network, for several programs",
      line: "parley bridge serial:id:KORAD tcp://:5025",
    },
  ],
});
