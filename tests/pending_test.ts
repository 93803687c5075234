import assert from "node:assert/strict";
import type { RequestId } from "../src/message.ts";
import { Pending, type PendingRequest } from "../src/pending.ts";

function request(id: RequestId, token: string, deadline = 1000): PendingRequest {
  return { id, token, kind: "request", name: token, timeoutMs: deadline, deadline, abandoned: false };
}

function tokens(requests: (PendingRequest | undefined)[]): unknown[] {
  return requests.map((request) => request?.token);
}

Deno.test("Pending.settle finds a request by its id, once", () => {
  const pending = new Pending(false);
  pending.add(request(1, "a"));
  pending.add(request("two", "b"));
  assert.deepEqual(tokens([pending.settle("two"), pending.settle(1), pending.settle(1), pending.settle(9)]), [
    "b",
    "a",
    undefined,
    undefined,
  ]);
  assert.equal(pending.size, 0);
});

Deno.test("Pending.settle finds nothing without an id where ids are wanted", () => {
  const pending = new Pending(false);
  pending.add(request(1, "a"));
  assert.equal(pending.settle(undefined), undefined);
  assert.equal(pending.size, 1);
});

Deno.test("Pending.settle takes the oldest request where order is all there is", () => {
  const pending = new Pending(true);
  for (const [id, token] of ["a", "b", "c"].entries()) pending.add(request(id + 1, token));
  assert.deepEqual(tokens([1, 2, 3, 4].map(() => pending.settle(undefined))), ["a", "b", "c", undefined]);
});

Deno.test("Pending.abandon keeps the place of a request where order is all there is", () => {
  const pending = new Pending(true);
  for (const [id, token] of ["a", "b", "c"].entries()) pending.add(request(id + 1, token));
  assert.equal(pending.abandon(2)?.token, "b");
  assert.equal(pending.abandon(2), undefined);
  assert.deepEqual([pending.size, pending.places], [2, 3]);
  assert.deepEqual(tokens([1, 2, 3].map(() => pending.settle(undefined))), ["a", undefined, "c"]);
  assert.deepEqual([pending.size, pending.places, pending.expectsAnswer], [0, 0, false]);
});

Deno.test("Pending.abandon forgets a request that has an id", () => {
  const pending = new Pending(false);
  pending.add(request(1, "a"));
  assert.equal(pending.abandon(1)?.token, "a");
  assert.deepEqual([pending.size, pending.places, pending.expectsAnswer], [0, 0, false]);
  assert.equal(pending.settle(1), undefined);
});

Deno.test("Pending.expire gives up each request at its deadline, once", () => {
  for (const byOrder of [false, true]) {
    const pending = new Pending(byOrder);
    assert.equal(pending.nextDeadline, Infinity);
    pending.add(request(1, "late", 300));
    pending.add(request(2, "soon", 100));
    pending.add(request(3, "then", 200));
    assert.equal(pending.nextDeadline, 100);
    assert.deepEqual(pending.expire(99), []);
    assert.deepEqual(tokens(pending.expire(100)), ["soon"]);
    assert.deepEqual(pending.expire(100), []);
    assert.equal(pending.nextDeadline, 200);
    assert.deepEqual(tokens(pending.expire(1000)), ["late", "then"]);
    assert.equal(pending.nextDeadline, Infinity);
    assert.equal(pending.size, 0);
    assert.equal(pending.expectsAnswer, byOrder, "answers still come where they cannot be told apart");
  }
});

Deno.test("Pending.drain takes out what somebody waits for, and forgets all", () => {
  const pending = new Pending(true);
  pending.add(request(1, "a"));
  pending.add(request(2, "b"));
  pending.abandon(1);
  assert.deepEqual(tokens(pending.drain()), ["b"]);
  assert.deepEqual([pending.size, pending.places, pending.nextDeadline], [0, 0, Infinity]);
  assert.deepEqual(pending.drain(), []);
});
