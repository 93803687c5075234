import type { Sheet } from "./sheet.ts";

export const server: Sheet = Object.freeze({
  name: "server",
  about: "servers, real ones and stand-ins",
  examples: [
    {
      about: "stand in for an instrument",
      line: "parley listen tcp://127.0.0.1:5025 -d lines --reply 'ACME,3000,0,1.0'",
    },
    { about: "say back what comes", line: "parley listen tcp://127.0.0.1:5025 -d lines --echo" },
    {
      about: "functions of a file answer requests",
      line: "parley listen tcp://127.0.0.1:16900 --handlers oven.ts",
    },
    { about: "what does it have handlers for?", line: "parley describe tcp://127.0.0.1:16900" },
    { about: "call one of them", line: "parley request tcp://127.0.0.1:16900 heat 180 --json" },
    {
      about: "an answer in parts, each a line",
      line: "parley request tcp://127.0.0.1:16900 readings 3 --stream",
    },
    {
      about: "an argument from a file",
      line: "parley request tcp://127.0.0.1:16900 load - < recipe.json",
    },
  ],
});
