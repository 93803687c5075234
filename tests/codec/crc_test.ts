import assert from "node:assert/strict";
import { crc32 as zlibCrc32 } from "node:zlib";
import { crc16CcittOf, crc16ModbusOf, crc32Of } from "../../src/codec/crc.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { hex, utf8 } from "./feed.ts";

const CHECK = utf8("123456789");

Deno.test("the CRCs have their published check values", () => {
  assert.equal(crc32Of(CHECK), 0xcbf43926);
  assert.equal(crc16ModbusOf(CHECK), 0x4b37);
  assert.equal(crc16CcittOf(CHECK), 0x29b1);
});

Deno.test("the CRCs of nothing are what they begin with", () => {
  assert.equal(crc32Of(hex("")), 0);
  assert.equal(crc16ModbusOf(hex("")), 0xffff);
  assert.equal(crc16CcittOf(hex("")), 0xffff);
});

Deno.test("the CRCs sum the part that is asked for", () => {
  const within = utf8("..123456789...");
  assert.equal(crc32Of(within, 2, 11), 0xcbf43926);
  assert.equal(crc16ModbusOf(within, 2, 11), 0x4b37);
  assert.equal(crc16CcittOf(within, 2, 11), 0x29b1);
  assert.equal(crc32Of(within, 14), 0);
});

Deno.test("crc32Of is zlib's for any bytes of any length", () => {
  const random = new SeededRandom(1);
  for (let length = 0; length < 300; length++) {
    const bytes = random.bytes(length);
    assert.equal(crc32Of(bytes), zlibCrc32(bytes), `${length} bytes`);
    assert.equal(
      crc32Of(bytes, length >> 1),
      zlibCrc32(bytes.subarray(length >> 1)),
      `half of ${length} bytes`,
    );
  }
});

Deno.test("crc16 of a frame with its own CRC behind it, in the order of the wire, is 0", () => {
  assert.equal(crc16ModbusOf(hex("01 03 00 00 00 0a c5 cd")), 0);
  assert.equal(crc16CcittOf(Uint8Array.of(...CHECK, 0x29, 0xb1)), 0);
});
