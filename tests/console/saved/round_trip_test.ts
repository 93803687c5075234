/** Rule 15: what is typed does the same saved and run, run at the prompt, loaded at the prompt, and typed again. */
import assert from "node:assert/strict";
import { runParley } from "../program.ts";

const ECHO =
  'const s = await listen("tcp://127.0.0.1:0", { dialect: "lines", onReceive: (m: string, p) => p.send(m.toUpperCase()) })';

const files = {
  "own.ts": 'export const twice = (n: number): number => 2 * n;\nexport default { name: "own" };\n',
  "data.json": '{ "k": 1 }',
};

const sessions: Record<string, readonly string[]> = {
  "values, declarations and types": [
    "interface Reading { bat: number; at?: Date }",
    'type Names = "a" | "b"',
    "const r: Reading = { bat: 5 }",
    "r.bat",
    "function first<T extends object>(v: T): keyof T { return Object.keys(v)[0] as keyof T }",
    "first({ q: 1 })",
    "enum Mode { Off, On = 5 }",
    "Mode.On",
    'let names: Names[] = ["a"]',
    "names satisfies readonly string[]",
    "class P { constructor(private readonly n: number, public m = 2) {} get sum() { return this.n + this.m } }",
    "new P(3).sum",
    "abstract class Q<T> { abstract g(): T }",
    "(r as unknown as { bat: string }).bat!",
    "namespace NS { export const v = 9 }",
    "NS.v",
  ],
  "statements of every kind": [
    "for (const i of [1, 2]) console.log(i)",
    "let n = 0; while (n < 3) n++",
    "do { n-- } while (n > 0)",
    "if (n === 0) { n = 10 } else { n = 20 }",
    'switch (n) { case 10: console.log("ten"); break; default: console.log("other") }',
    'try { throw new Error("a") } catch (e) { console.log(String(e)) } finally { console.log("finally") }',
    "outer: for (let i = 0; i < 3; i++) { for (;;) { continue outer } }",
    "const { a, b: [c, ...d], ...rest } = { a: 1, b: [2, 3, 4], e: 5 }",
    "[a, c, d, rest]",
    'for await (const v of (async function* () { yield 1; yield 2 })()) console.log("v", v)',
    "async function five() { await null; return 5 }",
    "await Promise.all([1, five()])",
    'throw new Error("left out")',
    "const = 5",
    '"a lone string"',
    "{ a: n }",
    "new Uint8Array([1, 2, 3])",
    "2n ** 70n",
    '{ using held = { [Symbol.dispose]() { console.log("let go") } }; console.log(typeof held) }',
    "globalThis.made = 5",
    "made",
    "made = 6",
    "made",
    "let again = 1",
    'const again = "x"; again',
    "fresh = again + n",
  ],
  "the last value": [
    "6 * 7",
    "_ + 1",
    "const kept = _",
    "kept",
    "[_]",
    "_.map((x: number) => 2 * x)",
    "_[0] + 1",
  ],
  "imports of every kind": [
    'import { join } from "node:path"',
    'import * as parley from "@parley/parley"',
    'import { connect as dial, listen as hear, type Client } from "@parley/parley"',
    'import data from "./data.json" with { type: "json" }',
    "data",
    'import own, { twice } from "./own.ts"',
    "[own, twice(4)]",
    'const lazy = await import("./own.ts")',
    "lazy.twice(5)",
    'const h = await hear("memory://imports", { dialect: "lines", onReceive: (m: string, p) => p.send(m + "!") })',
    'const dialled: Client = await dial("memory://imports", { dialect: "lines" })',
    'await dialled.ask("x")',
    'join("a", parley.showValue(1))',
  ],
  "links and checks": [
    ECHO,
    'await using c = await connect(s.address, { dialect: "lines" })',
    'await c.ask("a")',
    'await check(c.ask("b"), "answer").equals("B")',
    'const links = [await connect(s.address, { dialect: "lines" })]',
    'await links[0].ask("c")',
    "links.length",
  ],
};

/** Runs in a folder with the files above and what `text` says beside. */
async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const [name, lines] of Object.entries(sessions)) {
  Deno.test(
    `a session with ${name} does the same saved, run and loaded`,
    { timeout: 60_000 },
    () =>
      inFolder(async (cwd) => {
        const type = (...input: string[]) => runParley(["console"], input.join("\n") + "\n", { cwd });
        const typed = await type(...lines, ".save saved.ts");
        assert.match(typed.stderr, /^Saved saved\.ts/m);
        const script = await Deno.readTextFile(`${cwd}/saved.ts`);

        const run = await runParley(["run", "saved.ts"], "", { cwd });
        assert.deepEqual([run.stdout, run.code], [typed.stdout, 0], `${run.stderr}\n${script}`);
        const loaded = await type(".load saved.ts");
        assert.deepEqual([loaded.stdout, loaded.code], [typed.stdout, 0], `${loaded.stderr}\n${script}`);
        const savedAgain = await type(".load saved.ts", ".save again.ts");
        assert.match(savedAgain.stderr, /^Saved again\.ts/m);
        const again = await runParley(["run", "again.ts"], "", { cwd });
        assert.deepEqual([again.stdout, again.code], [typed.stdout, 0], again.stderr);
      }),
  );
}

Deno.test(
  "a saved session has the types that a program would have",
  { timeout: 60_000 },
  () =>
    inFolder(async (cwd) => {
      const lines = [...sessions["values, declarations and types"], "6 * 7", "[_]", "_[0] + 1"];
      await runParley(["console"], [...lines, ".save saved.ts"].join("\n") + "\n", { cwd });
      const config = new URL("../../../deno.json", import.meta.url).pathname;
      const args = ["check", "-q", "--config", config, "saved.ts"];
      const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
    }),
);

Deno.test(
  "a saved session runs at the prompt as a module of its own",
  { timeout: 60_000 },
  () =>
    inFolder(async (cwd) => {
      const lines = sessions["values, declarations and types"];
      const type = (...input: string[]) => runParley(["console"], input.join("\n") + "\n", { cwd });
      const typed = await type(...lines, ".save saved.ts");
      const { stdout, code } = await type(".run saved.ts", "typeof r");
      assert(stdout.startsWith(typed.stdout) && stdout.endsWith('"undefined"\n'), stdout);
      assert.equal(code, 0);
    }),
);
