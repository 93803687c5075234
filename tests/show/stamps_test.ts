import assert from "node:assert/strict";
import { STAMP_KINDS, stampKind, Stamps } from "../../src/show/stamps.ts";

Deno.test("lines are stamped with the time of day, since the start, since the line before, or in ISO 8601", () => {
  const start = new Date(2026, 10, 3, 10, 31, 7, 114).getTime();
  assert.equal(new Stamps(start).next("clock", start + 1), "10:31:07.115");
  assert.equal(new Stamps(start).next("start", start + 3_661_250), "01:01:01.250");
  assert.equal(new Stamps(start).next("iso", start), new Date(start).toISOString());
  const delta = new Stamps(start);
  assert.deepEqual([
    delta.next("delta", start + 41),
    delta.next("clock", start + 50),
    delta.next("delta", start + 1251),
  ], [
    "+00:00.041",
    "10:31:07.164",
    "+00:01.201",
  ]);
  assert.equal(delta.next("delta", start), "+00:00.000", "a clock that was set back");
});

Deno.test("since is another word for start, and there are no others", () => {
  assert.deepEqual(STAMP_KINDS.map(stampKind), STAMP_KINDS);
  assert.equal(stampKind("since"), "start");
  assert.equal(stampKind("never"), undefined);
});
