import assert from "node:assert/strict";
import fc from "fast-check";
import { lines } from "../../src/codec/lines.ts";
import { ReceiveBuffer } from "../../src/receive_buffer.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { CountingBuffer } from "./counting_buffer.ts";
import { errorOf, feed, hex, oneByOne, utf8 } from "./feed.ts";

const TEXTS = ["", "a", "*IDN?", "häß 中文 😀", "\ufeffmark", "x".repeat(3000)];

Deno.test("lines keeps the contract with every newline", () => {
  checkCodec({
    make: lines,
    samples: [{ frames: TEXTS }, { frames: ["a", "b", "", "c"], bytes: utf8("a\r\nb\n\r\nc\n") }],
    tooLarge: [
      { maxFrameBytes: 4, bytes: utf8("abcde\nok\n"), then: ["ok"], frame: "abcde" },
      { maxFrameBytes: 4, bytes: utf8("abcdefghijkl\r\nabcd\r\n"), then: ["abcd"], frame: "äöü" },
      { maxFrameBytes: 4, bytes: utf8("abcd\r\r\n\n"), then: [""] },
    ],
  });
  checkCodec({ make: (options) => lines({ ...options, newline: "\r\n" }), samples: [{ frames: TEXTS }] });
  checkCodec({
    make: (options) => lines({ ...options, newline: "\r" }),
    samples: [{ frames: [...TEXTS, "a\n"] }, {
      frames: ["OK", "", "b", "c"],
      bytes: utf8("\nOK\r\n\r\nb\rc\r"),
    }],
    tooLarge: [
      { maxFrameBytes: 4, bytes: utf8("abcde\rok\r"), then: ["ok"], frame: "abcde" },
      { maxFrameBytes: 4, bytes: utf8("abcde\r\nabcd\r"), then: ["abcd"], frame: "abcde" },
    ],
  });
});

Deno.test("lines reads LF and CR LF whichever it writes, and takes off one CR only", () => {
  for (const newline of ["\n", "\r\n"] as const) {
    const bytes = utf8("a\r\nb\n\r\n\nc\r\r\nd\re\n");
    assert.deepEqual(feed(lines({ newline }), [bytes]), ["a", "b", "", "", "c\r", "d\re"]);
    assert.deepEqual(feed(lines({ newline }), oneByOne(bytes)), ["a", "b", "", "", "c\r", "d\re"]);
  }
});

Deno.test("lines with newline CR reads CR and CR LF, as of modems that want the one and answer with the other", () => {
  const codec = () => lines({ newline: "\r" });
  const bytes = utf8("\r\nOK\r\na\nb\r\r\n\nc\r");
  for (const chunks of [[bytes], oneByOne(bytes)]) {
    assert.deepEqual(feed(codec(), chunks), ["", "OK", "a\nb", "", "\nc"]);
  }
  const buffer = new ReceiveBuffer();
  feed(codec(), oneByOne(utf8("OK\r\n")), buffer);
  assert.equal(buffer.length, 0, "the LF waits for nothing");
  assert.throws(() => codec().encode("\na"), { code: "usage", message: /begins with "\\n"/ });
});

