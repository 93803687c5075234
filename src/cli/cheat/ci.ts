import type { Sheet } from "./sheet.ts";

export const ci: Sheet = Object.freeze({
  name: "ci",
  about: "scripts and CI jobs; the exit code tells what went wrong (parley --help)",
  examples: [
    {
      about: "wait for a server that is being started",
      line: "parley request tcp://127.0.0.1:16900 ping --retry 30s",
    },
    { about: "compare an answer", line: `test "$(parley ask bench-psu 'VOLT?')" = 5.01` },
    {
      about: "what kind of failure was it?",
      line: `parley ask tcp://192.168.1.99:5025 'NOPE?' -d lines -t 1s 2>why.txt || echo "exit code $?"`,
    },
    {
      about: "wait for a word from a device, no longer than that",
      line: "parley monitor serial:/dev/ttyUSB0 --until PASS --timeout 60s </dev/null",
    },
    { about: "a script, such as .save makes", line: "parley run demo.ts" },
    {
      about: "a few lines of TypeScript, without a file",
      line: `echo 'const c = await connect("tcp://127.0.0.1:16900"); await c.request("heat", 180)' | parley`,
    },
  ],
});
