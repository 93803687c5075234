import assert from "node:assert/strict";
import { ReplyOrder } from "../src/reply_order.ts";

function reply(number: number): Uint8Array {
  return Uint8Array.of(number);
}

function admitted(count: number): ReplyOrder {
  const order = new ReplyOrder();
  for (let number = 1; number <= count; number++) assert.equal(order.admit(), number);
  return order;
}

Deno.test("ReplyOrder.release lets an answer go when all before it have gone", () => {
  const order = admitted(4);
  assert.deepEqual(order.release(3, reply(3)), []);
  assert.deepEqual(order.release(2, reply(2)), []);
  assert.deepEqual(order.release(1, reply(1)), [reply(1), reply(2), reply(3)]);
  assert.deepEqual(order.release(4, reply(4)), [reply(4)]);
});

Deno.test("ReplyOrder.release drops a second answer to the same request", () => {
  const order = admitted(2);
  assert.deepEqual(order.release(2, reply(2)), []);
  assert.deepEqual(order.release(2, reply(9)), []);
  assert.deepEqual(order.release(1, reply(1)), [reply(1), reply(2)]);
  assert.deepEqual(order.release(1, reply(9)), []);
  assert.equal(order.admit(), 3);
  assert.deepEqual(order.release(3, reply(3)), [reply(3)]);
});

Deno.test("ReplyOrder.release drops an answer to a request that never came", () => {
  const order = admitted(1);
  assert.deepEqual(order.release(2, reply(2)), []);
  assert.deepEqual(order.release(Number("text"), reply(2)), []);
  assert.deepEqual(order.release(1, reply(1)), [reply(1)]);
  order.admit();
  assert.deepEqual(order.release(2, reply(5)), [reply(5)]);
});