Deno.test("lines with newline CR gives the same as splitting the whole text, for any text, limit and cut", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "\r", "\n", "\r\n"), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 12 }), fc.integer(), (text, maxFrameBytes, seed) => {
      const wanted = text.split("\r").slice(0, -1).map((line) => line.startsWith("\n") ? line.slice(1) : line)
        .map((line) => utf8(line).length > maxFrameBytes ? "!too_large" : line);
      const bytes = utf8(text);
      let at = 0;
      const chunks = new SeededRandom(seed).sizes(bytes.length).map((size) => bytes.slice(at, at += size));
      const got = feed(lines({ maxFrameBytes, newline: "\r" }), chunks);
      if (got.length > wanted.length) assert.equal(got.pop(), "!too_large");
      assert.deepEqual(got, wanted);
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("lines ends what it writes with its newline", () => {
  assert.deepEqual(lines().encode("é"), utf8("é\n"));
  assert.deepEqual(lines({ newline: "\r\n" }).encode(""), utf8("\r\n"));
  assert.deepEqual(lines({ newline: "\r" }).encode("a"), utf8("a\r"));
});

Deno.test("lines reads bytes that are no UTF-8 as U+FFFD, however they are cut", () => {
  const bytes = hex("61 ff 0a 80 62 0d 0a e2 82 0a f0 9f 98 80 0a");
  const wanted = ["a\ufffd", "\ufffdb", "\ufffd", "😀"];
  assert.deepEqual(feed(lines(), [bytes]), wanted);
  assert.deepEqual(feed(lines(), oneByOne(bytes)), wanted);
});

Deno.test("lines takes a line of exactly the limit in bytes with either end, and refuses one byte more", () => {
  const codec = () => lines({ maxFrameBytes: 6 });
  for (const end of ["\n", "\r\n"]) {
    for (const cut of [(bytes: Uint8Array) => [bytes], oneByOne]) {
      assert.deepEqual(feed(codec(), cut(utf8(`123456${end}`))), ["123456"]);
      assert.deepEqual(feed(codec(), cut(utf8(`äöü${end}x${end}`))), ["äöü", "x"]);
      assert.deepEqual(feed(codec(), cut(utf8(`1234567${end}x${end}`))), ["!too_large", "x"]);
      assert.deepEqual(feed(codec(), cut(utf8(`x${end}12345ö${end}x${end}`))), ["x", "!too_large", "x"]);
    }
  }
});

Deno.test("lines refuses an overlong line at the first byte above the limit, once, and keeps none of it", () => {
  const codec = lines({ maxFrameBytes: 1000 });
  const buffer = new ReceiveBuffer();
  assert.deepEqual(feed(codec, [utf8("x".repeat(1000))], buffer), []);
  assert.deepEqual(feed(codec, [utf8("x")], buffer), ["!too_large"]);
  const piece = new Uint8Array(64 * 1024).fill(0x78);
  for (let fed = 0; fed < 10_000_000; fed += piece.length) {
    assert.deepEqual(feed(codec, [piece], buffer), []);
    assert.equal(buffer.length, 0);
  }
  assert.deepEqual(feed(codec, [utf8("end\nnext\n")], buffer), ["next"]);
});

Deno.test("lines names both numbers for a line that is too long", () => {
  const buffer = new ReceiveBuffer();
  buffer.append(utf8("x".repeat(50)));
  const error = errorOf(() => lines({ maxFrameBytes: 20 }).decode(buffer));
  assert.equal(error.name, "ProtocolError");
  assert.equal(error.fatal, false);
  assert.match(error.message, /at least 21 bytes .* limit of 20 bytes/);
});

Deno.test("lines encode refuses text that holds the end of a line, and says what to do", () => {
  for (const text of ["a\n", "a\nb", "\n"]) {
    assert.throws(() => lines().encode(text), {
      name: "TypeError",
      code: "usage",
      message: /"\\n".*send the text without it/,
    });
    assert.throws(() => lines({ newline: "\r\n" }).encode(text), { code: "usage" });
  }
  assert.throws(() => lines({ newline: "\r" }).encode("a\r"), { code: "usage", message: /"\\r"/ });
  assert.throws(() => lines().encode("AT\r"), {
    code: "usage",
    message: /ends with "\\r".*newline: "\\r" or "\\r\\n"/,
  });
  assert.deepEqual(lines({ newline: "\r\n" }).encode("a\r"), utf8("a\r\r\n"));
});

Deno.test("lines encode refuses what is no text, and text above the limit in bytes", () => {
  assert.throws(() => lines().encode(5 as unknown as string), {
    name: "TypeError",
    message: /type number.*string/,
  });
  const codec = lines({ maxFrameBytes: 5 });
  assert.throws(() => codec.encode("äöü"), {
    name: "RangeError",
    code: "usage",
    message: /6 bytes: at most 5/,
  });
  assert.throws(() => codec.encode("123456"), { name: "RangeError", message: /6 bytes: at most 5/ });
  assert.deepEqual(codec.encode("äö5"), utf8("äö5\n"));
});

Deno.test("lines refuses wrong options and lists the known ones", () => {
  const wrong = (options: unknown) => errorOf(() => lines(options as { newline: "\n" }));
  assert.match(wrong({ newLine: "\n" }).message, /"newLine" of lines\(\).*maxFrameBytes, newline/);
  assert.equal(wrong({ newLine: "\n" }).name, "TypeError");
  assert.match(wrong({ newline: "\n\r" }).message, /"\\n\\r".*"\\n", "\\r\\n", "\\r"/);
  assert.equal(wrong({ newline: "\n\r" }).name, "RangeError");
  assert.equal(wrong({ maxFrameBytes: 0 }).name, "RangeError");
  assert.equal(wrong({ maxFrameBytes: "1" }).name, "TypeError");
  assert.match(wrong(null).message, /null.*object/);
});

Deno.test("lines looks at each byte a fixed number of times, for one long line byte by byte", () => {
  const buffer = new CountingBuffer();
  const length = 1024 * 1024;
  const bytes = new Uint8Array(length + 1).fill(0x78);
  bytes[length] = 0x0a;
  const [line] = feed(lines(), oneByOne(bytes), buffer);
  assert.equal(line.length, length);
  assert.ok(buffer.lookedAt <= 3 * bytes.length, `${buffer.lookedAt} for ${bytes.length}`);
});

Deno.test("lines gives the same as splitting the whole text, for any text, limit and cut", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "\r", "\n", "\r\n", "😀"), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 12 }), fc.integer(), (text, maxFrameBytes, seed) => {
      const wanted = text.split("\n").slice(0, -1).map((line) =>
        line.endsWith("\r") ? line.slice(0, -1) : line
      )
        .map((line) => utf8(line).length > maxFrameBytes ? "!too_large" : line);
      const bytes = utf8(text);
      let at = 0;
      const chunks = new SeededRandom(seed).sizes(bytes.length).map((size) => bytes.slice(at, at += size));
      const got = feed(lines({ maxFrameBytes }), chunks);
      if (got.length > wanted.length) assert.equal(got.pop(), "!too_large"); // the rest, which has no end yet
      assert.deepEqual(got, wanted);
    }),
    { seed: 1, numRuns: 500 },
  );
});
