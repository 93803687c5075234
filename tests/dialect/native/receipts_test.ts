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
  assert.equal(receipts.admit(2, 10, 200), false);
  assert.equal(receipts.dueAt, 250, "who says it again does not know that it has come");
  receipts.admit(3, 10, 300);
  assert.equal(receipts.dueAt, 250);
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
