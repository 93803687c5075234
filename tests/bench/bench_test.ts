import assert from "node:assert/strict";
import { whyNoNatsServer } from "./contestants/nats_server.ts";
import { whyNoPyserial } from "./contestants/pyserial.ts";
import { parseOptions } from "./options.ts";
import { Preparations } from "./prepare.ts";
import { isMet, reportRow } from "./report.ts";
import type { Entry, Row } from "./row.ts";
import { runRow } from "./run_row.ts";
import { median, percentile, shortNumber } from "./statistics.ts";
import { rows } from "./table.ts";
import { runTurn } from "./turn.ts";

const ROW: Row = {
  name: "sample",
  title: "Sample",
  unit: "/s",
  limit: "raw",
  entries: [{ name: "raw", module: "raw_pump" }, { name: "ours", module: "parley_pump" }],
  budgets: [{ text: "at least half of raw", of: "ours", against: "raw", atLeast: 0.5 }],
};

Deno.test("median takes the middle, or the mean of the two in the middle", () => {
  assert.equal(median([30, 10, 20]), 20);
  assert.equal(median([40, 10, 20, 30]), 25);
  assert.equal(median([100, 9, 1000]), 100); // by value, not by text
  assert(Number.isNaN(median([])));
});

Deno.test("percentile lies between the neighbours", () => {
  assert.equal(percentile([0, 10, 20, 30, 40], 0.25), 10);
  assert.equal(percentile([0, 10], 0.99), 9.9);
});

Deno.test("shortNumber keeps three digits", () => {
  const shown = [0.5, 35.72, 133.4, 999.4, 999.6, 2650, 9_994, 10_000, 999_400, 999_600, 1_934_000];
  assert.deepEqual(
    shown.map(shortNumber),
    ["0.5", "35.7", "133", "999", "1.00k", "2.65k", "9.99k", "10k", "999k", "1.00M", "1.93M"],
  );
});

Deno.test("parseOptions refuses what it does not know", () => {
  assert.equal(parseOptions([], ["a"]).rounds, 3);
  assert.equal(parseOptions(["--quick"], ["a"]).rounds, 1);
  assert.deepEqual(parseOptions(["--row", "a", "--row", "b"], ["a", "b"]).rows, ["a", "b"]);
  assert.deepEqual(parseOptions(["b", "--quick", "a"], ["a", "b"]).rows, ["b", "a"]);
  assert.throws(() => parseOptions(["--row", "c"], ["a", "b"]), /Unknown row "c": the rows are a, b/);
  assert.throws(() => parseOptions(["c"], ["a", "b"]), /Unknown row "c": the rows are a, b/);
  assert.throws(() => parseOptions(["--rounds", "0"], []), RangeError);
  assert.throws(() => parseOptions(["--rounds", "2.5"], []), RangeError);
  assert.throws(() => parseOptions(["--fast"], []), TypeError);
});

Deno.test("isMet holds ratios, differences and values against their bounds", () => {
  const middle = (name: string) => ({ ours: 60, raw: 100 })[name] ?? NaN;
  const budget = { text: "", of: "ours", against: "raw" };
  assert.equal(isMet({ ...budget, atLeast: 0.6 }, middle), true);
  assert.equal(isMet({ ...budget, atLeast: 0.61 }, middle), false);
  assert.equal(isMet({ ...budget, atMost: 0.5 }, middle), false);
  assert.equal(isMet({ ...budget, by: "difference", atMost: -40 }, middle), true);
  assert.equal(isMet({ text: "", of: "ours", atLeast: 61 }, middle), false);
  assert.equal(isMet({ ...budget, against: "nobody", atLeast: 0.6 }, middle), undefined);
});

Deno.test("reportRow gives the median, the spread, the ratio and the verdict", () => {
  const turns = new Map([["raw", [{ value: 100 }, { value: 300 }, { value: 200 }]], ["ours", [{
    value: 50,
  }]]]);
  const text = reportRow({ row: ROW, turns, failures: new Map() });
  assert.match(text, /^\| raw \| 200 \| 100–300 \| 1\.00 \|$/m);
  assert.match(text, /^\| ours \| 50\.0 \| 50\.0–50\.0 \| 0\.25 \|$/m);
  assert.match(text, /^- ours: at least half of raw: \*\*not met\*\* \(0\.25 x\)$/m);
});

Deno.test("reportRow says what failed and what is not available", () => {
  const turns = new Map([["raw", [{ value: 100 }]]]);
  const text = reportRow({ row: ROW, turns, failures: new Map([["ours", "it ended\n    at its stack"]]) });
  assert.match(text, /^\| ours \| – \| – \| – \|$/m);
  assert.match(text, /at least half of raw: not measured$/m);
  assert.match(text, /^- ours failed: it ended$/m);
  assert.doesNotMatch(text, /stack/);
  const absent = new Map([["raw", "it is not installed"]]);
  assert.match(
    reportRow({ row: ROW, turns: new Map(), failures: new Map(), absent }),
    /^- raw not measured: it is not installed$/m,
  );
  assert.match(
    reportRow({ row: ROW, turns, failures: new Map(), unavailable: "no terminal" }),
    /^Not available: no terminal\.$/m,
  );
});

