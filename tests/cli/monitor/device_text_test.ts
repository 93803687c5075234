import assert from "node:assert/strict";
import { DeviceText } from "../../../src/cli/monitor/device_text.ts";
import { SeededRandom } from "../../../src/testing/seeded_random.ts";

/** All of it, in the pieces that these sizes say. */
function inPieces(bytes: Uint8Array, sizes: () => number, options = {}): string {
  const text = new DeviceText(options);
  let shown = "";
  for (let at = 0; at < bytes.length;) {
    const size = sizes();
    shown += text.feed(bytes.subarray(at, at + size));
    at += size;
  }
  return shown + text.end();
}

const cases: [string, Uint8Array | string, string, object?][] = [
  ["line ends", "a\r\nb\nc\r\r\nd", "a\nb\nc\nd"],
  ["a lone CR and BS, which stay", "50%\r99%\b", "50%\r99%\b"],
  ["control characters", "\x00\x07\x1b[2J\x7f\u202e", "\\x00\\x07\\x1b[2J\\x7f\\u202e"],
  ["characters of all lengths", "é€😀", "é€😀"],
  [
    "bytes that are no UTF-8",
    Uint8Array.of(0xff, 0x61, 0xc0, 0x80, 0xed, 0xa0, 0x80),
    "\\xffa\\xc0\\x80\\xed\\xa0\\x80",
  ],
  ["a character without its end", Uint8Array.of(0x61, 0xf0, 0x9f), "a\\xf0\\x9f"],
  ["colours when they are not wanted", "\x1b[31mred", "\\x1b[31mred"],
  ["colours when they are", "\x1b[1;31mred\x1b[m\x1b[K", "\x1b[1;31mred\x1b[m\\x1b[K", { colours: true }],
  ["a sequence without an end", `\x1b[${"1;".repeat(40)}`, `\\x1b[${"1;".repeat(40)}`, { colours: true }],
  ["what is typed", "AT\rx\x03", "AT\nx\\x03", { isTyped: true }],
];

for (const [name, sent, shown, options] of cases) {
  Deno.test(`DeviceText shows ${name}, however it is cut`, () => {
    const bytes = typeof sent === "string" ? new TextEncoder().encode(sent) : sent;
    assert.equal(inPieces(bytes, () => bytes.length, options), shown);
    assert.equal(inPieces(bytes, () => 1, options), shown);
    const random = new SeededRandom(7);
    for (let round = 0; round < 20; round++) {
      assert.equal(inPieces(bytes, () => 1 + random.below(4), options), shown);
    }
  });
}

Deno.test("DeviceText of noise has nothing in it that drives a terminal, and keeps next to nothing", () => {
  const random = new SeededRandom(11);
  const noise = Uint8Array.from({ length: 100_000 }, () => random.below(256));
  const shown = inPieces(noise, () => 1 + random.below(100), { colours: true });
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(shown.replace(/\x1b\[[\d;:]*m/g, ""), /[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]/);
});
