import fc from "fast-check";
import assert from "node:assert/strict";
import { IdTable } from "../src/id_table.ts";

Deno.test("IdTable does what a Map does, for numbers in a row, numbers far apart, and texts", () => {
  const ids = fc.oneof(
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom(16, 32, 1024, 2 ** 20, 2 ** 31, 0xffff_ffff, 0xffff_fff0),
    fc.constantFrom("1", "a", "0x10"),
  );
  const steps = fc.array(fc.tuple(fc.constantFrom("add", "delete", "get"), ids), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (all) => {
      const table = new IdTable<{ id: number | string }>();
      const map = new Map<number | string, { id: number | string }>();
      for (const [step, id] of all) {
        if (step === "add" && !map.has(id)) {
          const thing = { id };
          table.add(thing);
          map.set(id, thing);
        } else if (step === "delete") {
          assert.equal(table.delete(id), map.delete(id));
        }
        assert.equal(table.get(id), map.get(id));
        assert.equal(table.size, map.size);
      }
      assert.deepEqual(new Set(table.values()), new Set(map.values()));
      table.clear();
      assert.equal(table.size, 0);
    }),
    { seed: 3, numRuns: 300 },
  );
});

Deno.test("IdTable keeps one that stays for long beside a million that come and go", () => {
  const table = new IdTable<{ id: number }>();
  const old = { id: 1 };
  table.add(old);
  for (let id = 2; id < 1_000_000; id++) {
    table.add({ id });
    if (id >= 100) assert.equal(table.delete(id - 98), true);
  }
  assert.equal(table.get(1), old);
  assert.equal(table.size, 99);
});
