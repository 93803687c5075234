import assert from "node:assert/strict";
import { hexDump } from "../../../src/web/page/hex_dump.ts";
import { bytesIn, jsonText, textOf } from "../../../src/web/page/said_text.ts";
import type { PageSaid } from "../../../src/web/page/wire.ts";
import { said } from "./said.ts";

Deno.test("What was said is one line, as code would have it", () => {
  const cases: [Partial<PageSaid>, string][] = [
    [{ value: "plain text" }, "plain text"],
    [{ value: "two\r\nlines" }, "two\\r\\nlines"],
    [{ value: 12 }, "12"],
    [{ value: null }, "null"],
    [{ value: { a: 1, "b c": ["x", { $bigint: "5" }] } }, '{ a: 1, "b c": ["x", 5] }'],
    [{ value: { $bytes: "AP8=" } }, "<00 ff>"],
    [{ value: "begin", isCut: true }, "begin …"],
    [{ kind: "action", name: "led", args: [true, "on"] }, 'led(true, "on")'],
    [{ kind: "request", name: "time", args: [], kwargs: { zone: 1 } }, "time({ zone: 1 })"],
    [{ kind: "answer", name: "time", value: 12 }, "time = 12"],
    [{ kind: "failure", name: "x", code: "not_found", value: "no such" }, "x [not_found] no such"],
    [{ kind: "file", name: "show.csv", size: 1024 }, "show.csv (1,024 bytes)"],
    [{ kind: "cancel", name: "slow" }, "slow"],
  ];
  for (const [facts, text] of cases) assert.equal(textOf(said(facts)), text);
});

Deno.test("No character of a peer hides, moves or turns what is read, wherever it stands", () => {
  const evil = "\u202eevil\u202c\x1b[31m\u200b";
  const facts: Partial<PageSaid>[] = [
    { value: evil },
    { value: { [evil]: evil } },
    { value: [evil] },
    { value: { $date: evil } },
    { kind: "action", name: evil, args: [evil] },
    { kind: "failure", name: evil, code: evil, value: evil },
    { kind: "file", name: evil, size: 1 },
  ];
  // deno-lint-ignore no-control-regex
  const hostile = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;
  for (const each of facts) assert.doesNotMatch(textOf(said(each)), hostile);
  assert.doesNotMatch(jsonText({ [evil]: evil }).replaceAll("\n", ""), hostile);
});

Deno.test("Bytes are dumped with offsets and what can be read of them", () => {
  const bytes = bytesIn({ $bytes: new TextEncoder().encode("0123456789 abcdef\x00").toBase64() })!;
  assert.equal(
    hexDump(bytes, 16),
    "0000  30 31 32 33 34 35 36 37  38 39 20 61 62 63 64 65  0123456789 abcde\n" +
      "0010  66 00                                             f·",
  );
  assert.equal(hexDump(bytes.subarray(0, 8), 8), "0000  30 31 32 33  34 35 36 37  01234567");
  assert.equal(hexDump(new Uint8Array(), 16), "");
  assert.equal(bytesIn("text"), undefined);
  assert.equal(bytesIn({ $bytes: 5 }), undefined);
});
