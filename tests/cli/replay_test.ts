import assert from "node:assert/strict";
import { connect, parseAddress } from "../../mod.ts";
import { Pty } from "../pty.ts";
import { parley, runParley } from "../console/program.ts";
import { BENCH, inTemp, powerSupply } from "../record/recordings.ts";

Deno.test("parley replay compares the real side with the recorded one and tells the outcome by the exit code", async (t) => {
  await using supply = await powerSupply();
  await inTemp(async (folder) => {
    const text = await Deno.readTextFile(BENCH);
    const write = async (name: string, changed: string) => {
      await Deno.writeTextFile(`${folder}/${name}`, changed);
      return `${folder}/${name}`;
    };
    const wrong = await write("wrong.log", text.replaceAll("V4.2", "V4.3"));
    const silent = await write("silent.log", text.replaceAll("VOUT1?", "VOUTX?"));
    const cut = await write("cut.log", text.slice(0, text.lastIndexOf('"event":"end"')));
    const newer = await write("newer.log", text.replace('"version":1', '"version":9'));
    const cases: [string[], RegExp, RegExp, number][] = [
      [
        [BENCH, supply.address],
        /^$/,
        /^ {3}1 → "\*IDN\?\\n"\n {3}2 ← "KORAD KD3305P V4.2\\n"\n[^]*psu: 4 steps as recorded, 24 bytes said/,
        0,
      ],
      [
        [BENCH, supply.address, "--json", "--wait"],
        /^\{"link":"psu","step":1,"direction":"out","ms":[\d.]+,"text":"\*IDN\?\\n"\}\n[^]*\{"link":"psu","done":true,"steps":4,"bytesOut":24,"bytesIn":24,/,
        /^$/,
        0,
      ],
      [[BENCH, supply.address, "-q", "--speed", "10"], /^$/, /^$/, 0],
      [
        [wrong, supply.address, "-q"],
        /^$/,
        /^parley: MismatchError \[mismatch\]: psu: mismatch at step 2 \(line 6 of .*wrong.log\): .*"KORAD KD3305P V4.3\\n", and "KORAD KD3305P V4.2\\n" came; byte 18 is 0x32 \(2\), not 0x33 \(3\)\n$/,
        6,
      ],
      [[wrong, supply.address, "-q", "--ignore", "/V\\d\\.\\d/"], /^$/, /^$/, 0],
      [
        [silent, supply.address, "-q", "-t", "50ms"],
        /^$/,
        /\[timeout\]: psu: no answer at step 4 \(line 12 of .*nothing came within 50 ms\n$/,
        4,
      ],
      [
        [cut, supply.address, "--wait"],
        /^$/,
        /^.*cut.log is cut in its line 15: what is before it is used\n/,
        0,
      ],
      [
        [newer, supply.address],
        /^$/,
        /version 9 of the format, and this Parley reads up to 1; use the newer Parley/,
        2,
      ],
      [["nope.log"], /^$/, /Cannot read the recording nope.log: there is no such file or directory\n$/, 2],
      [[BENCH, "tcp://127.0.0.1:1"], /^$/, /\[refused\]/, 3],
      [[BENCH, "--link", "pus"], /^$/, /no link "pus"; (did you|it has psu)/, 2],
      [[BENCH, supply.address, "--listen", "tcp://:0"], /^$/, /Cannot both connect to/, 2],
      [[BENCH, "--wait", "--speed", "2"], /^$/, /Cannot use --wait and --speed together/, 2],
      [[BENCH, "--step"], /^$/, /Cannot use --step here: .* no terminal; use --wait/, 2],
      [[BENCH, "--speed", "fast"], /^$/, /Cannot use "fast" as --speed/, 2],
      [[BENCH, "--ignore", "("], /^$/, /Cannot use "\(" as --ignore/, 2],
    ];
    for (const [args, stdout, stderr, code] of cases) {
      await t.step(args.map((arg) => arg.replace(/^.*\/|:\d+$/, "")).join(" "), async () => {
        const ended = await runParley(["replay", ...args]);
        assert.match(ended.stdout, stdout);
        assert.match(ended.stderr, stderr);
        assert.equal(ended.code, code, ended.stderr);
      });
    }
  });
});

Deno.test("parley replay --listen is a mock of the other side, however we are cut", async () => {
  for (
    const [pieces, code, told] of [
      [["*ID", "N?\nVSET1:5.00\nVO", "UT1?\n"], 0, /4 steps as recorded/],
      [["*IDN?\nVSET1:9.00\n"], 6, /mismatch at step 3 .*"VSET1:9.00\\n" came/],
      [["*IDN?\n"], 6, /mismatch at step 3 .*nothing came; the other side has ended the link/],
    ] as const
  ) {
    const [command, ...args] = parley("replay", BENCH, "--listen", "tcp://127.0.0.1:0", "--wait");
    const child = new Deno.Command(command, { args, stdout: "piped", stderr: "piped" }).spawn();
    const notes = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    while (!said.includes("\n")) said += (await notes.read()).value;
    const { address, kind } = parseAddress(/^listening on (\S+)\n/.exec(said)![1]);
    const transport = await kind.connect(address, {});
    for (const piece of pieces) await transport.write(new TextEncoder().encode(piece));
    await transport.closeWrite();
    while (await transport.read().catch(() => null) !== null);
    transport.close();
    for (let next = await notes.read(); !next.done; next = await notes.read()) said += next.value;
    assert.match(said, told);
    assert.equal((await child.status).code, code, said);
    assert.equal(await new Response(child.stdout).text(), "");
  }
});

Deno.test(
  "parley replay --step says each piece when Enter is pressed",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    await using supply = await powerSupply();
    const heard: string[] = [];
    supply.use({ onReceive: (line) => heard.push(line) });
    const command = parley("replay", BENCH, supply.address, "--step");
    await using pty = Pty.run(command, { columns: 120, rows: 30, env: { NO_COLOR: "1" } });
    await pty.waitFor(/1 \? "\*IDN\?\\n" {3}Enter says it/);
    assert.deepEqual(heard, []);
    pty.press("Enter");
    await pty.waitFor(/3 \? "VSET1:5.00\\n"/);
    assert.deepEqual(heard, ["*IDN?"]);
    pty.press("Enter");
    await pty.waitFor(/3 \? "VOUT1\?\\n"/);
    pty.press("Enter");
    await pty.waitFor(/psu: 4 steps as recorded/);
    assert.equal(await pty.exited(), 0);
  },
);

Deno.test("parley replay speaks the native dialect anew, as either side", async () => {
  await inTemp(async (folder) => {
    const path = `${folder}/hub.jsonl`;
    const { listen, record } = await import("../../mod.ts");
    const server = await listen("tcp://127.0.0.1:0");
    server.onRequest("add", (_call, a, b) => a + b);
    const hub = await connect(server.address);
    const recorder = await record(path, { hub });
    await hub.request("add", [1, 2]);
    await recorder.close();
    await hub.close();
    const right = await runParley(["replay", path, "--wait", "--json"]);
    assert.match(right.stdout, /"kind":"request"[^]*\{"link":"hub","done":true,"steps":2,/);
    assert.equal(right.code, 0, right.stderr);
    server.onRequest("add", () => 4);
    const wrong = await runParley(["replay", path, "--wait", "-q"]);
    assert.match(wrong.stderr, /mismatch at step 2 .*to say answer "add" 3, and answer "add" 4 came/);
    assert.equal(wrong.code, 6);
    await server.close();
  });
});
