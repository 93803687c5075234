import assert from "node:assert/strict";
import { subcommands } from "../../src/cli/table.ts";
import { parley, runParley } from "../console/program.ts";

Deno.test("parley --help fits a screen, tells all subcommands by group, and each tells about itself", async (t) => {
  const { stdout, code } = await runParley(["--help"]);
  assert.equal(code, 0);
  const lines = stdout.trimEnd().split("\n");
  assert(lines.length <= 24, `${lines.length} lines`);
  for (const line of lines) assert(line.length <= 90, line);
  assert.equal((await runParley(["help"])).stdout, stdout);
  for (const { name, usage, group } of subcommands) {
    await t.step(name, async () => {
      assert(stdout.includes(`\n  ${name} `), "it is in the overview");
      assert(stdout.includes(`\n${group}:\n`));
      const help = await runParley(["help", name]);
      assert.equal(help.code, 0);
      assert.match(help.stdout, new RegExp(`^Usage: parley ${name} `));
      for (const argument of usage.match(/[<[][^\]>]+[\]>]/g) ?? []) {
        assert(help.stdout.split("\n")[0].includes(argument), `${argument} is in its usage`);
      }
    });
  }
});

Deno.test("what is mistyped gets a suggestion in one line", async () => {
  const cases: [string[], RegExp][] = [
    [["montor"], /^parley: Unknown subcommand "montor"; did you mean "monitor"\?\n$/],
    [["xyzzy"], /^parley: Unknown subcommand "xyzzy"; parley --help shows what there is\n$/],
    [
      ["ask", "x", "--dialct", "lines"],
      /^parley: unknown option '--dialct' \(Did you mean --dialect\?\) .*\n$/,
    ],
    [["request", "x"], /^parley: missing required argument 'name'; parley request --help tells more\n$/],
    [["help", "asc"], /^parley: Unknown subcommand "asc"; did you mean "ask"\?\n$/],
  ];
  for (const [args, stderr] of cases) {
    const ended = await runParley(args);
    assert.match(ended.stderr, stderr);
    assert.deepEqual([ended.stdout, ended.code], ["", 2]);
  }
});

Deno.test("the overview loads neither the library nor the parser of command lines", async () => {
  const [command, , ...rest] = parley("--help");
  const main = rest.find((each) => each.endsWith("main.ts"))!;
  const info = new Deno.Command(command, { args: ["info", "--json", main.replace("main.ts", "program.ts")] });
  const { modules } = JSON.parse(new TextDecoder().decode((await info.output()).stdout));
  const byName = new Map<string, { dependencies?: Dependency[] }>(
    modules.map((each: { specifier: string }) => [each.specifier, each]),
  );
  const loaded = new Set<string>();
  const load = (name: string) => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const { code, isDynamic } of byName.get(name)?.dependencies ?? []) {
      if (code?.specifier !== undefined && !isDynamic) load(code.specifier);
    }
  };
  load([...byName.keys()].find((name) => name.endsWith("src/cli/program.ts"))!);
  assert(loaded.size > 5);
  for (const name of loaded) assert(!/\/mod\.ts$|commander/.test(name), name);
});

interface Dependency {
  code?: { specifier?: string };
  isDynamic?: boolean;
}
