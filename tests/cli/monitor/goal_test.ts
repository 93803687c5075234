import assert from "node:assert/strict";
import { DeviceLines } from "../../../src/cli/monitor/device_lines.ts";
import { Goal } from "../../../src/cli/monitor/goal.ts";
import { Pattern } from "../../../src/cli/pattern.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("lines are the same however they are cut", () => {
  const input = bytes("one\r\ntwo\r\r\nthree\n\nfour\rfive");
  for (let size = 1; size <= input.length; size++) {
    const lines = new DeviceLines();
    const found: string[] = [];
    for (let at = 0; at < input.length; at += size) {
      found.push(...lines.feed(input.subarray(at, at + size)).map(({ line }) => text(line)));
    }
    assert.deepEqual(found, ["one", "two", "three", "four"]);
    assert.equal(text(lines.rest), "five");
    assert.equal(text(lines.end()!), "five");
    assert.equal(lines.end(), undefined);
  }
});

Deno.test("a line that never ends is kept in parts", () => {
  const lines = new DeviceLines();
  let cut = 0;
  for (let round = 0; round < 100; round++) cut += lines.feed(new Uint8Array(10_000).fill(65)).length;
  assert.equal(cut, Math.floor(1_000_000 / 65_536));
  assert(lines.rest.length < 65_536);
});

Deno.test("a goal is reached at the line, in the prompt or by the number, and cuts what comes behind", () => {
  const take = (goal: Goal, ...parts: string[]) =>
    parts.map((part) => `${text(goal.take(bytes(part)))}${goal.isReached ? "!" : ""}`);
  const until = (source: string) => new Goal({ until: new Pattern(source) });
  assert.deepEqual(take(until("two"), "one\nt", "wo\r\nthree\n"), ["one\nt", "wo\r\n!"]);
  assert.deepEqual(take(until("login: "), "boot\nlog", "in: "), ["boot\nlog", "in: !"]);
  assert.deepEqual(take(until("/^two$/"), "one two\n", "two\n"), ["one two\n", "two\n!"]);
  assert.deepEqual(take(new Goal({ count: 2 }), "one\n\ntwo\nthree"), ["one\n\ntwo\n!"]);
  assert.deepEqual(take(new Goal({}), "one\n", "two\n"), ["one\n", "two\n"]);
  assert.equal(until("x").wanted, "a line that matches x");
  assert.equal(new Goal({ count: 3 }).wanted, "3 lines");
});
