import assert from "node:assert/strict";
import { Receipts } from "../../../src/dialect/native/receipts.ts";

Deno.test("Receipts admits each number once and in order", () => {
  const receipts = new Receipts();
  assert.deepEqual([1, 2, 1, 2, 3].map((seq) => receipts.admit(seq, 10, 0)), [
    true,
    true,
    false,
    false,
    true,
  ]);
  assert.equal(receipts.rx, 3);
  assert.throws(() => receipts.admit(5, 10, 0), {
    name: "ProtocolError",
    code: "seq_gap",
    fatal: true,
    message: "Frame 5 came after frame 3: some are missing",
  });
  assert.equal(receipts.rx, 3);
  assert.throws(() => new Receipts().admit(2, 10, 0), { code: "seq_gap" });
});

Deno.test("Receipts is due 50 ms after the first frame that nobody was told of, whatever comes after it", () => {
  const receipts = new Receipts();
  assert.equal(receipts.dueAt, Infinity);
  receipts.admit(1, 10, 100);
  receipts.admit(2, 10, 149);
  receipts.admit(2, 10, 149);
  assert.equal(receipts.dueAt, 150);
  receipts.told();
  assert.equal(receipts.dueAt, Infinity);
});

Deno.test("Receipts is due 50 ms after a frame that came twice: its sender has not heard that it came", () => {
  const receipts = new Receipts();
  receipts.admit(1, 10, 0);
  receipts.told();
  receipts.admit(1, 10, 200);
  assert.equal(receipts.dueAt, 250);
  receipts.admit(2, 10, 220);
  assert.equal(receipts.dueAt, 250, "the first one counts");
  receipts.told();
  for (let i = 0; i < 100; i++) receipts.admit(1, 1000, 300);
  assert.equal(receipts.isDue, false, "not at once, however many: only what is new counts");
});

Deno.test("Receipts is due at once after 64 frames or 64 KiB", () => {
  const many = new Receipts();
  for (let seq = 1; seq <= 63; seq++) many.admit(seq, 14, 0);
  assert.equal(many.isDue, false);
  many.admit(64, 14, 0);
  assert.equal(many.isDue, true);
  many.told();
  assert.equal(many.isDue, false);
  const big = new Receipts();
  big.admit(1, 65_535, 0);
  assert.equal(big.isDue, false);
  big.admit(2, 1, 0);
  assert.equal(big.isDue, true);
});
