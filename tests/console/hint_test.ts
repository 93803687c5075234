import assert from "node:assert/strict";
import { runParley } from "./program.ts";

Deno.test("the console tells what was most likely meant", async (t) => {
  const cases: [string, RegExp | undefined][] = [
    ["exit", /\(\.exit or Ctrl-D leaves\)/],
    ["quit()", /\(\.exit or Ctrl-D leaves\)/],
    ["help", /\(\.help shows what there is\)/],
    ["await conect('tcp://127.0.0.1:1')", /\(did you mean connect\?\)/],
    ["s.brodcast('x')", /\(did you mean s\.broadcast\?\)/],
    ["o.deep.nmae()", /\(did you mean o\.deep\.name\?\)/],
    ["o.trap.nmae()", undefined],
    ["check(5).withn(1, 2)", /\(did you mean \.within\?\)/],
    ["new Promise(() => {})", /\(not awaited: write await in front/],
    [
      "const t = setInterval(() => {}, 9e6); setTimeout(() => clearInterval(t), 0); t",
      /\(clearInterval\(\d+\) ends it\)/,
    ],
    ["const o = setTimeout(() => {}, 9e6); clearTimeout(o); o", undefined],
    ["Promise.resolve(1)", undefined],
    ["utterlyUnlike()", undefined],
  ];
  const made =
    'const s = createServer("memory://hint"); const o = { deep: { name() {} }, get trap() { return { name() {} } } };';
  for (const [line, hint] of cases) {
    await t.step(line, async () => {
      const { stderr } = await runParley(["console"], `${made}\n${line}\n`);
      if (hint === undefined) assert.doesNotMatch(stderr, /did you mean|not awaited|ends it/);
      else assert.match(stderr, hint);
    });
  }
});
