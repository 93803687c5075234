import assert from "node:assert/strict";
import { connect, listen, serial, type Server, type ServerOptions } from "../../mod.ts";
import { virtualSerialPair } from "../../src/testing/mod.ts";
import { page, sheetsAbout } from "../../src/cli/cheat/sheet.ts";
import { sheets } from "../../src/cli/cheat/table.ts";
import { parley, runParley } from "../console/program.ts";
import { ptyAvailable } from "../pty.ts";

/** What an example has to do; with `stop`, that it goes on until Ctrl-C, which it gets once this was told. */
interface Outcome {
  readonly stdout?: RegExp;
  readonly stop?: RegExp;
  /** A file that it has to write. */
  readonly file?: readonly [name: string, content: RegExp];
}

/** All examples by their beginning: one that is new has to be written here as well. */
const outcomes: Readonly<Record<string, Outcome>> = {
  "parley ask tcp://192.168.1.99:5025 '*IDN?'": { stdout: /^ACME,3000\n$/ },
  "printf '%s\\n' 'VOLT?' 'CURR?' | parley ask": { stdout: /^5\.01\n0\.25\n$/ },
  "parley ask bench-psu 'VOLT?' 'CURR?'": { stdout: /^5\.01\n0\.25\n$/ },
  "parley send bench-psu < setup.scpi": { stdout: /^$/ },
  "parley ask bench-psu 'VOLT?' --interval": {
    stdout: /^$/,
    file: ["volt.jsonl", /^(\{.*"5\.01"\}\n){10}$/],
  },
  "parley bridge serial:id:KORAD tcp://:5025": { stop: /listening on tcp:/ },
  "parley ports": {},
  "parley monitor serial:/dev/ttyUSB0 --baud": { stdout: /\[[\d:.]+\] < PASS\n/ },
  "parley monitor serial:/dev/ttyUSB0 --until 'login: '": {
    stdout: /boot\r\nlogin: (\r\n(PASS\r\n)?)?$/,
    file: ["boot.log", /login: /],
  },
  "parley ask serial:/dev/ttyUSB0 AT+GMR": { stdout: /^1\.0\nOK\n$/ },
  "parley ask serial:/dev/ttyUSB0 --hex": { stdout: /^01 03 02 00 05\n$/ },
  "parley send serial:/dev/ttyUSB0": { stdout: /^$/ },
  "parley listen tcp://0.0.0.0:16900 -d leads": { stop: /listening on .*leads/ },
  "parley listen tcp://0.0.0.0:16900 -d leads --count": {
    stdout: /^$/,
    file: ["reports.jsonl", /^(\{.*"value":"speed=\d"\}\n){10}$/],
  },
  "parley send tcp://10.0.0.2:16900": { stdout: /^$/ },
  "parley request tcp://10.0.0.3:25000 telemetry": { stdout: /^\{"battery":15\.9\}\n$/ },
  "parley request tcp://10.0.0.3:25000 selfcheck": { stdout: /"value":"fine"\}\n$/, stop: /./ },
  "parley listen tcp://0.0.0.0:25000": { stop: /listening on .*clever-show/ },
  "parley ask tcp://10.0.0.7:5001 cmd01": { stdout: /^CMD01\n$/ },
  "parley ask tcp://10.0.0.7:5001 -d oneline --timeout": { stdout: /^CMD01\nCMD02\n$/ },
  "parley listen tcp://127.0.0.1:5001": { stop: /listening on .*oneline/ },
  "parley listen tcp://127.0.0.1:5025 -d lines --reply": { stop: /listening on .*lines/ },
  "parley listen tcp://127.0.0.1:5025 -d lines --echo": { stop: /listening on .*lines/ },
  "parley listen tcp://127.0.0.1:16900 --handlers": { stop: /listening on .*native/ },
  "parley describe": { stdout: /^request {2}heat\(degrees\)$/m },
  "parley request tcp://127.0.0.1:16900 heat": { stdout: /"name":"heat",.*"value":181\}\n$/ },
  "parley request tcp://127.0.0.1:16900 readings": { stdout: /^1\n2\n3\n$/ },
  "parley request tcp://127.0.0.1:16900 load": { stdout: /^"loaded bread"\n$/ },
  "parley request tcp://127.0.0.1:16900 ping": { stdout: /^pong\n$/ },
  'test "$(parley ask bench-psu': { stdout: /^$/ },
  "parley ask tcp://192.168.1.99:5025 'NOPE?'": {
    stdout: /^exit code 4\n$/,
    file: ["why.txt", /\[timeout\]/],
  },
  "parley monitor serial:/dev/ttyUSB0 --until PASS": { stdout: /login: \r\nPASS\r\n$/ },
  "parley run demo.ts": { stdout: /^demo\n$/ },
  "echo 'const c = await connect": { stdout: /^181\n$/ },
};

