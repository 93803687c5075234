import assert from "node:assert/strict";
import type { RequestId } from "../../src/message.ts";
import { isGenerator, type PartSink, StreamProducer } from "../../src/peer/stream_producer.ts";
import { Seen } from "./seen.ts";

/** A sink that takes everything; each part costs 10. */
class Taking implements PartSink {
  readonly parts: Seen<unknown> = new Seen();
  readonly ids: RequestId[] = [];

  part(id: RequestId, value: unknown): number {
    this.ids.push(id);
    this.parts.add(value);
    return 10;
  }

  room(): Promise<void> {
    return Promise.resolve();
  }
}

/** Counts, and notes that its `finally` has run. */
function* count(to: number, ended: string[]): Generator<number> {
  try {
    for (let i = 1; i <= to; i++) yield i;
  } finally {
    ended.push("finally");
  }
}

Deno.test("StreamProducer sends all parts while there is credit, and waits when it is used up", async () => {
  const sink = new Taking();
  const ended: string[] = [];
  const producer = new StreamProducer(7, count(6, ended), 25, sink);
  const run = producer.run().then(() => ended.push("run"));
  assert.deepEqual(await sink.parts.take(3), [1, 2, 3], "the last one may go beyond the credit");
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  assert.equal(sink.parts.all.length, 3);
  producer.grant(5); // what was taken too much, and no more
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  assert.equal(sink.parts.all.length, 3);
  producer.grant(1);
  assert.equal(await sink.parts.next(), 4);
  producer.grant(1000);
  await run;
  assert.deepEqual(sink.parts.all, [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(new Set(sink.ids), new Set([7]));
  assert.deepEqual(ended, ["finally", "run"]);
});

Deno.test("StreamProducer that is stopped runs the generator's finally, whatever it waits for", async () => {
  const sink = new Taking();
  const ended: string[] = [];
  const waiting = new StreamProducer(1, count(100, ended), 10, sink);
  const run = waiting.run();
  await sink.parts.next();
  waiting.stop();
  await run;
  assert.deepEqual([sink.parts.all, ended], [[1], ["finally"]]);

  const gate = Promise.withResolvers<void>();
  const slow = async function* () {
    try {
      await gate.promise;
      yield "made too late";
    } finally {
      ended.push("slow");
    }
  };
  const making = new StreamProducer(2, slow(), 10, sink);
  const made = making.run();
  making.stop();
  gate.resolve();
  await made;
  assert.deepEqual([sink.parts.all, ended], [[1], ["finally", "slow"]]);

  const unbegun = new StreamProducer(3, count(1, ended), 10, sink);
  unbegun.stop();
  await unbegun.run();
  assert.deepEqual(sink.parts.all, [1]);
});

Deno.test("StreamProducer rejects as its generator does, and as its sink does", async () => {
  const ended: string[] = [];
  const throwing = async function* () {
    yield 1;
    throw new Error("broke");
  };
  await assert.rejects(new StreamProducer(1, throwing(), 100, new Taking()).run(), { message: "broke" });
  const full = new Taking();
  full.part = () => {
    throw new RangeError("too large");
  };
  await assert.rejects(new StreamProducer(1, count(5, ended), 100, full).run(), { message: "too large" });
  const gone = new Taking();
  gone.room = () => Promise.reject(new Error("gone"));
  await assert.rejects(new StreamProducer(1, count(5, ended), 100, gone).run(), { message: "gone" });
  assert.deepEqual(ended, ["finally", "finally"]);
});

Deno.test("isGenerator knows what answers in parts, and takes lists and texts as one value", () => {
  const own = { next: () => ({ done: true, value: undefined }), [Symbol.iterator]: () => own };
  const parts = [count(1, []), (async function* () {})(), [1].values(), new Map().keys(), own];
  for (const value of parts) assert.equal(isGenerator(value), true);
  const values = [[1], "text", new Map(), new Set(), new Uint8Array(1), null, undefined, 5, { next: 1 }, {
    next: () => {},
  }];
  for (const value of values) assert.equal(isGenerator(value), false, String(value));
});
