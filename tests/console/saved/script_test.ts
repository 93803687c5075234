import assert from "node:assert/strict";
import { Evaluator } from "../../../src/console/evaluator/evaluator.ts";
import { Interrupt } from "../../../src/console/evaluator/interrupt.ts";
import { type SavedInput, type ScriptOptions, toScript } from "../../../src/console/saved/script.ts";

/** What stands for Parley in these tests: a module that a script can import and that says what happens to it. */
const modSource = `
export const lines: string[] = [];
export function show(value: unknown): void { lines.push(Deno.inspect(value)); }
export class Link {
  constructor(readonly address: string) {}
  close(): Promise<void> { lines.push("closed " + this.address); return Promise.resolve(); }
}
export const connect = (address: string) => Promise.resolve(new Link(address));
export const listen = (address: string) => Promise.resolve(new Link(address));
`;

const exportedNames = ["show", "Link", "connect", "listen"];

/** Types the inputs at a console, as far as it matters here, and gives back what was shown and what to save. */
async function typeAll(directory: string, inputs: readonly string[]) {
  const { lines: _, ...globals } = await import(`file://${directory}/mod.ts`);
  using evaluator = new Evaluator({ interrupt: new Interrupt(), globals });
  const saved: SavedInput[] = [], shown: string[] = [];
  for (const source of inputs) {
    const evaluation = await evaluator.evaluate(source);
    if (!evaluation.ok) continue;
    const printed = evaluation.isExpression && evaluation.value !== undefined;
    if (printed) shown.push(Deno.inspect(evaluation.value));
    saved.push({ source, printed });
  }
  return { saved, shown };
}

