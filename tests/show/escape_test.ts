import assert from "node:assert/strict";
import { clip, escapeText, quoteText } from "../../src/show/escape.ts";

const hostileCodePoints = [
  ...Array.from({ length: 0x20 }, (_, code) => code).filter((code) => code !== 9),
  ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
  0x61c,
  ...Array.from({ length: 5 }, (_, index) => 0x200b + index),
  0x2028,
  0x2029,
  ...Array.from({ length: 5 }, (_, index) => 0x202a + index),
  0x2060,
  ...Array.from({ length: 4 }, (_, index) => 0x2066 + index),
  0xfeff,
  0xd800,
  0xdfff,
];

Deno.test("escapeText leaves text that people write as it is", () => {
  for (const text of ["", "plain ~ text", "tab\there", "äöü 日本語 😀 é", "back\\slash"]) {
    assert.equal(escapeText(text), text);
  }
});

Deno.test("escapeText makes every character visible that drives a terminal or deceives the eye", () => {
  for (const code of hostileCodePoints) {
    const escaped = escapeText(`a${String.fromCodePoint(code)}b`);
    assert.match(escaped, /^a\\(n|r|x[0-9a-f]{2}|u[0-9a-f]{4})b$/, `code point ${code.toString(16)}`);
  }
  assert.equal(escapeText("\x1b]0;title\x07\x9b2J\u202egnp\r"), "\\x1b]0;title\\x07\\x9b2J\\u202egnp\\r");
  assert.equal(escapeText("flag\u{e0041}"), "flag\\u{e0041}");
});

Deno.test("escapeText escapes a surrogate only when it stands alone", () => {
  assert.equal(escapeText("😀\ud83d!\ude00"), "😀\\ud83d!\\ude00");
});

Deno.test("escapeText keeps line feeds, and nothing else, when asked", () => {
  assert.equal(escapeText("a\nb\r\n"), "a\\nb\\r\\n");
  assert.equal(escapeText("a\nb\r\n\x1b", { keepNewlines: true }), "a\nb\\r\n\\x1b");
});

Deno.test("quoteText can be read back as a string literal", () => {
  for (const text of ["", 'say "hi"', "a\\x1b is not \x1b", "tab\tline\nend\r", "\u202e😀\ud800"]) {
    assert.equal(new Function(`return ${quoteText(text)}`)(), text);
  }
});

Deno.test("clip folds what is too long and says how much", () => {
  assert.equal(clip("hello", 5), "hello");
  assert.equal(clip("hello, world", 5), "hello…(+7 chars)");
  assert.equal(clip("abc", 0), "…(+3 chars)");
});

Deno.test("clip never cuts a character in half", () => {
  assert.equal(clip("a😀b", 2), "a…(+3 chars)");
});

Deno.test("clip refuses a length that is none", () => {
  assert.throws(
    () => clip("a", -1),
    new RangeError("Cannot clip text to -1 chars: give a whole number of 0 or more"),
  );
});
