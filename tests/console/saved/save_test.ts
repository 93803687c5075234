import assert from "node:assert/strict";
import { type Pty, ptyAvailable } from "../../pty.ts";
import { consoleAt, runParley } from "../program.ts";
import { slowDevice } from "./slow_device.ts";

/** A test at a terminal in a folder of its own, with a device to talk to. */
function atTheBench(
  name: string,
  test: (parts: { pty: Pty; folder: string; address: string }) => Promise<void>,
): void {
  Deno.test(name, { ignore: !ptyAvailable, timeout: 60_000 }, async () => {
    const folder = await Deno.makeTempDir();
    await using device = await slowDevice();
    try {
      await using pty = await consoleAt({ cwd: folder, env: { PARLEY_HISTORY: `${folder}/history` } });
      await test({ pty, folder, address: device.address });
      pty.press("Ctrl-D");
      await pty.exited();
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

async function enter(pty: Pty, line: string, shows: string | RegExp): Promise<void> {
  pty.type(line);
  pty.press("Enter");
  await pty.waitFor(shows);
}

const read = (folder: string, name: string) => Deno.readTextFile(`${folder}/${name}`);

atTheBench(
  "a saved session waits where its user waited, and runs unchanged",
  async ({ pty, folder, address }) => {
    await enter(pty, `const psu = await connect("${address}", { dialect: "lines" })`, 'psu < "READY"');
    await enter(pty, 'await psu.send("SET 5.01")', 'psu < "OK"');
    await enter(pty, 'psu.sned("SET 6")', /did you mean psu\.send/);
    await enter(pty, 'await psu.ask("HELP")', /^"SET n"[^]*psu < "HELP"|psu < "HELP"[^]*^"SET n"/m);
    await enter(pty, 'await check(psu.ask("GET"), "rail").near(5, 0.05)', /^ok {6}rail: "5\.01" is within/m);
    await enter(pty, 'await psu.ask("GET")', /^"5\.01".*\n> $/m);
    await enter(
      pty,
      ".save bench.ts",
      /Saved bench\.ts \(\d+ lines, 3 waits for answers, 1 failed input left out\)/,
    );
    await enter(pty, ".save hasty.ts --no-waits", /Saved hasty\.ts \(\d+ lines, 1 failed input left out\)/);

    assert.match(await read(folder, "bench.ts"), /^await psu\.receive\(\); \/\/ "OK" came after \d+ ms$/m);
    const saved = await runParley(["run", "bench.ts"], "", { cwd: folder });
    assert.deepEqual([saved.stdout, saved.stderr, saved.code], [
      '"SET n"\nok      rail: "5.01" is within 0.05 of 5\n"5.01"\n',
      "1 ok, 0 not ok\n",
      0,
    ]);
    const hasty = await runParley(["run", "hasty.ts"], "", { cwd: folder });
    assert.match(hasty.stdout, /^"READY"\nnot ok {2}rail/, "what the waits are for");
    assert.equal(hasty.code, 6);
  },
);

atTheBench(
  "a secret is asked for without echo, and is nowhere to be found",
  async ({ pty, folder, address }) => {
    await enter(pty, `const psu = await connect("${address}", { dialect: "lines" })`, 'psu < "READY"');
    await enter(pty, 'await psu.send(`PIN ${await secret("BENCH_PIN")}`)', "? BENCH_PIN (not shown): ");
    await enter(pty, "hunter2", 'psu < "WELCOME [secret BENCH_PIN]"');
    await enter(pty, 'await secret("BENCH_PIN")', /^"\[secret BENCH_PIN\]"\n> $/m);
    await enter(pty, 'console.log("mine is", "hunter2")', /^mine is \[secret BENCH_PIN\]$/m);
    await enter(pty, 'const typed = "hunter2"', /typed = "hunter2"\n> $/);
    const echoed = pty.output.split("hunter2").length;
    await enter(pty, "typed", /> typed\n"\[secret BENCH_PIN\]"\n> $/);
    await enter(pty, ".save bench.ts", /A secret was typed out: \[secret NAME\] stands in its place/);
    assert.equal(pty.output.split("hunter2").length, echoed, "only what was typed openly was ever seen");

    const script = await read(folder, "bench.ts");
    assert.match(script, /await psu\.send\(`PIN \$\{await secret\("BENCH_PIN"\)\}`\);/);
    assert.match(script, /const typed = "\[secret BENCH_PIN\]"/);
    assert.doesNotMatch(script, /hunter2/);
    const history = await read(folder, "history");
    assert.match(history, /BENCH_PIN/);
    assert.doesNotMatch(history, /hunter2/);
  },
);

atTheBench("a file that exists is asked about at a terminal", async ({ pty, folder }) => {
  await Deno.writeTextFile(`${folder}/mine.ts`, "mine");
  await enter(pty, "1 + 1", /^2\n> $/m);
  for (const key of ["n", "\r", "\x03", "\x1b"]) {
    await enter(pty, ".save mine.ts", /\? mine\.ts exists\. Overwrite it\? \(y\/N\) $/);
    pty.type(key);
    await pty.waitFor(/\? mine\.ts exists\. Overwrite it\? no\nNot saved: mine\.ts is as it was\.\n> $/);
    assert.equal(await read(folder, "mine.ts"), "mine", JSON.stringify(key));
    await enter(pty, "void 0", /> void 0\n> $/);
  }
  await enter(pty, ".save mine.ts", /Overwrite it\? \(y\/N\) $/);
  pty.type("y");
  await pty.waitFor(/Overwrite it\? yes\nSaved mine\.ts \(\d+ lines\)/);
  assert.match(await read(folder, "mine.ts"), /show\(1 \+ 1\);/);
  await enter(pty, ".save other.ts --no-wait", /no option "--no-wait"; did you mean "--no-waits"\?/);
});

Deno.test(
  "a saved session with a client that no variable holds comes to its end",
  { timeout: 60_000 },
  async () => {
    const cwd = await Deno.makeTempDir();
    await using device = await slowDevice();
    try {
      const lines = [
        `const links = [await connect("${device.address}", { dialect: "lines" })]`,
        "links.length",
      ];
      await runParley(["console"], [...lines, ".save held.ts", ""].join("\n"), { cwd });
      const { stdout, code } = await runParley(["run", "held.ts"], "", { cwd });
      assert.deepEqual([stdout, code], ["1\n", 0]);
      const loaded = await runParley(["console"], ".load held.ts\nlinks[0].isOpen\n", { cwd });
      assert.equal(loaded.stdout, "1\ntrue\n");
    } finally {
      await Deno.remove(cwd, { recursive: true });
    }
  },
);
