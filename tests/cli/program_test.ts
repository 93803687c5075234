import assert from "node:assert/strict";
import { connect, DEFAULT_LIMITS, dialects, listen, Session } from "../../mod.ts";
import { CutProxy } from "../console/cut_proxy.ts";
import { parley, runParley } from "../console/program.ts";
import { withoutTimes } from "./without_times.ts";

Deno.test("parley ask, send and request print data on stdout and tell the outcome by the exit code", async (t) => {
  const heard: unknown[] = [];
  await using lines = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: (m, peer) => (heard.push(m), m === "mute" ? undefined : peer.send(m.toUpperCase())),
  });
  await using native = await listen("tcp://127.0.0.1:0", {
    onReceive: (m) => {
      if (m === "unwanted") throw new Error("kaput");
      heard.push(m);
    },
  });
  let counted = 0;
  native.onRequest("add", (_call, a, b) => a + b);
  native.onRequest("count", () => ++counted);
  native.onRequest("steps", async function* (_call, last) {
    for (let step = 1; step <= last; step++) yield { step };
    if (last > 2) throw new Error("too many");
  });
  native.onRequest("who", (_call, name) => ({ name, bytes: new Uint8Array([1]) }));
  native.onRequest("boom", () => {
    throw new Error("kaput");
  });
  const cases: [string[], string, RegExp, number][] = [
    [["ask", lines.address, "hello", "-d", "lines"], "HELLO\n", /^$/, 0],
    [
      ["ask", lines.address, "hello", "-d", "lines", "--json"],
      `{"time":T,"address":"${lines.address}","ms":N,"value":"HELLO"}\n`,
      /^$/,
      0,
    ],
    [["ask", lines.address, "mute", "-d", "lines", "-t", "50ms"], "", /\[timeout\].*within 50 ms/, 4],
    [["send", lines.address, "sent", "-d", "lines"], "", /^$/, 0],
    [["request", native.address, "add", "1", "2"], "3\n", /^$/, 0],
    [
      ["request", native.address, "who", "me", "--json"],
      `{"time":T,"address":"${native.address}","name":"who","ms":N,"value":{"name":"me","bytes":{"$bytes":"AQ=="}}}\n`,
      /^$/,
      0,
    ],
    [["request", native.address, "count", "--key", "once"], "1\n", /^$/, 0],
    [["request", native.address, "count", "--key", "once"], "1\n", /^$/, 0],
    [["request", native.address, "steps", "2"], "", /\[streams\].*; with --stream they are printed/, 5],
    [["request", native.address, "steps", "2", "--stream"], '{"step":1}\n{"step":2}\n', /^$/, 0],
    [
      ["request", native.address, "steps", "1", "--stream", "--json"],
      `{"time":T,"address":"${native.address}","name":"steps","ms":N,"value":{"step":1}}\n`,
      /^$/,
      0,
    ],
    [
      ["request", native.address, "steps", "3", "--stream", "-q"],
      '{"step":1}\n{"step":2}\n{"step":3}\n',
      /\[handler_failed\].*too many/,
      5,
    ],
    [["request", native.address, "steps", "--stream", "--key", "k"], "", /'--stream' cannot be used with/, 2],
    [["send", native.address, "handled", "--ack"], "", /^$/, 0],
    [["send", native.address, "unwanted", "--ack"], "", /\[handler_failed\].*kaput/, 5],
    [["send", lines.address, "x", "--ack", "-d", "lines"], "", /"lines": it has no acknowledgements/, 2],
    [
      ["send", "tcp://127.0.0.1:1", "x", "--retry", "100ms", "-q"],
      "",
      /^parley: BrokenError \[refused\]: .*\(tried for 100 ms, --retry\).*\n$/,
      3,
    ],
    [["send", native.address, "x", "--retry", "soon"], "", /Cannot use "soon" as a time/, 2],
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
    [
      ["ask", lines.address],
      "",
      /No message is given: standard input was empty; write it behind the address/,
      2,
    ],
    [["ask", lines.address, "x", "-d", "liens"], "", /Allowed choices are native, lines, raw/, 2],
    [["ask", lines.address, "x", "-t", "soon"], "", /Cannot use "soon" as a time/, 2],
    [["asc"], "", /Unknown subcommand "asc"; did you mean "ask"\?/, 2],
    [["--version"], "0.1.0\n", /^$/, 0],
  ];
  for (const [args, stdout, stderr, code] of cases) {
    await t.step(args.map((arg) => arg.replace(/:\d+$/, "")).join(" "), async () => {
      const ended = await runParley(args);
      assert.equal(withoutTimes(ended.stdout), stdout);
      assert.match(ended.stderr, stderr);
      assert.equal(ended.code, code, ended.stderr);
    });
  }
  assert(heard.includes("sent"));
  assert(heard.includes("handled"));
});

Deno.test("parley request --retry waits for a server that is not up yet", async () => {
  const early = await listen("tcp://127.0.0.1:0");
  const { address } = early;
  await early.close();
  const [command, ...args] = parley("request", address, "add", "1", "2", "--retry", "30s");
  const child = new Deno.Command(command, { args, stdout: "piped", stderr: "piped" }).spawn();
  const notes = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  assert.match((await notes.read()).value!, /^Cannot connect to .*: connection refused.*; trying again\n$/);
  await using late = await listen(address);
  late.onRequest("add", (_call, a, b) => a + b);
  assert.equal(await new Response(child.stdout).text(), "3\n");
  assert.equal((await child.status).code, 0);
  assert.equal((await notes.read()).done, true, "one note, however many attempts");
});

