import assert from "node:assert/strict";
import { Pty, ptyAvailable } from "../pty.ts";
import { parley, runParley } from "./program.ts";

const piped = (lines: string[], ...flags: string[]) =>
  runParley(["console", ...flags], lines.join("\n") + "\n");

/** Runs a script that imports Parley, in a folder of its own. */
async function run(code: string, ...flags: string[]) {
  const folder = await Deno.makeTempDir();
  try {
    const mod = new URL("../../mod.ts", import.meta.url).href;
    await Deno.writeTextFile(`${folder}/s.ts`, `import { check, secret, show } from "${mod}";\n${code}`);
    return await runParley(["run", ...flags, "s.ts"], "", { cwd: folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("piped console prints and counts checks, goes on, and ends with 6", async () => {
  const { stdout, stderr, code } = await piped([
    "check(5.01).near(5, 0.05)",
    'check(5.2, "rail").near(5, 0.05)',
    "await check(Promise.resolve([1])).equals([1])",
    "6 * 7",
  ]);
  assert.equal(
    stdout,
    "ok      5.01 is within 0.05 of 5\nnot ok  rail: 5.2 is not within 0.05 of 5\nok      [ 1 ] is [ 1 ]\n42\n",
  );
  assert.deepEqual([stderr, code], ["2 ok, 1 not ok\n", 6]);
});

Deno.test("piped console ends with the code of what is worse than a check that does not hold", async () => {
  const worse = await piped(["check(1).equals(2)", 'throw new Error("x")', "check(1).equals(2)"], "--quiet");
  assert.equal(worse.code, 1);
  assert.doesNotMatch(worse.stderr, /not ok/, "quiet is quiet");
  const thrown = await piped(["check(1, { throws: true }).equals(2)", "6 * 7"]);
  assert.deepEqual([thrown.stdout, thrown.code], ["42\n", 6]);
  assert.match(thrown.stderr, /^AssertionError: 1 is not 2\n/);
});

Deno.test("piped console gives one object for each check with --json", async () => {
  const { stdout, code } = await piped(
    ["check(5).equals(5)", 'check("a", "it").matches(/b/)', "show([1])"],
    "--json",
  );
  assert.deepEqual(stdout.trim().split("\n").map((line) => JSON.parse(line)), [
    { check: { ok: true, text: "5 is 5", value: 5 } },
    { check: { ok: false, label: "it", text: '"a" does not match /b/', value: "a" } },
    { value: [1] },
  ]);
  assert.equal(code, 6);
});

Deno.test("parley run prints and counts the checks of a script, and ends with 6", async () => {
  const { stdout, stderr, code } = await run('check(5).equals(5); check("a\\x1b[2J").equals(""); show(7);');
  assert.equal(stdout, 'ok      5 is 5\nnot ok  "a\\x1b[2J" is not ""\n7\n');
  assert.deepEqual([stderr, code], ["1 ok, 1 not ok\n", 6]);
  const fine = await run("check(5).equals(5)");
  assert.deepEqual([fine.stderr, fine.code], ["1 ok, 0 not ok\n", 0]);
  const silent = await run("show(5)");
  assert.deepEqual([silent.stdout, silent.stderr, silent.code], ["5\n", "", 0]);
});

Deno.test("parley run ends with the code of what is worse, and counts all the same", async () => {
  const { stderr, code } = await run('check(5).equals(6); throw new Error("worse");');
  assert.match(stderr, /^parley: Error: worse\n.*s\.ts:2:\d+\n0 ok, 1 not ok\n$/);
  assert.equal(code, 1);
});

Deno.test("parley run gives one JSON object a line with --json", async () => {
  const { stdout, stderr, code } = await run("show(new Uint8Array([1])); check(1).equals(2);", "--json");
  assert.deepEqual(stdout.trim().split("\n").map((line) => JSON.parse(line)), [
    { value: { $bytes: "AQ==" } },
    { check: { ok: false, text: "1 is not 2", value: 1 } },
  ]);
  assert.deepEqual([stderr, code], ["", 6]);
});

Deno.test("secrets are masked in what piped console and parley run print", async () => {
  const name = "PARLEY_TEST_SECRET", value = "hunter2";
  const code = `Deno.env.set("${name}", "${value}"); const s = await secret("${name}"); show({ s });
    check(s).equals("x"); show(new TextEncoder().encode("a" + s)); throw new Error("no " + s);`;
  const lines = code.split(/;\s*/).filter((line) => line !== "");
  const results = [
    await run(code),
    await run(code, "--json"),
    await piped(lines),
    await piped(lines, "--json"),
  ];
  for (const { stdout, stderr, code } of results) {
    assert.doesNotMatch(stdout + stderr, /hunter2/);
    assert.match(stdout, /\[secret PARLEY_TEST_SECRET\]/);
    assert.match(stderr, /no \[secret PARLEY_TEST_SECRET\]/);
    assert.equal(code, 1);
  }
  const bytes = `{"value":{"$bytes":"${new TextEncoder().encode("a*******").toBase64()}"}}`;
  assert(results[1].stdout.includes(bytes) && results[3].stdout.includes(bytes));
});

for (
  const [how, env, ok, notOk] of [
    ["green and red", {}, "\x1b[32mok\x1b[39m      5 is 5", "\x1b[31mnot ok\x1b[39m  5 is not 6"],
    ["plain with NO_COLOR", { NO_COLOR: "1" }, "ok      5 is 5", "not ok  5 is not 6"],
  ] as const
) {
  Deno.test(`checks are ${how} at a terminal`, { ignore: !ptyAvailable }, async () => {
    await using pty = Pty.run(parley("console"), { env: { PARLEY_HISTORY: "", ...env } });
    await pty.waitFor(/^> $/m);
    pty.type("check(5).equals(5); check(5).equals(6)\r");
    await pty.waitFor(/5 is not 6\n> $/);
    assert(pty.output.includes(ok) && pty.output.includes(notOk), JSON.stringify(pty.output));
    assert.equal(pty.output.includes("\x1b[3"), !("NO_COLOR" in env));
    pty.press("Ctrl-D");
    assert.equal(await pty.exited(), 0);
  });
}