Deno.test("every example of parley cheat runs", { ignore: !ptyAvailable, timeout: 240_000 }, async (t) => {
  await using there = await bench();
  const left = new Set(Object.keys(outcomes));
  for (const { line } of sheets.flatMap(({ examples }) => examples)) {
    await t.step(line, async () => {
      const key = Object.keys(outcomes)
        .filter((each) => line.startsWith(each)).sort((a, b) => b.length - a.length)[0];
      assert(key !== undefined, "what it has to do is not written in this test");
      left.delete(key);
      await there.run(line, outcomes[key]);
    });
  }
  assert.deepEqual([...left], [], "these are no examples any more");
});

Deno.test("parley cheat shows a page, a sheet, or what has a word in it", async () => {
  const all = await runParley(["cheat"]);
  assert.deepEqual(all, { code: 0, stdout: `${page(sheets)}\n`, stderr: "" });
  assert(sheets.flatMap(({ examples }) => examples).every(({ line }) => line.length <= 110));
  const board = await runParley(["cheat", "board"]);
  assert.match(board.stdout, /^board: .*\n {2}# .*\n {2}parley ports\n/);
  assert.deepEqual(sheetsAbout(sheets, "MODBUS").map(({ examples }) => examples.length), [1]);
  const wrong = await runParley(["cheat", "bord"]);
  assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /^parley: No example has "bord" in it; did you mean "board"\?\n$/);
  const json = await runParley(["cheat", "ci", "--json"]);
  assert.equal(JSON.parse(json.stdout.split("\n")[0]).task, "ci");
});

