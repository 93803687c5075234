// deno-lint-ignore-file no-control-regex -- patterns of bytes are what is tested here
import assert from "node:assert/strict";
import fc from "fast-check";
import { regex } from "../../src/codec/regex.ts";
import { ReceiveBuffer } from "../../src/receive_buffer.ts";
import { checkCodec } from "../../src/testing/check_codec.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { errorOf, feed, hex, oneByOne, utf8 } from "./feed.ts";

/** What a pattern makes of a text that comes at once, and then a pause. */
function split(pattern: RegExp, text: string | Uint8Array): string[] {
  return feed(regex(pattern), [typeof text === "string" ? utf8(text) : text, "pause"]);
}

Deno.test("regex keeps the contract, with matches of one length and of several", () => {
  const samples = [{ frames: ["xyz", "", "d", "x".repeat(3000)] }, { frames: ["→", "ä"] }];
  for (
    const [pattern, end] of [[/\r?\n/, "\r\n"], [/[;|]/, ";"], [/--+/, "---"], [/ab*c|->/i, "aBbc"]] as const
  ) {
    checkCodec<string>({
      make: (options) => regex(pattern, { ...options, end }),
      samples,
      tooLarge: [{
        maxFrameBytes: 3,
        bytes: utf8(`12345${end}ok${end}`),
        pauses: [5 + 2 * end.length + 2],
        then: ["ok"],
        frame: "1234",
      }],
      overheadBytes: 300,
      flood: utf8("A"),
    });
  }
});

Deno.test("regex takes a match at once when no byte can change it", () => {
  const fresh = (pattern: RegExp) => regex(pattern);
  assert.deepEqual(feed(fresh(/\r?\n/), [utf8("a\r\nb\n")]), ["a", "b"]);
  assert.deepEqual(feed(fresh(/\r\n> /), [utf8("21.5\r\n"), utf8("> ok\r\n>")]), ["21.5"]);
  assert.deepEqual(feed(fresh(/\n+?/), [utf8("a\n\n")]), ["a", ""]);
  assert.equal(fresh(/[\r\n]/).decodeQuiet, undefined, "a match of one length needs no clock");
});

Deno.test("regex waits with a match that could go on, for a byte or a pause", () => {
  const codec = regex(/\n+/);
  assert.equal(codec.quietMs, 20);
  assert.deepEqual(feed(codec, [utf8("a\n"), utf8("\n")]), []);
  const buffer = new ReceiveBuffer();
  assert.deepEqual(feed(regex(/\n+/), [utf8("a\n"), utf8("\n"), utf8("b")], buffer), ["a"]);
  assert.deepEqual(feed(regex(/\n+/), [utf8("a\n"), "pause", utf8("\nb\n"), "pause"]), ["a", "", "b"]);
  assert.deepEqual(feed(regex(/\r\n|\r/), [utf8("a\r"), utf8("\nb\r"), "pause", utf8("\n")]), ["a", "b"]);
  assert.equal(regex(/\n+/, { quietMs: 5 }).fresh?.().quietMs, 5);
});

Deno.test("regex begins anew behind a match that a pause has decided", () => {
  assert.deepEqual(feed(regex(/\n*\r|\n/), [utf8("a\n"), "pause", utf8("\n\r"), utf8("b\r")]), [
    "a",
    "",
    "b",
  ]);
});

Deno.test("regex does not wait for a match to go on when the next 8 bytes do not tell", () => {
  for (const cut of [(bytes: Uint8Array) => [bytes], oneByOne]) {
    assert.deepEqual(feed(regex(/a(?:b.*c)?/), cut(utf8("xab-----c yab-------c"))), ["x", " y"]);
  }
});

Deno.test("regex prefers what the pattern prefers, and what comes first", () => {
  assert.deepEqual(split(/abc|b/, "xabcyb"), ["x", "y"]);
  assert.deepEqual(split(/abc|b/, "xab"), ["xa"]);
  assert.deepEqual(split(/a|ab/, "xab"), ["x"]);
  assert.deepEqual(split(/ab|a/, "xabya"), ["x", "y"]);
  assert.deepEqual(split(/a(?:b.*c)?/, "xab-cy"), ["x"]);
  assert.deepEqual(split(/<.*?>/, "a<b>c>d<e>"), ["a", "c>d"]);
});

