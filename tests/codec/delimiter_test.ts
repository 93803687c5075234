import assert from "node:assert/strict";
import fc from "fast-check";
import { delimiter } from "../../src/codec/delimiter.ts";
import { ReceiveBuffer } from "../../src/receive_buffer.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { CountingBuffer } from "./counting_buffer.ts";
import { errorOf, feed, hex, oneByOne, utf8 } from "./feed.ts";

const texts = (got: (Uint8Array | string)[]) =>
  got.map((one) => typeof one === "string" ? one : new TextDecoder().decode(one));

Deno.test("delimiter keeps the contract with marks of one and of several bytes", () => {
  const frames = [utf8("abc"), utf8(""), utf8("d"), utf8("x".repeat(3000))];
  for (const mark of [";", "\r\n", 0, Uint8Array.of(0xff, 0xff, 0xfe)]) {
    checkCodec({
      make: (options) => delimiter(mark, options),
      samples: [{ frames }],
      tooLarge: [{
        maxFrameBytes: 3,
        bytes: Uint8Array.of(
          1,
          2,
          3,
          4,
          5,
          ...delimiter(mark).encode(utf8("")),
          ...delimiter(mark).encode(utf8("ok")),
        ),
        then: [utf8("ok")],
        frame: utf8("abcd"),
      }],
    });
  }
});

Deno.test("delimiter splits at its mark, and gives empty frames", () => {
  assert.deepEqual(texts(feed(delimiter(";"), [utf8("a;bc;;d")])), ["a", "bc", ""]);
  assert.deepEqual(feed(delimiter(0), [hex("41 00 42 00")]), [hex("41"), hex("42")]);
  assert.deepEqual(texts(feed(delimiter("→"), [utf8("a→b→")])), ["a", "b"]);
});

Deno.test("delimiter finds a mark in parts, and one whose start repeats", () => {
  assert.deepEqual(texts(feed(delimiter("\r\n"), [utf8("x\r"), utf8("\ny\r\r"), utf8("\n")])), ["x", "y\r"]);
  assert.deepEqual(texts(feed(delimiter("aab"), oneByOne(utf8("aaab-aab")))), ["a", "-"]);
  assert.deepEqual(texts(feed(delimiter("abac"), oneByOne(utf8("ababac.")))), ["ab"]);
  assert.deepEqual(texts(feed(delimiter("--"), [utf8("a---b--")])), ["a", "-b"]);
});

Deno.test("delimiter takes a frame of exactly the limit, and counts no part of a mark as frame", () => {
  for (const cut of [(bytes: Uint8Array) => [bytes], oneByOne]) {
    assert.deepEqual(texts(feed(delimiter("--", { maxFrameBytes: 3 }), cut(utf8("abc--abc-")))), ["abc"]);
    assert.deepEqual(texts(feed(delimiter("--", { maxFrameBytes: 3 }), cut(utf8("abc-d--e--")))), [
      "!too_large",
      "e",
    ]);
  }
});

Deno.test("delimiter refuses an overlong frame at the first byte above the limit, once, and keeps none of it", () => {
  const codec = delimiter("end", { maxFrameBytes: 1000 });
  const buffer = new ReceiveBuffer();
  assert.deepEqual(feed(codec, [utf8("x".repeat(1000))], buffer), []);
  assert.deepEqual(feed(codec, [utf8("x")], buffer), ["!too_large"]);
  const piece = utf8("x".repeat(60_000) + "en");
  for (let fed = 0; fed < 10_000_000; fed += piece.length) {
    assert.deepEqual(feed(codec, [piece], buffer), []);
    assert.equal(buffer.length, 0);
  }
  assert.deepEqual(
    texts(feed(codec, [utf8("dnextend")], buffer)),
    ["next"],
    "a mark may begin in what is dropped",
  );
});

Deno.test("delimiter encode refuses frames that a reader would cut elsewhere", () => {
  assert.deepEqual(delimiter("\r\n").encode(utf8("a")), utf8("a\r\n"));
  assert.throws(() => delimiter(";").encode(utf8("ab;c")), {
    name: "TypeError",
    code: "usage",
    message: /at byte 2/,
  });
  assert.throws(() => delimiter("--").encode(utf8("a-")), {
    name: "TypeError",
    message: /at byte 1 already/,
  });
  assert.throws(() => delimiter(";").encode("a" as unknown as Uint8Array), {
    name: "TypeError",
    message: /TextEncoder/,
  });
  assert.throws(() => delimiter(";", { maxFrameBytes: 2 }).encode(utf8("abc")), {
    name: "RangeError",
    message: /3 bytes: at most 2/,
  });
});

Deno.test("delimiter refuses wrong marks and options", () => {
  const wrong = (mark: unknown) => errorOf(() => delimiter(mark as string));
  assert.match(wrong("").message, /0 bytes: 1 to 64/);
  assert.match(wrong(new Uint8Array(65)).message, /65 bytes/);
  assert.match(wrong(256).message, /256.*0 to 255/);
  assert.equal(wrong(1.5).name, "RangeError");
  assert.equal(wrong(undefined).name, "TypeError");
  const options = { mark: ";" } as unknown as { maxFrameBytes: number };
  assert.match(
    errorOf(() => delimiter(";", options)).message,
    /"mark" of delimiter\(\): the options are maxFrameBytes/,
  );
});

Deno.test("delimiter keeps a mark of its own when the caller's array changes", () => {
  const mark = Uint8Array.of(0x3b);
  const codec = delimiter(mark);
  mark[0] = 0;
  assert.deepEqual(codec.encode(utf8("a")), utf8("a;"));
});

Deno.test("delimiter looks at each byte a fixed number of times, whatever the mark and the cut", () => {
  const mark = utf8("a".repeat(32) + "b");
  const bytes = utf8("a".repeat(1024 * 1024) + "b");
  const buffer = new CountingBuffer();
  const got = feed(delimiter(mark), oneByOne(bytes), buffer);
  assert.deepEqual(got.map((frame) => frame.length), [bytes.length - mark.length]);
  assert.ok(buffer.lookedAt <= 3 * bytes.length, `${buffer.lookedAt} for ${bytes.length}`);
});

Deno.test("delimiter gives the same as splitting the whole text, for any mark and cut", () => {
  const letters = (minLength: number, maxLength: number) =>
    fc.string({ unit: fc.constantFrom("a", "b"), minLength, maxLength });
  fc.assert(
    fc.property(letters(0, 60), letters(1, 5), fc.integer(), (text, mark, seed) => {
      const bytes = utf8(text);
      let at = 0;
      const chunks = new SeededRandom(seed).sizes(bytes.length).map((size) => bytes.slice(at, at += size));
      assert.deepEqual(texts(feed(delimiter(mark), chunks)), text.split(mark).slice(0, -1));
    }),
    { seed: 1, numRuns: 1000 },
  );
});
