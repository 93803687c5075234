import assert from "node:assert/strict";
import { CodeScanner } from "../../../src/console/evaluator/code_scanner.ts";

/** Texts, whether their end is code, and whether everything is closed there. */
const samples: [string, boolean, boolean][] = [
  ["", true, true],
  ["a + b", true, true],
  ["f(a, [b, { c", true, false],
  ["f(a, [b, { c }])", true, true],
  ["'a", false, false],
  ["'a\\'", false, false],
  ["'a\\\\'", true, true],
  ["'a\nb", true, true],
  ["'a\\\nb", false, false],
  ["`a\nb", false, false],
  ["`a${b", true, false],
  ["`a${{ c: `${d}` }}", false, false],
  ["`a${{ c: `${d}` }}`", true, true],
  ["`$\\{a", false, false],
  ["// a(", false, true],
  ["// a \\\nb", true, true],
  ["/* a", false, false],
  ["/* a *\\/", false, false],
  ["/* a \\*/", true, true],
  ["/*/", false, false],
  ["a / b / c", true, true],
  ["a / '", false, false],
  ["'a' / b", true, true],
  ["/a/ / b", true, true],
  ["x = /'/", true, true],
  ["x = /[/']/g", true, true],
  ["x = /\\/'", false, false],
  ["return /'", false, false],
  ["f(/[(]/)", true, true],
  ["f() / '", false, false],
];

Deno.test("CodeScanner tells code from text, in pieces of any size", () => {
  for (const [text, isCode, isClosed] of samples) {
    const whole = new CodeScanner().feed(text);
    assert.deepEqual([whole.isCode, whole.isClosed], [isCode, isClosed], JSON.stringify(text));
    const pieces = new CodeScanner();
    for (const character of text) pieces.feed(character);
    assert.deepEqual(
      [pieces.isCode, pieces.isClosed],
      [isCode, isClosed],
      `in pieces: ${JSON.stringify(text)}`,
    );
  }
});
