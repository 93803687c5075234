import assert from "node:assert/strict";
import { readRecording } from "../../mod.ts";
import { runParley } from "../console/program.ts";
import { BENCH, inTemp, powerSupply } from "../record/recordings.ts";

const MOD = new URL("../../mod.ts", import.meta.url).href;

const SCRIPT = `import { connect, show } from ${JSON.stringify(MOD)};
const psu = await connect("tcp://127.0.0.1:15025", { dialect: "lines" });
show(await psu.ask("*IDN?"));
await psu.send("VSET1:5.00");
show(await psu.ask("VOUT1?"));
await psu.close();
`;

Deno.test("parley run --mock runs a script without its device, and a mismatch fails it with the step", async (t) => {
  const out = '"KORAD KD3305P V4.2"\n"5.00"\n';
  const cases: [string, string, string[], string | RegExp, RegExp, number][] = [
    ["by the name of the link", SCRIPT, ["--mock", `psu=${BENCH}`], out, /^$/, 0],
    ["all links of the recording", SCRIPT, ["--mock", BENCH], out, /^$/, 0],
    [
      "by the variable, at another address",
      SCRIPT.replace("15025", "15026"),
      ["--mock", `psu=${BENCH}`],
      out,
      /^$/,
      0,
    ],
    [
      "by another variable",
      SCRIPT.replaceAll("psu", "supply").replace("15025", "9"),
      ["--mock", `supply=${BENCH}`],
      out,
      /^$/,
      0,
    ],
    [
      "on a serial line",
      SCRIPT.replace('connect("tcp://127.0.0.1:15025"', 'serial("id:KORAD"').replace(
        "import { connect",
        "import { serial",
      ),
      ["--mock", `psu=${BENCH}`],
      out,
      /^$/,
      0,
    ],
    [
      "it says something else",
      SCRIPT.replace("VOUT1", "VOUT2"),
      ["--mock", `psu=${BENCH}`],
      '"KORAD KD3305P V4.2"\n',
      /^parley: MismatchError \[mismatch\]: psu: mismatch at step 3 \(line 11 of .*bench.log\): the program was to say "VOUT1\?\\n", and "VOUT2\?\\n" came; byte 5 is 0x32 \(2\), not 0x31 \(1\)\n$/,
      6,
    ],
    [
      "it says too little",
      SCRIPT.replace('await psu.send("VSET1:5.00");\nshow(await psu.ask("VOUT1?"));', ""),
      ["--mock", `psu=${BENCH}`],
      '"KORAD KD3305P V4.2"\n',
      /step 3 .*nothing came; the program has ended the link/,
      6,
    ],
    [
      "what differs is ignored",
      SCRIPT.replace("5.00", "9.99"),
      ["--mock", `psu=${BENCH}`, "--ignore", "\\d\\.\\d+"],
      out,
      /^$/,
      0,
    ],
    [
      "it connects twice",
      `${SCRIPT}await connect("tcp://127.0.0.1:15025", { dialect: "lines" });`,
      ["--mock", `psu=${BENCH}`],
      out,
      /connected to 2 times, and in .* 1 times/,
      6,
    ],
    [
      "it never connects",
      "export {};",
      ["--mock", BENCH],
      "",
      /^parley: --mock psu: the script has not connected to tcp:\/\/127.0.0.1:15025, so that nothing was played\n$/,
      0,
    ],
    ["it fails by itself", `${SCRIPT}throw new Error("mine");`, ["--mock", `psu=${BENCH}`], out, /mine/, 1],
    [
      "no such link",
      SCRIPT,
      ["--mock", `fleet=${BENCH}`],
      "",
      /Cannot mock "fleet": neither .*bench.log has such a link nor the script such a variable; the recording has psu/,
      2,
    ],
    [
      "no recording",
      SCRIPT,
      ["--mock", "psu=nope.log"],
      "",
      /Cannot read the recording nope.log: there is no such file/,
      2,
    ],
    ["no name", SCRIPT, ["--mock", "=x"], "", /Cannot use "=x" as --mock: name=recording is wanted/, 2],
    ["--ignore alone", SCRIPT, ["--ignore", "x"], "", /Cannot use --ignore without --mock/, 2],
  ];
  for (const [what, script, args, stdout, stderr, code] of cases) {
    await t.step(what, async () => {
      await inTemp(async (folder) => {
        await Deno.writeTextFile(`${folder}/it.ts`, script);
        const ended = await runParley(["run", ...args, "it.ts"], "", { cwd: folder });
        assert.equal(ended.stdout, stdout);
        assert.match(ended.stderr, stderr);
        assert.equal(ended.code, code, ended.stderr);
      });
    });
  }
});

