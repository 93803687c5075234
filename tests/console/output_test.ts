// deno-lint-ignore-file no-console -- what it prints is what is tested
import assert from "node:assert/strict";
import { mock } from "node:test";
import { Output, type OutputOptions } from "../../src/console/output.ts";

/** An output whose writes are collected. Batches never become due by themselves, unless a test says so. */
function collecting(options: Partial<OutputOptions> = {}): { output: Output; writes: string[] } {
  const writes: string[] = [];
  const output = new Output({
    write: (text) => writes.push(text),
    batchMs: 3_600_000,
    eagerLines: 1,
    windowMs: 3_600_000,
    ...options,
  });
  return { output, writes };
}

Deno.test("Output writes the first line at once and gathers those that follow", () => {
  const { output, writes } = collecting();
  output.print("first");
  assert.deepEqual(writes, ["first"]);
  output.print("second");
  output.print("third\n");
  output.print("");
  assert.deepEqual(writes, ["first"]);
  output.flush();
  assert.deepEqual(writes, ["first", "second\nthird\n"]);
  output.close();
});

Deno.test("Output writes the first lines of a window at once: what follows may be a loop that lets no timer run", () => {
  const { output, writes } = collecting({ eagerLines: 3 });
  for (const line of ["1", "2", "3", "4", "5"]) output.print(line);
  assert.deepEqual(writes, ["1", "2", "3"]);
  output.close();
  assert.deepEqual(writes, ["1", "2", "3", "4\n5"]);
});

Deno.test("Output writes what it gathered when the batch is due", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { output, writes } = collecting({ batchMs: 30 });
    output.print("first");
    output.print("second");
    assert.deepEqual(writes, ["first"]);
    mock.timers.tick(31);
    assert.deepEqual(writes, ["first", "second"]);
    output.close();
  } finally {
    mock.timers.reset();
  }
});

Deno.test("Output counts the lines of a flood it does not show", () => {
  const { output, writes } = collecting({ maxLines: 100 });
  for (let line = 1; line <= 4310; line++) output.print(`line ${line}`);
  output.close();
  const lines = writes.join("\n").split("\n");
  assert.equal(lines.length, 101);
  assert.equal(lines[99], "line 100");
  assert.equal(lines[100], "… 4,210 more lines not shown");
});

Deno.test("Output counts every line of a text of many lines", () => {
  const { output, writes } = collecting({ maxLines: 3 });
  output.print("1\n2\n3\n4\n");
  output.close();
  assert.deepEqual(writes, ["1\n2\n3", "… 1 more line not shown"]);
});

Deno.test("Output shows lines again in the next window, after the count of the last", () => {
  const { output, writes } = collecting({ maxLines: 2, windowMs: 0, batchMs: 0 });
  output.print("a\nb\nc\nd");
  output.print("e");
  output.close();
  assert.deepEqual(writes.join("\n").split("\n"), ["a", "b", "… 2 more lines not shown", "e"]);
});

Deno.test("Output keeps no more than a window's worth of characters", () => {
  const { output, writes } = collecting({ maxChars: 1000 });
  for (let line = 0; line < 100; line++) output.print("x".repeat(400));
  output.close();
  assert.deepEqual(writes.join("\n").split("\n").map((line) => line.length > 100 ? line.length : line), [
    400,
    400,
    "… 98 more lines not shown",
  ]);
});

Deno.test("Output folds a single line longer than a window", () => {
  const { output, writes } = collecting({ maxChars: 10 });
  output.print("0123456789abc");
  output.close();
  assert.deepEqual(writes, ["0123456789…(+3 chars)"]);
});

Deno.test("Output never drops a result, and keeps it behind what was printed before", () => {
  const { output, writes } = collecting({ maxLines: 2 });
  for (let line = 1; line <= 10; line++) output.print(`line ${line}`);
  output.printResult("{ result:\n1 }");
  output.print("after");
  output.printResult("2");
  output.close();
  assert.deepEqual(writes.join("\n").split("\n"), [
    "line 1",
    "line 2",
    "… 8 more lines not shown",
    "{ result:",
    "1 }",
    "… 1 more line not shown",
    "2",
  ]);
});

Deno.test("Output takes over the console's methods until it is restored", () => {
  const original = console.log;
  const { output, writes } = collecting();
  output.install();
  output.install();
  console.log("%s is %d", "answer", 42, { a: 1 });
  console.info("info");
  console.debug("debug");
  console.warn("warn");
  console.error("error");
  output.close();
  assert.equal(console.log, original);
  assert.deepEqual(writes.join("\n").split("\n"), [
    "answer is 42 { a: 1 }",
    "info",
    "debug",
    "warn",
    "error",
  ]);
});

Deno.test("Output makes control characters visible and lets colours pass only when asked", () => {
  const text = "\x1b[31mred\x1b[0m\x1b[2J\r\ttab";
  const plain = collecting();
  plain.output.print(text);
  plain.output.close();
  assert.deepEqual(plain.writes, ["\\x1b[31mred\\x1b[0m\\x1b[2J\\r\ttab"]);
  const coloured = collecting({ colors: true });
  coloured.output.print(text);
  coloured.output.printResult("\x1b[33m5");
  coloured.output.close();
  assert.deepEqual(coloured.writes, ["\x1b[31mred\x1b[0m\\x1b[2J\\r\ttab\x1b[0m", "\x1b[33m5\x1b[0m"]);
});

Deno.test("Output takes tables, groups and counts of the console, each whole and indented as it should be", () => {
  const written: string[] = [];
  using output = new Output({ write: (text) => written.push(text), batchMs: 0 });
  output.install();
  console.table([{ volts: 5 }]);
  console.group("supply");
  console.log("on");
  console.groupEnd();
  console.count("asked");
  console.assert(false, "too low");
  output.restore();
  output.flush();
  const shown = written.join("\n").split("\n");
  assert(shown.some((line) => /│\s*0\s*│\s*5\s*│/.test(line)));
  assert.deepEqual(shown.slice(-4), ["supply", "  on", "asked: 1", "Assertion failed: too low"]);
});
