import assert from "node:assert/strict";
import { listen } from "../../mod.ts";
import { parley, runParley } from "../console/program.ts";

Deno.test("parley ask, send and request print data on stdout and tell the outcome by the exit code", async (t) => {
  const heard: unknown[] = [];
  await using lines = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: (m, peer) => (heard.push(m), m === "mute" ? undefined : peer.send(m.toUpperCase())),
  });
  await using native = await listen("tcp://127.0.0.1:0");
  native.onRequest("add", (_call, a, b) => a + b);
  native.onRequest("who", (_call, name) => ({ name, bytes: new Uint8Array([1]) }));
  native.onRequest("boom", () => {
    throw new Error("kaput");
  });
  const cases: [string[], string, RegExp, number][] = [
    [["ask", lines.address, "hello", "-d", "lines"], "HELLO\n", /^$/, 0],
    [
      ["ask", lines.address, "hello", "-d", "lines", "--json"],
      `{"address":"${lines.address}","value":"HELLO"}\n`,
      /^$/,
      0,
    ],
    [["ask", lines.address, "mute", "-d", "lines", "-t", "50ms"], "", /\[timeout\].*within 50 ms/, 4],
    [["send", lines.address, "sent", "-d", "lines"], "", /^$/, 0],
    [["request", native.address, "add", "1", "2"], "3\n", /^$/, 0],
    [
      ["request", native.address, "who", "me", "--json"],
      `{"address":"${native.address}","name":"who","value":{"name":"me","bytes":{"$bytes":"AQ=="}}}\n`,
      /^$/,
      0,
    ],
    [["request", native.address, "nope"], "", /\[not_found\]: Request "nope"/, 5],
    [["request", native.address, "boom"], "", /\[handler_failed\].*kaput/, 5],
    [["request", "tcp://127.0.0.1:1", "x"], "", /\[refused\]/, 3],
    [
      ["request", lines.address, "x", "-t", "200ms"],
      "",
      /\[handshake\].*within 200 ms; does it speak this dialect/,
      4,
    ],
    [["ask", "127.0.0.1:80", "x"], "", /write "tcp:\/\/127\.0\.0\.1:80"/, 2],
    [["ask", lines.address], "", /missing required argument 'message'/, 2],
    [["ask", lines.address, "x", "-d", "liens"], "", /Allowed choices are native, lines, raw/, 2],
    [["ask", lines.address, "x", "-t", "soon"], "", /Cannot use "soon" as a time/, 2],
    [["asc"], "", /Unknown subcommand "asc"; did you mean "ask"\?/, 2],
    [["--version"], "0.1.0\n", /^$/, 0],
  ];
  for (const [args, stdout, stderr, code] of cases) {
    await t.step(args.map((arg) => arg.replace(/:\d+$/, "")).join(" "), async () => {
      const ended = await runParley(args);
      assert.equal(ended.stdout, stdout);
      assert.match(ended.stderr, stderr);
      assert.equal(ended.code, code, ended.stderr);
    });
  }
  assert(heard.includes("sent"));
});

Deno.test("parley listen prints messages, echoes, and ends after --count or at Ctrl-C", async () => {
  const [command, ...args] = parley("listen", "tcp://127.0.0.1:0", "-d", "lines", "--echo");
  for (const count of [["--count", "2"], []]) {
    const child = new Deno.Command(command, { args: [...args, ...count], stdout: "piped", stderr: "piped" })
      .spawn();
    const notes = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    const printed = new Response(child.stdout).text();
    const address = /listening on (\S+)/.exec((await notes.read()).value!)![1];
    for (const message of ["one", "two"]) {
      assert.equal((await runParley(["ask", address, message, "-d", "lines"])).stdout, `${message}\n`);
    }
    if (count.length === 0) child.kill("SIGINT");
    assert.equal(await printed, "one\ntwo\n");
    assert.equal((await child.status).code, count.length === 0 ? 130 : 0);
    await notes.cancel();
  }
});

Deno.test("parley run passes arguments, ends when nothing is left, and tells failures by the exit code", async (t) => {
  const cwd = await Deno.makeTempDir();
  const mod = new URL("../../mod.ts", import.meta.url).href;
  const scripts: Record<string, [string, string[], number, string, RegExp]> = {
    "args.ts": ["console.log(Deno.args)", ["a", "--json", "b"], 0, '[ "a", "--json", "b" ]\n', /^$/],
    "late.ts": ["setTimeout(() => console.log('late'), 20)", [], 0, "late\n", /^$/],
    "throws.ts": ["throw new Error('bad')", [], 1, "", /Error: bad\n.*throws\.ts:1:7/],
    "refused.ts": [
      `import { connect } from "${mod}"; await connect("tcp://127.0.0.1:1")`,
      [],
      3,
      "",
      /\[refused\]/,
    ],
    "unawaited.ts": ["Promise.reject(new Error('lost'))", [], 1, "", /Error: lost/],
    "syntax.ts": ["const = 5", [], 1, "", /syntax|expected/i],
    "callback.ts": [
      `import { connect, listen } from "${mod}";
       const s = await listen("memory://cb", { onReceive: () => { throw new Error("in callback"); } });
       const c = await connect("memory://cb"); await c.send(1); await s.close();`,
      [],
      0,
      "",
      /Error: in callback/,
    ],
  };
  try {
    for (const [name, [code, args, exit, stdout, stderr]] of Object.entries(scripts)) {
      await t.step(name, async () => {
        await Deno.writeTextFile(`${cwd}/${name}`, code);
        const ended = await runParley(["run", name, ...args], "", { cwd });
        assert.match(ended.stderr, stderr);
        assert.equal(ended.stdout, stdout);
        assert.equal(ended.code, exit);
      });
    }
    const missing = await runParley(["run", "gone.ts"], "", { cwd });
    assert.match(missing.stderr, /Cannot run "gone\.ts": no such file/);
    assert.equal(missing.code, 2);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
