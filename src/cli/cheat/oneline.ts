import type { Sheet } from "./sheet.ts";

export const oneline: Sheet = Object.freeze({
  name: "oneline",
  about: "socket-oneline testers",
  examples: [
    { about: "a command, and its answer", line: "parley ask tcp://10.0.0.7:5001 cmd01 -d oneline" },
    {
      about: "commands from a file; the first without an answer ends it",
      line: "parley ask tcp://10.0.0.7:5001 -d oneline --timeout 5s < commands.txt",
    },
    {
      about: "stand in for a tester",
      line: "parley listen tcp://127.0.0.1:5001 -d oneline --reply OK",
    },
  ],
});