/** Everything that the examples talk to, on this machine, and a folder for their files. */
async function bench() {
  const folder = await Deno.makeTempDir();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const serve = async (options: ServerOptions<Server>) =>
    stack.use(await listen("tcp://127.0.0.1:0", options));
  const scpi: Record<string, string> = { "*IDN?": "ACME,3000", "VOLT?": "5.01", "CURR?": "0.25" };
  const instrument = await serve({
    dialect: "lines",
    onReceive: (m: string, peer) => scpi[m] && peer.send(scpi[m]),
  });
  const box = await serve({ dialect: "leads" });
  const tester = await serve({
    dialect: "oneline",
    onReceive: (m: string, peer) => peer.send(m.toUpperCase()),
  });
  const drone = await serve({ dialect: "clever-show" });
  drone.onRequest("telemetry", () => ({ battery: 15.9 }));
  drone.onRequest("selfcheck", () => "fine");
  const oven = await serve({});
  oven.onRequest("heat", (_call, degrees) => degrees + 1);
  oven.onRequest("ping", () => "pong");
  oven.onRequest("load", (_call, recipe) => `"loaded ${recipe.name}"`);
  oven.onRequest("readings", async function* (_call, count) {
    for (let number = 1; number <= count; number++) yield number;
  });
  const pair = stack.use(virtualSerialPair());
  const device = stack.use(
    await serial(pair.a.path, {
      dialect: "raw",
      onReceive: (bytes: Uint8Array, peer) => {
        if (bytes[0] === 1) return peer.send(Uint8Array.of(1, 3, 2, 0, 5));
        if (new TextDecoder().decode(bytes).startsWith("AT+GMR")) return peer.send("1.0\r\nOK\r\n");
      },
    }),
  );
  const files: Record<string, string> = {
    "config.toml":
      `[bench-psu]\naddress = "${instrument.address}"\ndialect = "lines"\ndescription = "a stand-in"\n`,
    "setup.scpi": "VOLT 5\nOUTP ON\n",
    "settings.txt": "one\ntwo\n",
    "commands.txt": "cmd01\ncmd02\n",
    "recipe.json": '{"name":"bread"}\n',
    "oven.ts": "export const heat = (degrees: number) => degrees;",
    "show.ts": "export const telemetry = () => ({});",
    "demo.ts": 'console.log("demo");',
    "parley": `#!/bin/sh\nexec ${parley().map((word) => `'${word}'`).join(" ")} "$@"\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, text, { mode: 0o755 });
  }
  const places: [string, string][] = [
    ["tcp://192.168.1.99:5025", instrument.address],
    ["tcp://10.0.0.2:16900", box.address],
    ["tcp://10.0.0.7:5001", tester.address],
    ["tcp://10.0.0.3:25000", drone.address],
    ["tcp://127.0.0.1:16900", oven.address],
    ["serial:/dev/ttyUSB0", `serial:${pair.b.path}`],
    ["serial:id:KORAD", `serial:${pair.b.path}`],
    ["tcp://:5025", "tcp://:0"],
    ["interval 1s", "interval 1ms"],
  ];
  const owned = stack.move();
  return {
    async run(line: string, { stdout = /./, stop, file }: Outcome) {
      let here = line;
      for (const [written, meant] of places) {
        // Who listens does so on a port of its own.
        const isOwn = line.startsWith("parley listen") || written === "tcp://:5025";
        here = isOwn && written.startsWith("tcp") ? here : here.replaceAll(written, meant);
      }
      if (line.startsWith("parley listen") || line.startsWith("parley bridge")) {
        const hasClient = line.includes("--count");
        here = here.replace(
          /tcp:\/\/[\d.]*:\d+/,
          hasClient ? `unix://${folder}/socket` : "tcp://127.0.0.1:0",
        );
      }
      if (file !== undefined) await Deno.remove(`${folder}/${file[0]}`).catch(() => {});
      const child = new Deno.Command("bash", {
        // A line of one command is the process itself, which Ctrl-C reaches.
        args: ["-c", stop === undefined ? here : `exec ${here}`],
        cwd: folder,
        env: {
          PATH: `${folder}:${Deno.env.get("PATH")}`,
          PARLEY_CONFIG: `${folder}/config.toml`,
          INIT_CWD: folder,
          NO_COLOR: "1",
        },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const printed = { stdout: "", stderr: "" };
      let isStopped = false;
      const follow = async (name: "stdout" | "stderr") => {
        for await (const text of child[name].pipeThrough(new TextDecoderStream())) {
          printed[name] += text;
          if (stop?.test(printed.stdout + printed.stderr) && !isStopped) {
            isStopped = true;
            child.kill("SIGINT");
          }
        }
      };
      const ended = Promise.all([child.status, follow("stdout"), follow("stderr")]);
      if (line.includes("monitor")) await boot(device, () => printed.stdout !== "");
      if (here.includes("/socket")) await report(`unix://${folder}/socket`);
      const [{ code }] = await ended;
      if (stop === undefined) assert.equal(code, 0, printed.stderr);
      else assert(code === 130, `${code} ${printed.stderr}`);
      if (stop === undefined || stdout.source !== ".") assert.match(printed.stdout, stdout);
      if (file !== undefined) assert.match(await Deno.readTextFile(`${folder}/${file[0]}`), file[1]);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A board begins to boot, again and again, until somebody has heard it. */
async function boot(device: { send(text: string): Promise<void> }, isHeard: () => boolean): Promise<void> {
  while (!isHeard()) {
    await device.send("boot\r\n");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await device.send("login: \r\nPASS\r\n");
}

async function report(address: string): Promise<void> {
  await using car = await connect(address, { dialect: "leads", reconnect: { minMs: 10, maxMs: 20 } });
  for (let speed = 0; speed < 10; speed++) await car.send(`speed=${speed}`);
}