Deno.test("parley describe lists the handlers of the other side", async (t) => {
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("add", (_call, a, b) => a + b, { description: "the sum\x1b[2J" });
  server.onAction("led", (_call, _on) => {});
  await using secret = await listen("tcp://127.0.0.1:0", { discoverable: false });
  await using empty = await listen("tcp://127.0.0.1:0");
  await using odd = oddServer();
  const handlers = [
    { name: "led", kind: "action", parameters: ["_on"] },
    { name: "add", kind: "request", description: "the sum\x1b[2J", parameters: ["a", "b"] },
  ];
  const json = handlers.map((value) =>
    `{"time":T,${JSON.stringify({ address: server.address, value }).slice(1)}\n`
  ).join("");
  const cases: [string[], string, RegExp, number][] = [
    [[server.address], "action   led(_on)\nrequest  add(a, b)  the sum\\x1b[2J\n", /^$/, 0],
    [[server.address, "--json"], json, /^$/, 0],
    [[empty.address], "", /^tcp:\S+ has no handlers\n$/, 0],
    [[secret.address], "", /\[not_found\]/, 5],
    [[odd.address], "", /\[bad_description\]: \S+ did not answer with a list of its handlers/, 3],
  ];
  for (const [args, stdout, stderr, code] of cases) {
    await t.step(args.map((arg) => arg.replace(/:\d+$/, "")).join(" "), async () => {
      const ended = await runParley(["describe", ...args]);
      assert.equal(withoutTimes(ended.stdout), stdout);
      assert.match(ended.stderr, stderr);
      assert.equal(ended.code, code, ended.stderr);
    });
  }
});

/** Speaks the native dialect, and answers whatever it is asked with a list that is none of handlers. */
function oddServer(): { address: string } & AsyncDisposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    using connection = await listener.accept();
    const session = new Session(dialects.native.make(), { role: "server", limits: DEFAULT_LIMITS });
    const bytes = new Uint8Array(4096);
    session.open(0);
    for (let length; (length = await connection.read(bytes)) !== null;) {
      for (const event of session.receive(bytes.slice(0, length), 0)) {
        if (event.kind === "request") session.answer(event.id, [null, { name: 1 }]);
      }
      const output = session.takeOutput();
      for (let sent = 0; sent < output.length;) sent += await connection.write(output.subarray(sent));
    }
  })();
  return {
    address: `tcp://127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

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

Deno.test("parley listen ends when a client has shut the server down", async () => {
  const [command, ...args] = parley(
    "listen",
    "tcp://127.0.0.1:0",
    "-d",
    "oneline",
    "-o",
    "allowShutdown=true",
  );
  const child = new Deno.Command(command, { args, stdout: "null", stderr: "piped" }).spawn();
  const notes = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const address = /listening on (\S+)/.exec((await notes.read()).value!)![1];
  assert.equal((await runParley(["send", address, "shutdown", "-d", "oneline"])).code, 0);
  assert.equal((await child.status).code, 0);
  await notes.cancel();
});

Deno.test("parley listen says goodbye when a service manager ends it", async () => {
  const [command, ...args] = parley("listen", "tcp://127.0.0.1:0", "-d", "leads");
  const child = new Deno.Command(command, { args, stdout: "null", stderr: "piped" }).spawn();
  const notes = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const address = /listening on (\S+)/.exec((await notes.read()).value!)![1];
  await using client = await connect(address, { dialect: "leads" });
  await notes.read();
  child.kill("SIGTERM");
  assert.equal((await client.closed).code, "goodbye"); // an original that only sees the end of the stream spins for ever
  assert.equal((await child.status).code, 143);
  await notes.cancel();
});

Deno.test("parley listen --handlers answers with the functions of a module", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/sums.ts`, "export const add = (a: number, b: number) => a + b;");
  const [command, ...args] = parley("listen", "tcp://127.0.0.1:0", "--handlers", "sums.ts");
  // The folder that `npx` and `deno task` were called in goes before the working directory.
  const env = { INIT_CWD: folder };
  const child = new Deno.Command(command, { args, env, cwd: folder, stdout: "null", stderr: "piped" })
    .spawn();
  const notes = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const address = /listening on (\S+)/.exec((await notes.read()).value!)![1];
  await using client = await connect(address);
  assert.equal(await client.request("add", [1, 2]), 3);
  await client.close();
  child.kill("SIGINT");
  assert.equal((await child.status).code, 130);
  await notes.cancel();
  const missing = await runParley(["listen", "tcp://127.0.0.1:0", "--handlers", "none.ts"], "", {
    cwd: folder,
  });
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /^parley: Cannot use "none\.ts" as --handlers: no such file in /);
  const two = await runParley(["listen", "tcp://127.0.0.1:0", "--handlers", "a.ts", "--handlers", "b.ts"]);
  assert.equal(two.code, 2);
  assert.match(two.stderr, /Cannot use both "a\.ts" and "b\.ts" as --handlers/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("parley listen notes who may come back, and who is back", async () => {
  const [command, ...args] = parley("listen", "tcp://127.0.0.1:0", "--count", "1");
  const child = new Deno.Command(command, { args, stdout: "null", stderr: "piped" }).spawn();
  const notes = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let noted = (await notes.read()).value!;
  await using proxy = new CutProxy(/listening on (\S+)/.exec(noted)![1]);
  await using client = await connect(proxy.address, { reconnect: { minMs: 1 } });
  proxy.cut();
  while (!noted.includes("is back")) noted += (await notes.read()).value!;
  assert.match(noted, /^- .*; it may come back\n\+ tcp:\S+ is back$/m);
  await client.ready;
  await client.send("last", { ack: true });
  assert.equal((await child.status).code, 0);
  await notes.cancel();
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
    // Its own line, and not one of ours.
    "never.ts": ["1;\nawait new Promise(() => {})", [], 1, "", /never resolved\n[^]*never\.ts:2:1/],
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