Deno.test("regex reads patterns as the engine does, for bytes", () => {
  const cases: [RegExp, string | Uint8Array, string[]][] = [
    [/[\r\n]+/, "a\r\n\r\nb\n", ["a", "b"]],
    [/\s*;\s*/, "a ; b;c;", ["a", "b", "c"]],
    [/\d{2,3}/, "a12b1234c", ["a", "b", "4c"].slice(0, 2)],
    [/(?<mark>-)(=|#)/, "a-=b-#", ["a", "b"]],
    [/END/i, "aendbEnDc", ["a", "b"]],
    [/[^a-z\-]/, "a-b.c_d", ["a-b", "c"]],
    [/\x00\xff/, hex("61 00 ff 62 ff 00 ff"), ["a", "b\ufffd"]],
    [/→|[ä;]/, "a→bäc;d", ["a", "b", "c"]],
    [/\u2192|\ud83d\ude00/, "a→b😀", ["a", "b"]],
    [/\u{1f600}/u, "a😀", ["a"]],
    [/a.c/s, "xa\ncy", ["x"]],
    [/a.c/, "xa\ncy", []],
    [/x{2}|\t|\cA|\0|\//, "axxb\tc\x01d\0e/", ["a", "b", "c", "d", "e"]],
    [/{|}/, "a{b}", ["a", "b"]],
    [/[\w-]\./g, "x.-.", ["", ""]],
    [/\n/gym, "a\nb\n", ["a", "b"]],
  ];
  for (const [pattern, text, frames] of cases) {
    assert.deepEqual(split(pattern, text), frames, String(pattern));
  }
});

Deno.test("regex gives the same as splitting the whole text, for any text and cut", () => {
  const patterns = [
    /a/,
    /ab/,
    /a+/,
    /ab?/,
    /a|bb/,
    /(?:ab)+|c/,
    /a{2,3}/,
    /b+?c/,
    /[ab]c*/,
    /(?:a|b)(?:b|c)/,
    /c(?:a|b)*c/,
  ];
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", "-"), maxLength: 16 });
  fc.assert(
    fc.property(fc.constantFrom(...patterns), letters, fc.integer(), (pattern, text, seed) => {
      const bytes = utf8(text);
      let at = 0;
      const chunks = new SeededRandom(seed).sizes(bytes.length).map((size) => bytes.slice(at, at += size));
      assert.deepEqual(feed(regex(pattern), [...chunks, "pause"]), text.split(pattern).slice(0, -1));
    }),
    { seed: 1, numRuns: 3000 },
  );
});

Deno.test("regex takes a frame of exactly the limit, and reports a longer one once", () => {
  for (const cut of [(bytes: Uint8Array) => [bytes], oneByOne]) {
    const codec = () => regex(/-+>/, { maxFrameBytes: 3 });
    assert.deepEqual(feed(codec(), cut(utf8("abc-->d->"))), ["abc", "d"]);
    assert.deepEqual(feed(codec(), cut(utf8("abcd->e->"))), ["!too_large", "e"]);
    assert.deepEqual(feed(codec(), cut(utf8("abc--d->e->"))), ["!too_large", "e"]);
    assert.deepEqual(feed(codec(), cut(utf8("ab-c->e->"))), ["!too_large", "e"]);
  }
});

Deno.test("regex keeps little of a flood, whatever a match may still become", () => {
  for (
    const [pattern, flood] of [[/\n/, "a"], [/\n+/, "\n"], [/a[^z]*z/, "a"], [/a(?:b[^]*c)?/, "ab"]] as const
  ) {
    const codec = regex(pattern, { maxFrameBytes: 100 });
    const buffer = new ReceiveBuffer();
    for (let turn = 0; turn < 20; turn++) {
      feed(codec, [utf8(flood.repeat(2000))], buffer);
      assert.ok(buffer.length <= 400, `${pattern}: ${buffer.length} bytes wait`);
    }
  }
});

Deno.test("regex takes a match of more than 256 bytes as several", () => {
  assert.deepEqual(split(/\n+/, `a${"\n".repeat(300)}b\n`), ["a", "", "b"]);
  assert.deepEqual(split(/a[^z]*z/, `a${"-".repeat(300)}zaz`), [`a${"-".repeat(300)}z`]);
});

Deno.test("regex steps through a pattern that other engines are lost in", () => {
  const text = `${"a".repeat(20_000)}\n`;
  assert.deepEqual(split(/(?:a+)+b|\n/, text).map((frame) => frame.length), [20_000]);
  assert.deepEqual(split(/(?:a|a?)+b|\n/, text).map((frame) => frame.length), [20_000]);
});

Deno.test("regex ends the last frame with the stream, and tells what is left over", () => {
  const buffer = new ReceiveBuffer();
  const codec = regex(/\n+/);
  assert.deepEqual(feed(codec, [utf8("a\nb\n")], buffer), ["a"]);
  assert.equal(codec.decodeEnd?.(buffer), "b");
  buffer.append(utf8("rest"));
  const { code, message } = errorOf(() => codec.decodeEnd?.(buffer));
  assert.equal(code, "truncated");
  assert.match(message, /4 bytes/);
});

Deno.test("regex writes what it was told to put behind a frame", () => {
  assert.deepEqual(regex(/\r?\n/, { end: "\r\n" }).encode("→"), utf8("→\r\n"));
  assert.deepEqual(regex(/> /, { end: "" }).encode("go"), utf8("go"));
  assert.throws(() => regex(/\n/).encode("a"), {
    name: "TypeError",
    code: "usage",
    message: /\{ end: "\\r\\n" \}/,
  });
  assert.throws(() => regex(/\n/, { end: "\n" }).encode("a\nb"), {
    name: "TypeError",
    message: /holds "\\n"/,
  });
  assert.throws(() => regex(/\n/, { end: "\n", maxFrameBytes: 2 }).encode("→"), {
    name: "RangeError",
    message: /3 bytes/,
  });
  assert.throws(() => regex(/\n/, { end: "\n" }).encode(5 as unknown as string), { name: "TypeError" });
});

Deno.test("regex refuses what cannot be decided as bytes come, and says why", () => {
  const why = (pattern: RegExp) => errorOf(() => regex(pattern)).message;
  assert.equal(
    why(/a(?=b)/),
    "Cannot split at /a(?=b)/: it looks ahead, which cannot be decided while bytes come one by one",
  );
  assert.match(why(/(?<!a)b/), /it looks behind/);
  assert.match(why(/^a/), /"\^" looks at what stands around it/);
  assert.match(why(/a$/), /"\$" looks/);
  assert.match(why(/\bx/), /"\\b" looks/);
  assert.match(why(/(a)\1/), /refers back/);
  assert.match(why(/\p{L}/u), /"\\p" has no meaning for bytes/);
  assert.match(why(/[a-ä]/), /range with characters of several bytes/);
  assert.match(why(/[^ä]/), /several bytes in \[\^ \]/);
  assert.match(why(/[[a-z]--b]/v), /class in a class/);
  for (const pattern of [/a*/, /(?:)/, /a|/, /(?:a?b?)+/]) {
    assert.match(why(pattern), /matches nothing at all/);
  }
  assert.match(why(/a{257}/), /at most 256 repeats/);
  assert.match(why(/(?:(?:a{99}){99}){99}/), /more than 2000 steps/);
  assert.match(why(new RegExp("(".repeat(40) + "a" + ")".repeat(40))), /deeper than 32/);
  assert.match(
    errorOf(() => regex("\n" as unknown as RegExp)).message,
    /type string.*delimiter\(\) takes text/,
  );
  assert.match(
    errorOf(() => regex(/a/, { mark: 1 } as { end?: string })).message,
    /options are maxFrameBytes, quietMs, end/,
  );
  assert.match(
    errorOf(() => regex(/a/, { end: 5 } as unknown as { end: string })).message,
    /type number as "end"/,
  );
});
