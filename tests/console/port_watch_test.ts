import assert from "node:assert/strict";
import type { PortInfo } from "../../mod.ts";
import { PortWatch } from "../../src/console/port_watch.ts";

/** A watch over ports that are given by hand: each look takes the next list, the last one for ever. */
function watching(lists: (PortInfo[] | Error)[], wanted = 0) {
  const told: string[] = [];
  const done = Promise.withResolvers<void>();
  const tell = (text: string) => told.push(text) === wanted && done.resolve();
  const watch = new PortWatch({
    everyMs: 1,
    list() {
      const next = lists.length > 1 ? lists.shift()! : lists[0];
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    onChange: ({ sign, port }) => void tell(`${sign} ${port.path}`),
    onFail: (error) => void tell(`! ${error.message}`),
  });
  return { watch, told, done: done.promise };
}

const a = { path: "/dev/a", vendorId: "0403", serialNumber: "1" };
const other = { path: "/dev/a", vendorId: "0403", serialNumber: "2" };
const b = { path: "/dev/b" };

Deno.test("PortWatch tells what has come and gone since it began, also under the same path", {
  timeout: 10_000,
}, async () => {
  const { watch, told, done } = watching([[a], [a], [a, b], [other, b], [b], []], 5);
  assert.deepEqual(await watch.start(), [a]);
  assert.equal(watch.isOn, true);
  await done;
  watch.stop();
  assert.deepEqual(told, ["+ /dev/b", "- /dev/a", "+ /dev/a", "- /dev/a", "- /dev/b"]);
});

Deno.test("PortWatch tells once that ports cannot be listed, and goes on", { timeout: 10_000 }, async () => {
  const { watch, told, done } = watching([[], new Error("no rights"), new Error("no rights"), [b]], 2);
  await watch.start();
  await done;
  watch.stop();
  assert.deepEqual(told, ["! no rights", "+ /dev/b"]);
});

Deno.test("PortWatch that was stopped tells nothing more", { timeout: 10_000 }, async () => {
  const lists: PortInfo[][] = [[], [b]];
  const { watch, told } = watching(lists);
  await watch.start();
  watch.stop();
  assert.equal(watch.isOn, false);
  assert.deepEqual(told, []); // and no timer is left, which would fail the test
});

Deno.test("PortWatch hands over the whole list again and again where only the list tells", {
  timeout: 10_000,
}, async () => {
  const lists = [[a], [a], [a, b]];
  const seen: number[] = [];
  const done = Promise.withResolvers<void>();
  const watch = new PortWatch({
    everyMs: 1,
    list: () => Promise.resolve(lists.length > 1 ? lists.shift()! : lists[0]),
    onList: (ports) => seen.push(ports.length) === 2 && done.resolve(),
    onFail: assert.fail,
  });
  await watch.start();
  await done.promise;
  watch.stop();
  assert.deepEqual(seen, [1, 2]);
});

Deno.test("PortWatch that cannot begin is off", async () => {
  const { watch } = watching([new Error("no rights")]);
  await assert.rejects(watch.start(), /no rights/);
  assert.equal(watch.isOn, false);
});