Deno.test("parley run --mock tells a script that it has not come back, as it did in the recording", async () => {
  await inTemp(async (folder) => {
    const again =
      '{"ms":50,"event":"up","link":"psu"}\n{"ms":51,"link":"psu","direction":"out","text":"more\\n"}\n';
    await Deno.writeTextFile(`${folder}/twice.log`, await Deno.readTextFile(BENCH) + again);
    await Deno.writeTextFile(`${folder}/it.ts`, SCRIPT);
    const ended = await runParley(["run", "--mock", "psu=twice.log", "it.ts"], "", { cwd: folder });
    assert.equal(
      ended.stderr,
      "parley: mismatch: psu: the program has not come back 1 more times, as in twice.log\n",
    );
    assert.equal(ended.code, 6);
  });
});

Deno.test("parley run --record writes what a script says, and the script then runs without its device", async () => {
  await inTemp(async (folder) => {
    const supply = await powerSupply();
    const script = SCRIPT.replace("tcp://127.0.0.1:15025", supply.address);
    await Deno.writeTextFile(`${folder}/it.ts`, script);
    const real = await runParley(["run", "--record", "it.log", "it.ts"], "", { cwd: folder });
    assert.equal(real.code, 0, real.stderr);
    await supply.close();
    const again = await runParley(["run", "--record", "it.log", "it.ts"], "", { cwd: folder });
    assert.match(again.stderr, /Cannot record to "it.log": it exists; --force overwrites it/);
    assert.equal(again.code, 2);
    const mocked = await runParley(["run", "--mock", "psu=it.log", "it.ts"], "", { cwd: folder });
    assert.deepEqual([mocked.code, mocked.stdout, mocked.stderr], [0, real.stdout, ""]);
  });
});

Deno.test("parley run --record calls what a variable holds one after the other by its name", async () => {
  await inTemp(async (folder) => {
    const supply = await powerSupply();
    const script = `import { connect, show } from ${JSON.stringify(MOD)};
for (const question of ["*IDN?", "VOUT1?", "*IDN?"]) {
  const psu = await connect("${supply.address}", { dialect: "lines" });
  show(await psu.ask(question));
  await psu.close();
}
`;
    await Deno.writeTextFile(`${folder}/it.ts`, script);
    const real = await runParley(["run", "--record", "it.log", "it.ts"], "", { cwd: folder });
    await supply.close();
    const mocked = await runParley(["run", "--mock", "psu=it.log", "it.ts"], "", { cwd: folder });
    assert.deepEqual([mocked.code, mocked.stdout, mocked.stderr], [0, real.stdout, ""]);
  });
});

Deno.test("parley run --record gives a server no name of a client's variable at its address", async () => {
  await inTemp(async (folder) => {
    const script = `import { connect, listen } from ${JSON.stringify(MOD)};
const [server] = [await listen("unix://${folder}/it.sock", { dialect: "lines", onReceive: (line, peer) => peer.send(line) })];
const psu = await connect("unix://${folder}/it.sock", { dialect: "lines" });
console.log(await psu.ask("hello"));
await psu.close();
await server.close();
`;
    await Deno.writeTextFile(`${folder}/it.ts`, script);
    const real = await runParley(["run", "--record", "it.log", "it.ts"], "", { cwd: folder });
    assert.equal(real.code, 0, real.stderr);
    const { links } = await readRecording(`${folder}/it.log`);
    assert.deepEqual(links.map(({ name, role }) => [role, name.replace(/^unix:.*/, "")]), [
      ["server", ""],
      ["client", "psu"],
    ]);
  });
});
