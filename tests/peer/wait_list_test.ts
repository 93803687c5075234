import assert from "node:assert/strict";
import { TimeoutError } from "../../src/errors.ts";
import { WaitList } from "../../src/peer/wait_list.ts";

const timeout = () => new TimeoutError("timeout", "Nothing came");

Deno.test("WaitList gives values to those who wait in their order", async () => {
  const list = new WaitList<string>();
  assert.equal(list.resolveFirst("nobody"), false);
  const waits = [1, 2, 3].map(() => list.add({ deadline: Infinity, timeout }));
  assert.equal(list.size, 3);
  assert.equal(list.resolveFirst("a"), true);
  list.resolveAll("b");
  assert.deepEqual(await Promise.all(waits), ["a", "b", "b"]);
  assert.equal(list.size, 0);
});

Deno.test("WaitList.expire rejects those whose time has come and nobody else", async () => {
  const list = new WaitList<string>();
  const late = assert.rejects(list.add({ deadline: 10, timeout }), { name: "TimeoutError" });
  const later = list.add({ deadline: 20, timeout });
  assert.equal(list.nextDeadline, 10);
  list.expire(9);
  assert.equal(list.size, 2);
  list.expire(10);
  await late;
  assert.deepEqual([list.size, list.nextDeadline], [1, 20]);
  list.resolveFirst("in time");
  assert.equal(await later, "in time");
  list.expire(100);
  assert.equal(list.nextDeadline, Infinity);
});

Deno.test("WaitList lets go of a signal once the wait is over, however it ends", async () => {
  const stop = new AbortController();
  let listening = 0;
  const { signal } = stop;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listening++;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listening--;
    removeEventListener.apply(signal, args);
  };
  const list = new WaitList<string>();
  const aborted = new AbortController();
  const leaving = assert.rejects(
    list.add({ deadline: Infinity, timeout, signal: aborted.signal }),
    { code: "cancelled", cause: new Error("enough") },
  );
  const staying = list.add({ deadline: Infinity, timeout, signal });
  const expiring = assert.rejects(list.add({ deadline: 5, timeout, signal }));
  aborted.abort(new Error("enough"));
  await leaving;
  list.expire(5);
  await expiring;
  assert.equal(list.resolveFirst("mine"), true);
  assert.equal(listening, 0);
  stop.abort(new Error("too late to matter"));
  assert.equal(await staying, "mine");
  assert.equal(list.size, 0);
  const gone = list.add({ deadline: Infinity, timeout, signal });
  await assert.rejects(gone, { cause: new Error("too late to matter") });
});

Deno.test("WaitList.rejectAll gives each an error of its own", async () => {
  const list = new WaitList<void>();
  const waits = [1, 2].map(() => list.add({ deadline: Infinity, timeout }).catch((error) => error));
  list.rejectAll(() => new Error("over"));
  const [one, two] = await Promise.all(waits);
  assert.equal(one.message, "over");
  assert.notEqual(one, two);
});
