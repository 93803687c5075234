import assert from "node:assert/strict";
import { questionOf } from "../../src/console/question.ts";

Deno.test("a name or a chain with a question mark is a question, and nothing that could be code is", () => {
  const cases: [string, string | undefined][] = [
    ["listen?", "listen"],
    [" psu.ask? ", "psu.ask"],
    ["psu.ask()?", "psu.ask"],
    ["?listen", "listen"],
    ["?? listen", "listen"],
    ["listen??", "listen"],
    ['fleet["drone-3"].x?', 'fleet["drone-3"].x'],
    [".save?", ".save"],
    ["größe?", "größe"],
    ["ready ?", undefined],
    ["a ? b : c", undefined],
    ["a?.b", undefined],
    ["a ?? b", undefined],
    ["a?\nb : c", undefined],
    ["f(1)?", undefined],
    ["?", undefined],
    ["1?", undefined],
    ["", undefined],
  ];
  for (const [input, question] of cases) assert.equal(questionOf(input), question, input);
});
