import assert from "node:assert/strict";
import type { ParleyError } from "../../src/errors.ts";
import { CallQueue } from "../../src/peer/call_queue.ts";

/** Adds a call that notes what becomes of it. */
function add(queue: CallQueue, log: string[], name: string, deadline = 1000, signal?: AbortSignal): void {
  queue.add({
    what: `Request "${name}" to here`,
    deadline,
    timeoutMs: deadline,
    signal,
    run: () => log.push(`${name} runs`),
    reject: (error) => log.push(`${name} ${(error as ParleyError).code} ${(error as ParleyError).outcome}`),
  });
}

Deno.test("CallQueue makes calls in order while there is room, and looks for room before each", () => {
  const queue = new CallQueue();
  const log: string[] = [];
  for (const name of ["a", "b", "c"]) add(queue, log, name);
  let room = 2;
  queue.advance(() => room-- > 0);
  assert.deepEqual([log, queue.size], [["a runs", "b runs"], 1]);
  queue.advance(() => false);
  assert.equal(queue.size, 1);
  queue.advance(() => true);
  assert.deepEqual([log, queue.size], [["a runs", "b runs", "c runs"], 0]);
});

Deno.test("CallQueue rejects each call at its deadline, once, as not sent", () => {
  const queue = new CallQueue();
  const log: string[] = [];
  add(queue, log, "late", 300);
  add(queue, log, "soon", 100);
  add(queue, log, "then", 200);
  assert.equal(queue.nextDeadline, 100);
  queue.expire(99);
  queue.expire(100);
  queue.expire(150);
  assert.deepEqual([log, queue.nextDeadline], [["soon timeout not-sent"], 200]);
  queue.advance(() => true);
  assert.deepEqual(log, ["soon timeout not-sent", "late runs", "then runs"]);
  queue.expire(1000);
  assert.deepEqual([log.length, queue.nextDeadline], [3, Infinity]);
});

Deno.test("CallQueue says what was waited for and why it was not sent", () => {
  const queue = new CallQueue();
  let message = "";
  queue.add({
    what: 'Request "a" to here',
    deadline: 10,
    timeoutMs: 10,
    run: () => {},
    reject: (error) => message = (error as Error).message,
  });
  queue.expire(10);
  assert.equal(
    message,
    'Request "a" to here was not sent within 10 ms: the other side has not acknowledged what was sent before ' +
      "(limits.maxReplayFrames, limits.maxReplayBytes)",
  );
});

Deno.test("CallQueue lets a signal take one call out, and hears no signal of calls that were made", () => {
  const queue = new CallQueue();
  const log: string[] = [];
  const [first, second] = [new AbortController(), new AbortController()];
  add(queue, log, "a", 1000, first.signal);
  add(queue, log, "b", 1000, second.signal);
  add(queue, log, "c");
  second.abort();
  assert.deepEqual([log.splice(0), queue.size], [["b cancelled not-sent"], 2]);
  queue.advance(() => true);
  first.abort();
  assert.deepEqual(log, ["a runs", "c runs"]);
});

Deno.test("CallQueue ends all that wait, once", () => {
  const queue = new CallQueue();
  const log: string[] = [];
  const stop = new AbortController();
  add(queue, log, "a", 1000, stop.signal);
  add(queue, log, "b");
  queue.end((what) => Object.assign(new Error(what), { code: what, outcome: "not-sent" }));
  stop.abort();
  queue.end(() => new Error("again"));
  queue.advance(() => true);
  assert.deepEqual(log, ['a Request "a" to here not-sent', 'b Request "b" to here not-sent']);
});

Deno.test("CallQueue takes calls that are added while others are made", () => {
  const queue = new CallQueue();
  const log: string[] = [];
  queue.add({
    what: "first",
    deadline: 1000,
    timeoutMs: 1000,
    run: () => add(queue, log, "added"),
    reject: assert.fail,
  });
  queue.advance(() => true);
  assert.deepEqual(log, ["added runs"]);
});
