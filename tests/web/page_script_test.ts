import assert from "node:assert/strict";
import { modules } from "../../src/web/page_parts.ts";
import { inScriptElement, pageScript } from "../../src/web/page_script.ts";

Deno.test("Modules become one script in which each has a scope of its own", () => {
  const script = pageScript([
    {
      file: "a.ts",
      source:
        `const own = 1;\nexport const one: number = own;\nexport function two(): number { return 2; }\n`,
    },
    {
      file: "b.ts",
      source:
        `import type { X } from "./types.ts";\nimport { one as first, two } from "./a.ts";\nconst own = 5;\n` +
        `export class Three { readonly value: number = first + two() + own; }\n`,
    },
    {
      file: "c.ts",
      source: `import {\n  Three,\n} from "./b.ts";\n(globalThis as any).made = new Three().value;\n`,
    },
  ]);
  const scope = { made: 0 };
  new Function("globalThis", script)(scope);
  assert.equal(scope.made, 8);
});

Deno.test("A module that imports from one behind it is an error, not a page that does not start", () => {
  const source = 'import { x } from "./later.ts";\n';
  assert.throws(
    () => pageScript([{ file: "a.ts", source }]),
    /a\.ts imports \.\/later\.ts, which does not stand before it/,
  );
});

Deno.test("Nothing in a script ends its element", () => {
  const text = 'const a = "</script><!-- <SCRIPT>";';
  assert.doesNotMatch(pageScript([{ file: "a.ts", source: text }]), /<\/script|<!--|<script/i);
  const safe = inScriptElement(text);
  assert.doesNotMatch(safe, /<\/script|<!--|<script/i);
  assert.equal(new Function(`${safe} return a;`)(), "</script><!-- <SCRIPT>");
});

Deno.test("All modules of the page are in its script, and it is well formed", () => {
  const names = [...Deno.readDirSync(new URL("../../src/web/page", import.meta.url))].map(({ name }) => name);
  const known = new Set(modules.map(({ file }) => file));
  const missing = names.filter((name) => name.endsWith(".ts") && name !== "wire.ts" && !known.has(name));
  assert.deepEqual(missing, []);
  assert.doesNotThrow(() => new Function(pageScript(modules)));
});
