import assert from "node:assert/strict";
import { type KeyedResult, KeyTable } from "../../src/peer/key_table.ts";

const LIMITS = { maxKeys: 3, keyMs: 100 };

/** Begins and ends a request under `key`. */
function handle(table: KeyTable, key: string, now: number): void {
  table.end(table.begin(key, 1), { value: key }, now);
}

Deno.test("KeyTable keeps the result of each key for keyMs after its handler has ended", () => {
  const table = new KeyTable(LIMITS);
  assert.equal(table.find("a", 0), undefined);
  const entry = table.begin("a", 7);
  assert.equal(table.find("a", 1_000_000), entry, "however long it runs");
  table.end(entry, { value: 1 }, 1000);
  assert.deepEqual([table.find("a", 1099)?.result, table.find("a", 1099)?.digest], [{ value: 1 }, 7]);
  assert.equal(table.find("a", 1100), undefined);
});

Deno.test("KeyTable forgets one that is too old, though it stands behind one whose handler runs", () => {
  const table = new KeyTable(LIMITS);
  const running = table.begin("running", 1);
  handle(table, "old", 0);
  assert.ok(table.find("old", 99));
  assert.equal(table.find("old", 100), undefined);
  assert.equal(table.find("running", 100), running);
  handle(table, "old", 200);
  assert.ok(table.find("old", 299));
});

Deno.test("KeyTable tells those who wait the result, and keeps what is to be kept of it", () => {
  const table = new KeyTable(LIMITS);
  const told: KeyedResult[] = [];
  const entry = table.begin("a", 1);
  entry.waiting.push((result) => told.push(result), (result) => told.push(result));
  table.end(entry, { code: "answered", message: "" }, 0, { value: "large" });
  assert.deepEqual(told, [{ value: "large" }, { value: "large" }]);
  assert.deepEqual(table.find("a", 1)?.result, { code: "answered", message: "" });
});

Deno.test("KeyTable forgets what was not handled, and tells those who wait", () => {
  const table = new KeyTable(LIMITS);
  const told: KeyedResult[] = [];
  const entry = table.begin("a", 1);
  entry.waiting.push((result) => told.push(result));
  table.drop("a", entry, { code: "busy", message: "" });
  assert.deepEqual(told, [{ code: "busy", message: "" }]);
  assert.equal(table.find("a", 0), undefined);
  const next = table.begin("a", 1);
  table.drop("a", entry, { code: "busy", message: "" });
  assert.equal(table.find("a", 0), next, "another one by now");
});

Deno.test("KeyTable forgets the oldest for a new one above maxKeys, and none for a known one", () => {
  const table = new KeyTable(LIMITS);
  for (const key of ["a", "b", "c"]) handle(table, key, 0);
  for (let i = 0; i < 5; i++) assert.deepEqual(table.find("a", 1)?.result, { value: "a" });
  handle(table, "d", 1);
  assert.deepEqual(["a", "b", "c", "d"].map((key) => table.find(key, 1) !== undefined), [
    false,
    true,
    true,
    true,
  ]);
});

Deno.test("KeyTable never forgets one whose handler runs, and makes room among the others", () => {
  const table = new KeyTable(LIMITS);
  const running = ["x", "y"].map((key) => table.begin(key, 1));
  for (const key of ["a", "b", "c"]) handle(table, key, 0);
  assert.deepEqual(["a", "b", "c"].map((key) => table.find(key, 1) !== undefined), [false, false, true]);
  assert.deepEqual(["x", "y"].map((key) => table.find(key, 1)), running);
});
