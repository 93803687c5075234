import assert from "node:assert/strict";
import { codecs } from "../../src/codec/table.ts";
import { feed } from "./feed.ts";

Deno.test("codecs makes a new working codec for every name", () => {
  for (const [name, entry] of Object.entries(codecs)) {
    assert.notEqual(entry.make(), entry.make(), name);
    if (entry.frames === "text") {
      assert.deepEqual(feed(entry.make(), [entry.make().encode("ok"), "pause"]), ["ok"], name);
    } else {
      const frame = Uint8Array.of(1, 2, 3);
      assert.deepEqual(feed<Uint8Array>(entry.make(), [entry.make().encode(frame), "pause"]), [frame], name);
    }
  }
});

Deno.test("codecs tells every codec apart in one line", () => {
  const lines = Object.values(codecs).map(({ about }) => about);
  assert.equal(new Set(lines).size, lines.length);
  for (const about of lines) assert.match(about, /^[A-Z0-9].{10,70}[^.]$/);
});

Deno.test("codecs writes what each name says", () => {
  const written = (name: string) => {
    const entry = codecs[name];
    return [...entry.frames === "text" ? entry.make().encode("\x07") : entry.make().encode(Uint8Array.of(7))];
  };
  assert.deepEqual(written("lines"), [7, 10]);
  assert.deepEqual(written("lines-crlf"), [7, 13, 10]);
  assert.deepEqual(written("lines-cr"), [7, 13]);
  assert.deepEqual(written("nul"), [7, 0]);
  assert.deepEqual(written("length-prefix"), [0, 0, 0, 1, 7]);
  assert.deepEqual(written("length-prefix-2"), [0, 1, 7]);
  assert.deepEqual(written("length-prefix-1"), [1, 7]);
  assert.deepEqual(written("cobs"), [2, 7, 0]);
  assert.deepEqual(written("slip"), [7, 0xc0]);
  assert.deepEqual(written("quiet"), [7]);
  assert.deepEqual(written("modbus-rtu"), [7, 0xfe, 0x82]);
  assert.deepEqual(written("nmea"), [7, 0x2a, 0x30, 0x30, 13, 10]);
  assert.deepEqual(written("raw"), [7]);
});

Deno.test("codecs cannot be changed", () => {
  assert.ok(Object.isFrozen(codecs));
  for (const entry of Object.values(codecs)) assert.ok(Object.isFrozen(entry));
});
