import assert from "node:assert/strict";
import fc from "fast-check";
import { literalText, typedText } from "../../../src/console/completion/string_text.ts";

const quotes = ['"', "'", "`"] as const;

Deno.test("any text stays that text between any quotes, and shows nothing that is not plainly visible", () => {
  const nasty = fc.constantFrom(
    '"',
    "'",
    "`",
    "\\",
    "${",
    "\n",
    "\r",
    "\u2028",
    "\x1b[2J",
    "\u202e",
    "\ud800",
    "\0",
    "\t",
    "//",
    "*/",
  );
  const text = fc.array(fc.oneof(nasty, fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 12 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.constantFrom(...quotes), (text, quote) => {
      const literal = literalText(text, quote);
      assert.equal(new Function(`return ${quote}${literal}${quote};`)(), text);
      assert.equal(typedText(literal, quote), text);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(literal, /[\x00-\x1f\x7f-\x9f\u2028-\u202e]/);
    }),
    { numRuns: 2000, seed: 6 },
  );
});

Deno.test("text that is not finished, or no plain text, is not taken for any", () => {
  for (const raw of ["a\\", "a\\x1", "\\u12", "\\u{12", "\\u{110000}"]) {
    assert.equal(typedText(raw, '"'), undefined, raw);
  }
  assert.equal(typedText("a${b", "`"), undefined);
  assert.equal(typedText("a${b", '"'), "a${b");
  assert.equal(typedText("\\x41\\u0042\\u{43}\\n\\q", '"'), "ABC\nq");
});