Deno.test("rows hold budgets and limits against entries that exist", () => {
  assert.equal(new Set(rows.map((row) => row.name)).size, rows.length);
  for (const row of rows) {
    const names = row.entries.map((entry) => entry.name);
    assert.equal(new Set(names).size, names.length, row.name);
    assert(names.includes(row.limit), row.name);
    for (const budget of row.budgets) {
      assert(names.includes(budget.of), `${row.name}: ${budget.text}`);
      assert(budget.against === undefined || names.includes(budget.against), `${row.name}: ${budget.text}`);
    }
    for (const { module, runtime = "deno", far } of row.entries) {
      const files = [`${module}.${{ deno: "ts", node: "mjs", python: "py" }[runtime]}`];
      if (far !== undefined) files.push(`${far}.ts`);
      for (const file of files) {
        assert(Deno.statSync(new URL(`./contestants/${file}`, import.meta.url)).isFile);
      }
    }
  }
});

Deno.test("runRow leaves out what cannot be measured here, and asks once", async () => {
  let asked = 0;
  const prepare = (directory: string): Promise<string> => {
    asked++;
    return Promise.resolve(Deno.statSync(directory).isDirectory ? "it is not installed" : "no directory");
  };
  const entries: Entry[] = [{ name: "a", module: "none", prepare }, { name: "b", module: "none", prepare }];
  const options = { rounds: 1, rows: [], quick: true, warmUpMs: 1, measureMs: 1 };
  await using preparations = new Preparations();
  const { absent, failures } = await runRow({ ...ROW, entries, budgets: [] }, options, preparations);
  assert.deepEqual([...absent!], [["a", "it is not installed"], ["b", "it is not installed"]]);
  assert.equal(failures.size, 0);
  assert.equal(asked, 1);
});

Deno.test("runTurn measures between two processes and ends both", async () => {
  // Long enough for something to get through on a machine that does other things as well.
  const times = { warmUpMs: 200, measureMs: 1000 };
  assert((await runTurn({ name: "one way", module: "parley_pump" }, times)).value > 0);
  const list = { name: "list", module: "parley_requests", work: { argument: "list", inFlight: 8 } } as const;
  assert((await runTurn(list, times)).value > 0);
  assert((await runTurn({ name: "echo", module: "parley_requests" }, times)).p99! > 0);
});

Deno.test("runTurn measures between two clients of a broker", {
  ignore: await whyNoNatsServer() !== undefined,
}, async () => {
  const flags = ["--no-lock"];
  const times = { warmUpMs: 100, measureMs: 500 };
  assert((await runTurn({ name: "NATS", module: "nats_requests", flags }, times)).p99! > 0);
  assert((await runTurn({ name: "NATS", module: "nats_pump", flags }, times)).value > 0);
});

Deno.test("runTurn measures a serial line, its far end in a module of its own", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const times = { warmUpMs: 100, measureMs: 500 };
  for (const module of ["raw_serial", "parley_serial"]) {
    for (const line of ["echo", "read", "write"] as const) {
      const work = { line, messageBytes: line === "echo" ? 64 : 4096 };
      const { value, p99 } = await runTurn({ name: line, module, far: "far_line", work }, times);
      assert(value > 0);
      assert.equal(p99 !== undefined, line === "echo");
    }
  }
  for (const line of ["open", "idle"] as const) {
    const work = { line, connections: 3 };
    const entry = { name: line, module: `parley_serial_${line}`, far: "far_line", work };
    assert((await runTurn(entry, times)).value > 0);
  }
});

Deno.test("runTurn measures a contestant in Python", {
  ignore: await whyNoPyserial() !== undefined,
}, async () => {
  const times = { warmUpMs: 100, measureMs: 500 };
  for (const line of ["echo", "read", "write", "open"] as const) {
    const entry = {
      name: line,
      module: "pyserial",
      runtime: "python",
      far: "far_line",
      work: { line },
    } as const;
    assert((await runTurn(entry, times)).value > 0);
  }
});

Deno.test("runTurn tells why a side ended early", async () => {
  const times = { warmUpMs: 10, measureMs: 30 };
  await assert.rejects(
    runTurn({ name: "nobody", module: "no_such_contestant" }, times),
    /A side of the turn ended early: .*no_such_contestant/s,
  );
});

Deno.test("runTurn ends both sides when the turn takes too long", async () => {
  const times = { warmUpMs: 60_000, measureMs: 1 };
  await assert.rejects(
    runTurn({ name: "slow", module: "raw_requests" }, times, 400),
    /"slow" did not finish its turn within 400 ms/,
  );
});
