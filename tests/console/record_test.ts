import assert from "node:assert/strict";
import { BENCH, inTemp, powerSupply } from "../record/recordings.ts";
import { consoleAt, runParley } from "./program.ts";
import { readRecording } from "../../mod.ts";

/** Feeds these lines to a console in this folder. */
function typed(folder: string, ...lines: string[]) {
  return runParley(["console"], `${lines.join("\n")}\n`, { cwd: folder });
}

async function files(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

Deno.test(".record bench.ts writes commands and traffic, and the script runs as it is and without the device", async () => {
  await inTemp(async (folder) => {
    const supply = await powerSupply();
    const { stderr } = await typed(
      folder,
      "const unused = 1, near = 5",
      `const psu = await connect("${supply.address}", { dialect: "lines" })`,
      'await psu.ask("*IDN?")',
      ".record",
      ".record bench.ts",
      'await psu.send("VSET1:5.00"); const v = await psu.ask("VOUT1?"); Number(v) === near',
      'psu.sned("x")',
      ".record",
      ".record other.ts",
      ".record stop",
      ".record stop",
      ".record bench.ts",
      ".record bench.ts --force psx",
      "2",
    );
    assert.match(stderr, /Nothing is recorded. \.record bench\.ts does/);
    assert.match(stderr, /^recording commands to bench\.ts, traffic to bench\.log$/m);
    assert.match(
      stderr,
      /^Recording commands to bench\.ts \(3 so far\), traffic of 1 link to bench\.log \(\d+ lines, \d+ bytes\)\.$/m,
    );
    assert.match(
      stderr,
      /^Cannot record to other\.ts: Recording commands to bench\.ts.*\.record stop ends that$/m,
    );
    assert.match(
      stderr,
      /^bench\.ts {2}\d+ lines, 1 failed line left out\. Run: parley run bench\.ts {3}Offline: parley run --mock psu=bench\.log bench\.ts$/m,
    );
    assert.match(stderr, /^Cannot stop: nothing is recorded; \.record bench\.ts begins$/m);
    assert.match(stderr, /^Cannot record: "bench\.ts" exists; \.record bench\.ts --force overwrites it$/m);
    assert.match(stderr, /^Cannot record "psx": it is no link; did you mean "psu"\?$/m);
    const script = await Deno.readTextFile(`${folder}/bench.ts`);
    assert.match(script, /const psu = await connect\(/);
    assert.match(script, /near = 5/);
    assert.doesNotMatch(script, /IDN|sned/);
    const real = await runParley(["run", "bench.ts"], "", { cwd: folder });
    assert.deepEqual([real.code, real.stdout], [0, "true\n"], real.stderr);
    await supply.close();
    const mocked = await runParley(["run", "--mock", "psu=bench.log", "bench.ts"], "", { cwd: folder });
    assert.deepEqual([mocked.code, mocked.stdout], [0, "true\n"], mocked.stderr);
  });
});

Deno.test(".record of traffic takes links made later, or only those that are named, and ends with the session", async () => {
  await inTemp(async (folder) => {
    await using supply = await powerSupply();
    const connect = `await connect("${supply.address}", { dialect: "lines" })`;
    const { stderr } = await typed(
      folder,
      ".record all.jsonl",
      `const one = ${connect}; await one.ask("VOUT1?")`,
      `const two = ${connect}`,
      'await two.ask("*IDN?")',
      ".record stop",
      ".record two.jsonl two",
      `const three = ${connect}; await three.ask("VOUT1?")`,
      'await two.ask("VOUT1?")',
    );
    assert.match(stderr, /^all\.jsonl {2}\d+ lines, \d+ bytes\. Play it: parley replay all\.jsonl$/m);
    assert.match(stderr, /^two\.jsonl {2}\d+ lines/m, "leaving ends it");
    const text = await Deno.readTextFile(`${folder}/all.jsonl`);
    assert.equal(text.split('"event":"name"').length, 3, "each name is told once");
    const all = await readRecording(`${folder}/all.jsonl`);
    assert.deepEqual(all.links.map(({ name }) => name), ["one", "two"]);
    const two = await readRecording(`${folder}/two.jsonl`);
    assert.deepEqual(two.links.map(({ name }) => name), ["two"]);
    assert.equal(two.links[0].connections[0].end?.byUs, true, "its end is recorded");
  });
});

Deno.test("leaving with Ctrl-D while recording finishes the script and the recording", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await inTemp(async (folder) => {
    await using supply = await powerSupply();
    await using pty = await consoleAt({ cwd: folder });
    for (
      const line of [
        ".record bench.ts",
        `const psu = await connect("${supply.address}", { dialect: "lines" })`,
        'await psu.ask("VOUT1?")',
      ]
    ) {
      pty.type(line);
      pty.press("Enter");
      await pty.waitFor(/^> $/m);
    }
    await pty.waitFor(/"5\.00"/);
    pty.press("Ctrl-D");
    assert.equal(await pty.exited(), 0);
    assert.match(pty.screen(), /bench\.ts {2}\d+ lines\. Run: parley run bench\.ts/);
    assert.deepEqual(await files(folder), ["bench.log", "bench.ts"]);
    assert.equal((await readRecording(`${folder}/bench.log`)).links[0].name, "psu");
  });
});

Deno.test(".replay plays to an address, on a link that is open, and as a mock of the device", async () => {
  await inTemp(async (folder) => {
    await using supply = await powerSupply();
    await Deno.copyFile(BENCH, `${folder}/bench.log`);
    const { stdout, stderr } = await typed(
      folder,
      `.replay bench.log ${supply.address} --wait`,
      `const real = await connect("${supply.address}", { dialect: "lines" })`,
      ".replay bench.log real --speed 100",
      ".replay bench.log mock",
      'const psu = await connect("tcp://127.0.0.1:15025", { dialect: "lines" })',
      'await psu.ask("*IDN?")',
      'await psu.ask("VOUT1?").catch((error) => error.name)',
      ".replay stop",
      ".replay stop",
      ".replay nope.log",
      ".replay bench.log nowhere",
      ".replay bench.log --sped 3",
      ".replay",
    );
    assert.match(
      stderr,
      /^ {3}1 → "\*IDN\?\\n"\n {3}2 ← "KORAD KD3305P V4.2\\n"\n[^]*^psu: 4 steps as recorded$/m,
    );
    assert.match(stderr, /^ {3}2 ← message "KORAD KD3305P V4.2"[^]*^real: 4 steps as recorded$/m);
    assert.match(
      stderr,
      /^psu: its recording stands in for tcp:\/\/127\.0\.0\.1:15025, until \.replay stop$/m,
    );
    assert.equal(stdout, '"KORAD KD3305P V4.2"\n"BrokenError"\n');
    assert.match(stderr, /^! MismatchError \[mismatch\]: psu: mismatch at step 3 .*"VOUT1\?\\n" came/m);
    assert.match(stderr, /^psu: its recording stands in no more$/m);
    assert.match(stderr, /^Cannot stop: no recording stands in/m);
    assert.match(stderr, /^Cannot read the recording nope\.log: there is no such file or directory$/m);
    assert.match(stderr, /Cannot replay on "nowhere": it is no link and no address; there are real/);
    assert.match(stderr, /^Unknown option --sped of \.replay; there are --wait/m);
    assert.match(stderr, /^Cannot replay: the name of the recording is missing; write \.replay bench\.log$/m);
  });
});

Deno.test("a recording that has no room, and a secret that was typed out, are told when it ends", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await inTemp(async (folder) => {
    await using supply = await powerSupply();
    const lines = [
      ".record /dev/full --force",
      ".record stop",
      `.record ${folder}`,
      ".save /dev/full --force",
      `.save ${folder}`,
      ".record typed.ts",
      `const psu = await connect("${supply.address}", { dialect: "lines" }); await secret("TYPED_PIN");`,
      'await psu.send("LOGIN hunter2-typed")',
      ".save /dev/full --force",
      ".record stop",
    ];
    const env = { TYPED_PIN: "hunter2-typed" };
    const { stderr } = await runParley(["console"], `${lines.join("\n")}\n`, { cwd: folder, env });
    assert.match(
      stderr,
      /^! BrokenError \[disk_full\]: Recording to \/dev\/full has ended: no space is left.*\nCannot stop: nothing is recorded/m,
    );
    assert.equal(stderr.split("it is a directory\n").length, 2);
    assert.match(stderr, /^Cannot save "\/dev\/full": no space left on device$/m);
    assert.match(stderr, /^typed\.ts {2}\d+ lines\. Run: .*\nA secret was typed out: \[secret NAME\]/m);
    assert.doesNotMatch(stderr + await Deno.readTextFile(`${folder}/typed.log`), /hunter2/);
  });
});

Deno.test(".record asks before it overwrites, at a terminal", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await inTemp(async (folder) => {
    await Deno.writeTextFile(`${folder}/bench.log`, "precious");
    await using pty = await consoleAt({ cwd: folder });
    pty.type(".record bench.ts");
    pty.press("Enter");
    await pty.waitFor(/bench\.log exists\. Overwrite it\?/);
    pty.type("n");
    await pty.waitFor(/Nothing is recorded, all is as it was\./);
    assert.equal(await Deno.readTextFile(`${folder}/bench.log`), "precious");
    pty.type(".record bench.ts");
    pty.press("Enter");
    await pty.waitFor(/bench\.log exists\. Overwrite it\?[^]*bench\.log exists\. Overwrite it\?/);
    pty.type("y");
    await pty.waitFor(/recording commands to bench\.ts, traffic to bench\.log/);
    pty.press("Ctrl-D");
    assert.equal(await pty.exited(), 0);
  });
});
