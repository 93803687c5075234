import assert from "node:assert/strict";
import {
  decodeText,
  encodeText,
  TEXT_ENCODINGS,
  type TextEncoding,
} from "../../src/dialect/text_encoding.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { fromHex } from "./conversation.ts";

function text(value: string, invalid = false): { text: string; invalid: boolean } {
  return { text: value, invalid };
}

Deno.test("text encodings read plain text alike, control characters included", () => {
  const bytes = fromHex("00 09 0d 20 7e 7f 41");
  for (const encoding of TEXT_ENCODINGS) {
    assert.deepEqual(decodeText(bytes, encoding), text("\0\t\r ~\x7fA"));
    assert.deepEqual(encodeText("\0\t\r ~\x7fA", encoding), bytes);
    assert.deepEqual(decodeText(new Uint8Array(0), encoding), text(""));
  }
});

Deno.test("ascii replaces or drops every byte of another character, and says so", () => {
  const bytes = new TextEncoder().encode("say héllo ✓");
  assert.deepEqual(decodeText(bytes, "ascii", "drop"), text("say hllo ", true));
  const replaced = "say h\uFFFD\uFFFDllo \uFFFD\uFFFD\uFFFD";
  assert.deepEqual(decodeText(bytes, "ascii"), text(replaced, true));
});

Deno.test("utf-8 replaces or drops only what is no character", () => {
  const whole = new TextEncoder().encode("\uFEFFhéllo ✓ 👋 \uFFFD");
  assert.deepEqual(decodeText(whole, "utf-8"), text("\uFEFFhéllo ✓ 👋 \uFFFD"));
  const cases: [string, string, string][] = [
    ["63 6d ff 64", "cm\uFFFDd", "cmd"], // never a byte of UTF-8
    ["61 c3", "a\uFFFD", "a"], // cut off
    ["61 e2 9c 62", "a\uFFFDb", "ab"], // cut off by the next character
    ["61 c0 80 62", "a\uFFFD\uFFFDb", "ab"], // longer than it may be
    ["61 ed a0 80 62", "a\uFFFD\uFFFD\uFFFDb", "ab"], // a surrogate
    ["ff ef bf bd 61", "\uFFFD\uFFFDa", "\uFFFDa"], // the replacement character itself was sent
    ["e2 ef bf bd ef bf", "\uFFFD\uFFFD\uFFFD", "\uFFFD"],
    ["c3 a9 ff", "é\uFFFD", "é"],
  ];
  for (const [hex, replaced, dropped] of cases) {
    assert.deepEqual(decodeText(fromHex(hex), "utf-8"), text(replaced, true), hex);
    assert.deepEqual(decodeText(fromHex(hex), "utf-8", "drop"), text(dropped, true), hex);
  }
});

Deno.test("latin-1 has a character for every byte and back, the ones of Windows-1252 are not among them", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const { text, invalid } = decodeText(all, "latin-1");
  assert.equal(invalid, false);
  assert.deepEqual([...text].map((character) => character.codePointAt(0)), [...all]);
  assert.deepEqual(encodeText(text, "latin-1"), all);
});

Deno.test("text encodings read long text", () => {
  const bytes = new Uint8Array(1_000_000).fill(0xe9);
  assert.equal(decodeText(bytes, "latin-1").text, "é".repeat(1_000_000));
  assert.equal(decodeText(bytes, "ascii", "drop").text, "");
  assert.equal(decodeText(bytes, "utf-8", "drop").text, "");
  assert.deepEqual(encodeText("é".repeat(1_000_000), "latin-1"), bytes);
});

Deno.test("text that the encoding has no character for is refused with the character and its place", () => {
  assert.throws(() => encodeText("say hé", "ascii"), {
    code: "usage",
    message: 'Cannot encode "é" (U+00E9, character 5 of the text) as ascii: it has no such character; ' +
      'leave it out, or set the option encoding: "utf-8" or "latin-1" at both ends',
  });
  assert.throws(() => encodeText("é👋", "latin-1"), {
    code: "usage",
    message: 'Cannot encode "👋" (U+1F44B, character 1 of the text) as latin-1: it has no such character; ' +
      'leave it out, or set the option encoding: "utf-8" at both ends',
  });
  assert.deepEqual(encodeText("a\ud800", "utf-8"), fromHex("61 ef bf bd"));
});

Deno.test("what was encoded is decoded again, and dropped bytes never make text of others", () => {
  const random = new SeededRandom(7);
  for (let round = 0; round < 2000; round++) {
    const bytes = random.bytes(random.below(24));
    for (const encoding of ["ascii", "utf-8", "latin-1"] satisfies TextEncoding[]) {
      const { text, invalid } = decodeText(bytes, encoding, "drop");
      const back = encodeText(text, encoding);
      assert.equal(invalid, back.length < bytes.length, encoding);
      if (!invalid) assert.deepEqual(back, bytes);
    }
  }
});
