import assert from "node:assert/strict";
import { ReplayLog } from "../../../src/dialect/native/replay_log.ts";
import { fromHex, numbered } from "./wire.ts";

const RES = 9;
const LIMITS = { maxReplayFrames: 4, maxReplayBytes: 1000 };

/** Frames with these numbers, 0 for those without one, each 15 bytes. */
function frames(...numbers: number[]): Uint8Array {
  return fromHex(numbers.map((seq) => numbered(seq, RES, 2, 1, "ff")).join(""));
}

/** A log that has given out `count` numbers. */
function logOf(count: number): ReplayLog {
  const log = new ReplayLog(LIMITS);
  for (let i = 0; i < count; i++) log.next();
  return log;
}

function seqs(log: ReplayLog): number[] {
  return log.takeAll().map(({ seq }) => seq);
}

Deno.test("ReplayLog gives out numbers from 1 on, and takes back those of the latest", () => {
  const log = new ReplayLog(LIMITS);
  assert.deepEqual([log.lastSeq, log.next(), log.next()], [0, 1, 2]);
  log.rewind(1);
  assert.deepEqual([log.lastSeq, log.next()], [1, 2]);
});

Deno.test("ReplayLog keeps the numbered frames among those that leave, in order", () => {
  for (const leaving of [[1, 2, 3], [0, 1, 2, 3], [1, 0, 2, 0, 0, 3], [1, 2, 3, 0], [0, 0, 1, 0, 2, 3, 0]]) {
    const log = logOf(3);
    log.keep(frames(...leaving));
    assert.equal(log.bytes, 45, leaving.join());
    assert.deepEqual(seqs(log), [1, 2, 3]);
    assert.equal(log.bytes, 0);
  }
  const none = logOf(0);
  none.keep(frames(0, 0));
  none.keep(new Uint8Array(0));
  assert.equal(none.bytes, 0);
});

Deno.test("ReplayLog keeps what leaves although its memory is used again", () => {
  const log = logOf(2);
  for (const seq of [1, 2]) {
    const bytes = frames(seq);
    log.keep(bytes);
    bytes.fill(0);
  }
  assert.deepEqual(seqs(log), [1, 2]);
});

Deno.test("ReplayLog forgets what is acknowledged, all at once or one by one", () => {
  const log = logOf(4);
  log.keep(frames(1, 2));
  log.keep(frames(3, 4));
  log.acknowledge(1);
  assert.equal(log.bytes, 45);
  log.acknowledge(1);
  log.acknowledge(3);
  assert.deepEqual(seqs(log), [4]);
  const whole = logOf(4);
  whole.keep(frames(1, 2, 3, 4));
  whole.acknowledge(4);
  assert.deepEqual([whole.bytes, seqs(whole)], [0, []]);
});

Deno.test("ReplayLog refuses what was never sent", () => {
  const log = logOf(3);
  log.keep(frames(1, 2));
  assert.throws(() => log.acknowledge(3), {
    code: "bad_ack",
    fatal: true,
    message: "Frame 3 was acknowledged, but the last one sent is 2",
  });
  assert.throws(() => new ReplayLog(LIMITS).acknowledge(1), { code: "bad_ack" });
});

Deno.test("ReplayLog is full by frames, given out or sent, and by bytes", () => {
  const log = logOf(3);
  assert.equal(log.isFull(0), false);
  log.keep(frames(1, 2));
  assert.equal(log.isFull(0), false);
  log.next();
  assert.equal(log.isFull(0), true);
  log.keep(frames(3, 4));
  assert.equal(log.isFull(0), true);
  log.acknowledge(1);
  assert.equal(log.isFull(0), false);
  assert.equal(log.isFull(1000 - 45 - 1), false);
  assert.equal(log.isFull(1000 - 45), true);
});

Deno.test("ReplayLog knows what has ever left, also after it was taken out to be said again", () => {
  const log = logOf(3);
  log.keep(frames(1, 2));
  assert.deepEqual([1, 2, 3].map((seq) => log.hasLeft(seq)), [true, true, false]);
  assert.deepEqual(seqs(log), [1, 2]);
  assert.deepEqual([1, 2, 3].map((seq) => log.hasLeft(seq)), [true, true, false]);
  assert.equal(log.isFull(0), false);
  log.keep(frames(1));
  assert.throws(() => log.acknowledge(3), { code: "bad_ack" }, "it has never left");
  log.acknowledge(2); // it has left on another link, and has come after all
  assert.equal(log.bytes, 0);
  log.keep(frames(2, 3));
  log.acknowledge(3);
  assert.equal(log.bytes, 0);
});

Deno.test("ReplayLog takes out nothing and goes on where it was when all is acknowledged", () => {
  const log = logOf(2);
  log.keep(frames(1, 2));
  log.acknowledge(2);
  assert.deepEqual(seqs(log), []);
  log.acknowledge(2);
  assert.equal(log.next(), 3);
  log.keep(frames(3));
  assert.deepEqual(seqs(log), [3]);
});

Deno.test("ReplayLog counts on over the end of all numbers", () => {
  const log = new ReplayLog(LIMITS);
  log.rewind(0xffff_fffe);
  log.keep(frames(0xffff_fffe)); // as if all before had been sent
  log.acknowledge(0xffff_fffe);
  assert.deepEqual([log.next(), log.next()], [0xffff_ffff, 1]);
  log.keep(frames(0xffff_ffff, 1));
  assert.equal(log.isFull(0), false);
  log.acknowledge(0xffff_ffff);
  assert.deepEqual(seqs(log), [1]);
});

Deno.test("ReplayLog.reset begins again at 1", () => {
  const log = logOf(2);
  log.keep(frames(1, 2));
  log.reset();
  assert.deepEqual([log.bytes, log.lastSeq, log.hasLeft(1), log.next()], [0, 0, false, 1]);
});
