import assert from "node:assert/strict";
import { ClosedError } from "../../src/errors.ts";
import { WriteQueue } from "../../src/transport/write_queue.ts";

/** A system that takes bytes when it is told to. */
class Sink {
  /** What was handed over, write by write. */
  readonly taken: number[][] = [];
  #waiting: PromiseWithResolvers<number> | undefined;
  #bytes: Uint8Array = new Uint8Array(0);

  readonly write = (bytes: Uint8Array): Promise<number> => {
    assert.equal(this.#waiting, undefined, "one write at a time");
    this.#waiting = Promise.withResolvers();
    this.#bytes = bytes;
    return this.#waiting.promise;
  };

  /** Takes the write under way, or its first `count` bytes. */
  async take(count = Infinity): Promise<void> {
    const waiting = this.#waiting!;
    this.#waiting = undefined;
    const taken = this.#bytes.slice(0, Math.min(count, this.#bytes.length));
    this.taken.push([...taken]);
    waiting.resolve(taken.length);
    await settle();
  }

  async fail(error: unknown): Promise<void> {
    const waiting = this.#waiting!;
    this.#waiting = undefined;
    waiting.reject(error);
    await settle();
  }

  get isBusy(): boolean {
    return this.#waiting !== undefined;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await null;
}

/** Resolves to `"done"`, or to the error; `state()` tells it before. */
function watch(promise: Promise<void>): { state: () => unknown } {
  let state: unknown = "waiting";
  promise.then(() => state = "done", (error) => state = error);
  return { state: () => state };
}

Deno.test("WriteQueue writes at once when nothing is under way", async () => {
  const sink = new Sink();
  const queue = new WriteQueue(sink);
  const write = watch(queue.write(Uint8Array.of(1, 2)));
  assert.equal(sink.isBusy, true);
  await settle();
  assert.equal(write.state(), "waiting");
  await sink.take();
  assert.equal(write.state(), "done");
});

Deno.test("WriteQueue goes on until all bytes are taken", async () => {
  const sink = new Sink();
  const queue = new WriteQueue(sink);
  const write = watch(queue.write(Uint8Array.of(1, 2, 3)));
  await sink.take(1);
  assert.equal(write.state(), "waiting");
  await sink.take(1);
  await sink.take();
  assert.equal(write.state(), "done");
  assert.deepEqual(sink.taken, [[1], [2], [3]]);
});

Deno.test("WriteQueue takes along in one piece what was asked for meanwhile", async () => {
  const sink = new Sink();
  const queue = new WriteQueue(sink);
  const writes = [[1], [2, 3], [], [4]].map((bytes) => watch(queue.write(Uint8Array.from(bytes))));
  await sink.take();
  assert.deepEqual(writes.map(({ state }) => state()), ["done", "waiting", "waiting", "waiting"]);
  await sink.take(2);
  const late = watch(queue.write(Uint8Array.of(5)));
  await sink.take();
  assert.deepEqual(writes.map(({ state }) => state()), ["done", "done", "done", "done"]);
  assert.equal(late.state(), "waiting");
  await sink.take();
  assert.equal(late.state(), "done");
  assert.deepEqual(sink.taken, [[1], [2, 3], [4], [5]]);
});

Deno.test("WriteQueue resolves an empty write without the system", async () => {
  const sink = new Sink();
  await new WriteQueue(sink).write(new Uint8Array(0));
  assert.equal(sink.isBusy, false);
});

Deno.test("WriteQueue rejects what waits and all that follows after a failure", async () => {
  const sink = new Sink();
  const queue = new WriteQueue(sink);
  const failure = new Error("Gone");
  const writes = [1, 2, 3].map((byte) => watch(queue.write(Uint8Array.of(byte))));
  await sink.fail(failure);
  writes.push(watch(queue.write(Uint8Array.of(4))));
  await settle();
  assert.deepEqual(writes.map(({ state }) => state()), [failure, failure, failure, failure]);
  assert.equal(sink.isBusy, false);
});

Deno.test("WriteQueue.end rejects what waits at once, and the write under way when the system lets go of it", async () => {
  const sink = new Sink();
  const queue = new WriteQueue(sink);
  const closed = new ClosedError("closed", "Closed here");
  const [under, waiting] = [1, 2].map((byte) => watch(queue.write(Uint8Array.of(byte))));
  queue.end(closed);
  queue.end(new Error("Later reasons do not count"));
  await settle();
  assert.equal(waiting.state(), closed);
  assert.equal(under.state(), "waiting");
  await sink.fail(new Error("Interrupted"));
  assert.equal(under.state(), closed);
  await assert.rejects(queue.write(Uint8Array.of(3)), (error) => error === closed);
});

Deno.test("WriteQueue.end rejects a write under way that the system still completes", async () => {
  const sink = new Sink();
  const queue = new WriteQueue(sink);
  const closed = new ClosedError("closed", "Closed here");
  const under = watch(queue.write(Uint8Array.of(1, 2)));
  queue.end(closed);
  await sink.take(1);
  assert.equal(under.state(), closed);
});

Deno.test("WriteQueue.idle resolves when everything was written", async () => {
  const sink = new Sink();
  const queue = new WriteQueue(sink);
  await queue.idle();
  queue.write(Uint8Array.of(1));
  queue.write(Uint8Array.of(2));
  const idle = watch(queue.idle());
  await sink.take();
  assert.equal(idle.state(), "waiting");
  await sink.take();
  assert.equal(idle.state(), "done");
  assert.deepEqual(sink.taken, [[1], [2]]);
});