async function runScript(directory: string, script: string): Promise<string[]> {
  await Deno.writeTextFile(`${directory}/script.ts`, script);
  await Deno.writeTextFile(
    `${directory}/run.ts`,
    `import { lines } from "./mod.ts"; await import("./script.ts"); console.log(JSON.stringify(lines));`,
  );
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", `${directory}/run.ts`],
    env: { NO_COLOR: "1" },
  }).output();
  assert.equal(code, 0, `${new TextDecoder().decode(stderr)}\n${script}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

interface Case {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly clients?: readonly string[];
  readonly servers?: readonly string[];
}

const sessions: Case[] = [
  {
    name: "plain values and declarations",
    inputs: ["const a = 5", "a", "a + 1;", "'text'", "{ b: a }", "a, 7", "await a"],
  },
  { name: "comments", inputs: ["// first\nconst a = 1 // why\n", "a // shown", "/* c */ a /* d */;"] },
  {
    name: "a line that begins with a parenthesis",
    inputs: ["const a = (b) => b", "(1, 2)", "[3].map(a)", "`4`"],
  },
  {
    name: "names declared again",
    inputs: [
      "const a = 1",
      "let a = a + 1",
      "a",
      "const { a, b } = { a: 3, b: 4 }",
      "[a, b]",
      "var a",
      "let a",
      "typeof a",
    ],
  },
  {
    name: "names declared again, several in one",
    inputs: [
      "let a: number = 1, b: string = 'x'",
      "let c, b = 2, { a } = { a: 9 }, [d] = [5]",
      "let c: string = 'y', a!: number",
      "typeof a",
      "[a, b, c, d]",
    ],
  },
  {
    name: "constants assigned to",
    inputs: ["const a = 1, b = 2", "a = 5", "[a, b]", "({ a } = { a: 6 })", "a++", "a"],
  },
  {
    name: "names never declared",
    inputs: [
      "a = 5",
      "b = 6; c = 7;",
      "function f() { d = 8; let e = 1; e = 2; return e }",
      "f()",
      "[a, b, c, d]",
      "[g, h] = [1, 2]",
      "g + h",
    ],
  },
  {
    name: "functions and classes declared again",
    inputs: [
      "function f(a) { return a }",
      "f(1)",
      "async function* f() { yield 2 }",
      "(await f().next()).value",
      "class f { static a = 3 }",
      "f.a",
      "abstract class f<T> { static a = 4 }",
      "f.a",
      "f.name",
    ],
  },
  {
    name: "enums and namespaces declared again",
    inputs: [
      "enum E { A = 1 }",
      "E.A",
      "enum E { B = 2 }",
      "E",
      "namespace E { export const c = 3 }",
      "E.c",
      "const E = 4",
      "E",
    ],
  },
  {
    name: "enums and namespaces declared once",
    inputs: ["enum E { A = 1 }", "namespace N { export const b = E.A }", "N.b"],
  },
  {
    name: "overloads",
    inputs: [
      "function f(a: number): void\nfunction f(a: string): void\nfunction f(a: unknown) { return a }",
      "f(1)",
      "function f(a: number): void\nfunction f() { return 2 }",
      "f()",
    ],
  },
  {
    name: "var in loops and blocks",
    inputs: [
      "for (var i = 0; i < 3; i++);",
      "i",
      "let i = 9",
      "for (var i of [4, 5]);",
      "i",
      "if (i) { var { j } = { j: 6 } }",
      "j",
      "const j = 7",
      "j",
    ],
  },
  { name: "var everywhere", inputs: ["var a = 1", "var a = 2", "for (var a = 3;;) break", "a"] },
  {
    name: "the last value",
    inputs: ["6 * 7", "_ + 1", "_ + 1", "const a = _", "void 0", "{ a: _ }", "5", "var _ = 3", "7", "_"],
  },
  { name: "the last value of nothing", inputs: ["typeof _", "_ === 'undefined'", "[_, 1]"] },
  {
    name: "static imports",
    inputs: [
      "import { join, sep as s } from 'node:path'",
      "import path, { type ParsedPath, join } from 'node:path'",
      "import * as all from 'node:path'",
      "import 'node:os'",
      "[join('a', 'b'), s, path.basename('/c'), all.sep]",
      "import type { Stats } from 'node:fs'",
    ],
  },
  {
    name: "an import whose name is taken",
    inputs: [
      "const join = 1",
      "join",
      "import { join } from 'node:path'",
      "join('a', 'b')",
      "join = 3",
      "join",
      "import * as join from 'node:path'",
      "typeof join.sep",
    ],
  },
  {
    name: "exports",
    inputs: [
      "export const a = 1",
      "export function f() { return a }",
      "f()",
      "export { a }",
      "export default a",
      "export * from 'node:path'",
    ],
  },
  {
    name: "names assigned to before they are declared",
    inputs: ["function f() { late = 1 }", "f()", "late", "let late = 2", "late"],
  },
  {
    name: "types",
    inputs: [
      "type T = string",
      "interface I { a: T }",
      "const a: I = { a: 'x' }",
      "a satisfies I",
      "type T = number",
      "declare const never: T",
      "a!.a as unknown",
    ],
  },
  {
    name: "Parley's names",
    inputs: ["const link: Link = await connect('a')", "link.address", "new Link('b') instanceof Link"],
  },
  {
    name: "Parley's names hidden by locals",
    inputs: [
      "((connect) => connect)(1)",
      "const { listen: l } = { listen: 2 }",
      "l",
      "const connect = 3",
      "connect",
    ],
  },
  {
    name: "Parley's names used and then declared",
    inputs: ["(await connect('a')).address", "const connect = 3", "connect"],
  },
  { name: "show declared by the user", inputs: ["const show = 1", "show"] },
  { name: "failed inputs left out", inputs: ["const a = 1", "nothing.at.all", "a b", "a"] },
  {
    name: "strings and templates with line breaks",
    inputs: ["const a = `x\n\n\ny`", "a", "import { sep } from 'node:path'\n\nconst b = sep", "b"],
  },
];

Deno.test("toScript writes a script that shows what the session showed", async (t) => {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${directory}/mod.ts`, modSource);
    for (const { name, inputs, clients = [], servers = [] } of sessions) {
      await t.step(name, async () => {
        const { saved, shown } = await typeAll(directory, inputs);
        const script = await toScript(saved, { modSpecifier: "./mod.ts", exportedNames, clients, servers });
        assert.deepEqual(await runScript(directory, script), shown, script);
      });
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

function save(
  inputs: readonly (string | SavedInput)[],
  options: Partial<ScriptOptions> = {},
): Promise<string> {
  const saved = inputs.map((input) => typeof input === "string" ? { source: input, printed: false } : input);
  return toScript(saved, { modSpecifier: "../mod.ts", exportedNames, clients: [], servers: [], ...options });
}

Deno.test("toScript writes what a person would have written", async () => {
  const script = await save([
    "const psu = await connect('tcp://127.0.0.1:5025')",
    { source: "await psu.ask('*IDN?')", printed: true },
    "import { delay } from './wait.ts'",
    "psu.onReceive((message: string) => {\n  console.log(message)\n})",
  ], { clients: ["psu"], rebase: (specifier) => specifier.replace("./", "../") });
  assert.equal(
    script,
    `import { connect, show } from "../mod.ts";
import { delay } from "../wait.ts";

const psu = await connect('tcp://127.0.0.1:5025');
show(await psu.ask('*IDN?'));
psu.onReceive((message: string) => {
  console.log(message)
});

// Close what the session opened, the last first.
await psu.close();
`,
  );
});

Deno.test("toScript writes the imports of each module once", async () => {
  const script = await save([
    "import type { Stats } from 'node:fs'",
    "import fs, { type Dirent, open as openFile } from 'node:fs'",
    "import { Stats, open as openFile } from 'node:fs'\nimport * as all from 'node:fs'",
    "import 'node:os'",
    "import { default as data, 'odd name' as odd } from './data.json' with { type: 'json' }",
  ]);
  assert.equal(
    script,
    `import * as all from "node:fs";
import fs from "node:fs";
import { Stats, type Dirent, open as openFile } from "node:fs";
import "node:os";
import data from "./data.json" with { type: "json" };
import { "odd name" as odd } from "./data.json" with { type: "json" };
`,
  );
});

Deno.test("toScript closes clients before servers, the last opened first", async () => {
  const inputs = ["const s = await listen('s')", "const a = await connect('a'), b = await connect('b')"];
  const script = await save(inputs, { clients: ["a", "b", "links[0]"], servers: ["s"] });
  assert.deepEqual(script.match(/^await .*$/gm), [
    "await b.close();",
    "await a.close();",
    "await s.close();",
  ]);
});

Deno.test("toScript leaves a script that only serves running", async () => {
  const script = await save(["const s = await listen('s')"], { servers: ["s"] });
  assert.ok(script.endsWith("\n// Nothing is closed here: the script serves until Ctrl-C.\n"), script);
});

Deno.test("toScript rebases relative specifiers only, of dynamic imports too", async () => {
  const script = await save(
    ["await import('./a.ts')", "await import('node:fs')", "export * from '../b.ts'"],
    {
      rebase: (specifier) => `/there/${specifier}`,
    },
  );
  assert.deepEqual([...script.matchAll(/["']([^"']+)["']/g)].map(([, text]) => text), [
    "/there/../b.ts",
    "/there/./a.ts",
    "node:fs",
  ]);
});

Deno.test("toScript gives an empty script for an empty session", async () => {
  assert.equal(await save([]), "");
});

Deno.test("toScript imports Parley once, whatever it was called when it was typed", async () => {
  const script = await save([
    "import { connect as dial } from '@parley/parley'",
    "await dial('a')",
    "await listen('b')",
    "await import('@parley/parley')",
  ]);
  assert.equal(
    script,
    `import { listen, connect as dial } from "../mod.ts";

await dial('a');
await listen('b');
await import("../mod.ts");
`,
  );
});

Deno.test("toScript ends the program where clients are open that no variable holds", async () => {
  const inputs = ["const a = await connect('a')", "await connect('b')"];
  const script = await save(inputs, { clients: ["a"], hasNameless: true });
  assert.match(script, /^await a\.close\(\);\nDeno\.exit\(\); \/\/ .*\n$/m);
});

Deno.test("toScript writes waits behind their inputs, each on a line of its own", async () => {
  const waits = new Map([[0, ["await a.receive(); // one"]], [1, [
    "await a.receive();",
    "await b.receive();",
  ]]]);
  const script = await save(["f()", "g() // why", "h()"], { waits });
  assert.equal(
    script,
    "f();\nawait a.receive(); // one\ng(); // why\nawait a.receive();\nawait b.receive();\nh();\n",
  );
});
