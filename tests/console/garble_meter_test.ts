import assert from "node:assert/strict";
import { GarbleMeter } from "../../src/console/garble_meter.ts";

/** The answers to so many of this line that are not silence. */
function told(line: string, count: number): number[] {
  const meter = new GarbleMeter();
  return Array.from({ length: count }, () => meter.add(line)).filter((percent) => percent !== undefined);
}

Deno.test("GarbleMeter tells of noise once in a window of 1024 characters", () => {
  assert.deepEqual(told("\ufffd\x00x\x9f", 255), []);
  assert.deepEqual(told("\ufffd\x00x\x9f", 256), [75]);
  assert.deepEqual(told("\ufffd\x00x\x9f", 512), [75, 75]);
  assert.deepEqual(told("\x1c".repeat(5000), 1), [100]);
});

Deno.test("GarbleMeter takes tabs, colours, line ends and other languages for text", () => {
  for (const line of ["\t\r\n", "\x1b[31mE\x1b[0m", "Größe 温度", "abcdefg\ufffd\x00\x01"]) {
    assert.deepEqual(told(line, 2000), [], JSON.stringify(line));
  }
});

Deno.test("GarbleMeter forgets what came before a reset", () => {
  const meter = new GarbleMeter();
  assert.equal(meter.add("\x00".repeat(1023)), undefined);
  meter.reset();
  assert.equal(meter.add("x".repeat(1024)), undefined);
  assert.equal(meter.add("\x00".repeat(1024)), 100);
});
