import assert from "node:assert/strict";
import type { Codec } from "../../src/codec/codec.ts";
import { interByteTimeout } from "../../src/codec/inter_byte_timeout.ts";
import { lines } from "../../src/codec/lines.ts";
import { raw } from "../../src/codec/raw.ts";
import { CodecDriver, encodeEach, show } from "../../src/testing/codec_driver.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

Deno.test("CodecDriver notes frames and errors in order, and bytes left over at the end", () => {
  const driver = new CodecDriver(lines({ maxFrameBytes: 3 }));
  driver.feed(utf8("a\nlonger\nb\nre"));
  assert.equal(driver.waitingBytes, 2);
  driver.end();
  assert.deepEqual(driver.events, [
    { kind: "frame", frame: "a", atEnd: false },
    { kind: "error", code: "too_large", fatal: false, atEnd: false },
    { kind: "frame", frame: "b", atEnd: false },
    { kind: "error", code: "truncated", fatal: true, atEnd: true },
  ]);
});

Deno.test("CodecDriver takes nothing more after the end", () => {
  const driver = new CodecDriver(lines());
  driver.end();
  driver.feed(utf8("a\n"));
  driver.end();
  assert.deepEqual(driver.events, []);
});

Deno.test("CodecDriver leaves the caller's bytes alone when it overwrites its chunks", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const driver = new CodecDriver(raw(), { overwrite: true });
  driver.feed(bytes);
  assert.deepEqual(bytes, Uint8Array.of(1, 2, 3));
  assert.deepEqual(driver.events, [{ kind: "frame", frame: bytes, atEnd: false }]);
});

Deno.test("CodecDriver refuses a codec that gives a frame before any byte came", () => {
  const eager: Codec<string> = { decode: () => "", encode: () => new Uint8Array() };
  assert.throws(() => new CodecDriver(eager), { name: "CodecRuleError", rule: "progress" });
});

Deno.test("encodeEach gives the bytes of each frame", () => {
  assert.deepEqual(encodeEach(lines(), ["a", ""], "sample"), [utf8("a\n"), utf8("\n")]);
});

Deno.test("show keeps long values short", () => {
  assert.equal(show(new TypeError("no")), "TypeError: no");
  assert.ok(show(new Uint8Array(10_000)).length < 250);
  assert.ok(show("x".repeat(10_000)).length < 250);
});

Deno.test("CodecDriver tells the codec of pauses, and one that does not ask hears nothing", () => {
  const driver = new CodecDriver(interByteTimeout());
  driver.feed(Uint8Array.of(1));
  driver.feed(Uint8Array.of(2));
  driver.quiet();
  driver.quiet();
  driver.feed(Uint8Array.of(3));
  driver.end();
  driver.quiet();
  assert.deepEqual(driver.events, [
    { kind: "frame", frame: Uint8Array.of(1, 2), atEnd: false },
    { kind: "frame", frame: Uint8Array.of(3), atEnd: true },
  ]);
  const deaf = new CodecDriver(lines());
  deaf.feed(utf8("a"));
  deaf.quiet();
  assert.deepEqual(deaf.events, []);
});

Deno.test("CodecDriver takes the last frames one by one, and ends with one that is given for ever", () => {
  const make = (decodeEnd: Codec<string>["decodeEnd"]): Codec<string> => ({
    decode: () => undefined,
    encode: utf8,
    decodeEnd,
  });
  const [both, same] = [
    new CodecDriver(make((buffer) => String.fromCharCode(...buffer.take(1)))),
    new CodecDriver(make(() => "same")),
  ];
  for (const driver of [both, same]) {
    driver.feed(utf8("ab"));
    driver.end();
  }
  assert.deepEqual(both.events.map((event) => event.kind === "frame" && event.frame), ["a", "b"]);
  assert.equal(same.events.length, 1);
});
