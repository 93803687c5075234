import assert from "node:assert/strict";
import { connect, listen } from "../../mod.ts";
import { type Ended, parley, runParley } from "../console/program.ts";
import { withoutTimes } from "./without_times.ts";

/** A device that speaks lines: what it says to each command, `undefined` for nothing. */
async function device(answer: (command: string) => string[] = (command) => [command.toUpperCase()]) {
  const heard: string[] = [];
  const server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: async (command: string, peer) => {
      heard.push(command);
      for (const line of answer(command)) await peer.send(line);
    },
  });
  return { address: server.address, heard, server, [Symbol.asyncDispose]: () => server.close() };
}

/** Runs each line with its input, and compares. */
async function each(
  t: Deno.TestContext,
  cases: readonly [args: string[], input: string, stdout: string | RegExp, stderr: RegExp, code: number][],
): Promise<void> {
  for (const [args, input, stdout, stderr, code] of cases) {
    await t.step(args.map((arg) => arg.replace(/:\d+$/, "")).join(" "), async () => {
      const ended = await runParley(args, input);
      assert.match(ended.stderr, stderr);
      if (typeof stdout === "string") assert.equal(withoutTimes(ended.stdout), stdout);
      else assert.match(ended.stdout, stdout);
      assert.equal(ended.code, code, ended.stderr);
      assert(ended.stderr.split("\n").length <= 2, `one line on stderr: ${ended.stderr}`);
    });
  }
}

Deno.test("parley ask takes messages as arguments and lines of a pipe, one answer after the other", async (t) => {
  await using there = await device((command) => command === "mute" ? [] : [command.toUpperCase()]);
  const ask = ["ask", there.address, "-d", "lines"];
  await each(t, [
    [[...ask, "one", "two"], "", "ONE\nTWO\n", /^$/, 0],
    [ask, "one\r\ntwo\nlast", "ONE\nTWO\nLAST\n", /^$/, 0],
    [[...ask, "-"], "one\n", "ONE\n", /^$/, 0],
    [[...ask, "-", "--count", "2"], "one\ntwo\nthree\n", "ONE\nTWO\n", /^$/, 0],
    [[...ask, "a", "b", "-n", "2"], "", "A\nB\nA\nB\n", /^$/, 0],
    [[...ask, "a", "-n", "2", "-i", "1ms"], "", "A\nA\n", /^$/, 0],
    [
      [...ask, "one", "--json"],
      "",
      `{"time":T,"address":"${there.address}","ms":N,"value":"ONE"}\n`,
      /^$/,
      0,
    ],
    [[...ask, "one", "mute", "two", "-t", "100ms"], "", "ONE\n", /within 100 ms.*\(message 2\)/, 4],
    [ask, "", "", /standard input was empty; write it behind the address/, 2],
    [[...ask, "-", "x"], "y\n", "", /Cannot send "-" beside other messages/, 2],
    [[...ask, "x", "--count", "0"], "", "", /Cannot use "0" as --count: a whole number from 1/, 2],
    [
      [...ask, "x", "--jsn"],
      "",
      "",
      /unknown option '--jsn' \(Did you mean --json\?\).*parley ask --help/,
      2,
    ],
  ]);
});

Deno.test("parley ask prints answers of several messages, up to a number or a match", async (t) => {
  await using there = await device((command) => [command, "+GMR: 1.0", "OK"]);
  const ask = ["ask", there.address, "AT", "-d", "lines"];
  await each(t, [
    [[...ask, "--answers", "2"], "", "AT\n+GMR: 1.0\n", /^$/, 0],
    [[...ask, "--until", "OK"], "", "AT\n+GMR: 1.0\nOK\n", /^$/, 0],
    [[...ask, "--until", "/^\\+gmr/i"], "", "AT\n+GMR: 1.0\n", /^$/, 0],
    // What was left of the first answer is none to the second message.
    [[...ask, "AT2", "--until", "1.0"], "", "AT\n+GMR: 1.0\nAT2\n+GMR: 1.0\n", /^$/, 0],
    [
      [...ask, "--until", "/ERROR/", "-t", "100ms"],
      "",
      "AT\n+GMR: 1.0\nOK\n",
      /\[timeout\].*3 messages have come within 100 ms, and not one that matches \/ERROR\/; --timeout waits/,
      4,
    ],
    [[...ask, "--until", "/(/"], "", "", /Cannot use "\/\(\/" as --until: Invalid regular expression/, 2],
    [[...ask, "--until", ""], "", "", /Cannot use "" as --until/, 2],
  ]);
});

Deno.test("an error with a cause is told in one line", async (t) => {
  await using half = await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onReceive: async (_bytes, peer) => {
      await peer.send("no end");
      await peer.close();
    },
  });
  await each(t, [
    [
      ["ask", half.address, "x", "-d", "lines"],
      "",
      "",
      /^parley: BrokenError \[disconnected\]: .*ended in mid-frame: 6 bytes.*\(outcome: unknown\)\n$/,
      3,
    ],
  ]);
});

Deno.test("messages are given and printed in hexadecimal, with escapes, as JSON, or as they are", async (t) => {
  const heard: Uint8Array[] = [];
  await using echo = await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onReceive: (bytes: Uint8Array, peer) => (heard.push(bytes), peer.send(bytes)),
  });
  await using native = await listen("tcp://127.0.0.1:0", { onReceive: (m, peer) => peer.send({ got: m }) });
  const ask = ["ask", echo.address, "-d", "raw"];
  await each(t, [
    [[...ask, "--hex", "aa 55:0D 0xff"], "", "aa 55 0d ff\n", /^$/, 0],
    [[...ask, "--hex"], "01\n02\n", "01\n02\n", /^$/, 0],
    [[...ask, "--escape", "a\\r\\n\\x1b\\u20ac"], "", "a\\r\\n\\x1b€\n", /^$/, 0],
    [[...ask, "--escape", "\\xff\\\\"], "", "\\xff\\\\\n", /^$/, 0],
    [[...ask, "--raw"], "two\nlines\n", "two\nlines\n", /^$/, 0],
    [["ask", native.address, "--value", '{"on":true}'], "", '{"got":{"on":true}}\n', /^$/, 0],
    [["ask", native.address, '{"on":true}'], "", '{"got":"{\\"on\\":true}"}\n', /^$/, 0],
    [[...ask, "--hex", "aa 5"], "", "", /Cannot read the message "aa 5": 3 digits are no whole bytes/, 2],
    [[...ask, "--hex", "zz"], "", "", /"z" is no hexadecimal digit/, 2],
    [[...ask, "--escape", "\\q"], "", "", /"\\q" is unknown; there are \\0 \\r \\n/, 2],
    [[...ask, "--hex", "--escape", "00"], "", "", /cannot be used with option/, 2],
  ]);
  const size = heard.length;
  const bytes = await runParley(["send", echo.address, "-d", "raw"], "\x01é\n");
  assert.equal(bytes.code, 0);
  while (heard.length === size) await new Promise((resolve) => echo.use({ onReceive: resolve }));
  assert.deepEqual(heard.at(-1), new TextEncoder().encode("\x01é"));
});

Deno.test("parley send sends all lines of a pipe in order, and leaves when it ends", async () => {
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const wanted = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
  const heard: string[] = [];
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: (line: string) => void (heard.push(line) === wanted.length && resolve()),
  });
  const ended = await runParley(["send", server.address, "-d", "lines"], `${wanted.join("\n")}\n`);
  assert.deepEqual(ended, { code: 0, stdout: "", stderr: "" });
  await all;
  assert.deepEqual(heard, wanted);
});

Deno.test("parley request repeats, and takes an argument from a pipe", async (t) => {
  await using server = await listen("tcp://127.0.0.1:0");
  let calls = 0;
  server.onRequest("count", () => ++calls);
  server.onRequest("show", (_call, ...args) => args);
  await each(t, [
    [["request", server.address, "count", "-n", "3", "-i", "1ms"], "", "1\n2\n3\n", /^$/, 0],
    [["request", server.address, "show", "1", "-"], '{"a":1}\n', '[1,{"a":1}]\n', /^$/, 0],
    [["request", server.address, "show", "-"], "some\ntext\n", '["some\\ntext"]\n', /^$/, 0],
    [["request", server.address, "show", "-", "-"], "x", "", /Cannot use "-" twice/, 2],
    [["request", server.address, "show", "-"], "", "", /standard input was empty/, 2],
  ]);
});

Deno.test("each exit code tells what became of a one-shot", async (t) => {
  await using native = await listen("tcp://127.0.0.1:0");
  native.onRequest("boom", () => {
    throw new Error("kaput");
  });
  await using mute = await device(() => []);
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${folder}/check.ts`,
    'import assert from "node:assert/strict"; assert.equal(5, 6)',
  );
  await Deno.writeTextFile(`${folder}/throws.ts`, 'throw new Error("bad")');
  const codes: [number, string[]][] = [
    [0, ["send", mute.address, "x", "-d", "lines"]],
    [1, ["run", `${folder}/throws.ts`]],
    [2, ["ask"]],
    [2, ["asc"]],
    [3, ["send", "tcp://127.0.0.1:1", "x"]],
    [4, ["ask", mute.address, "x", "-d", "lines", "-t", "50ms"]],
    [5, ["request", native.address, "boom"]],
    [6, ["run", `${folder}/check.ts`]],
  ];
  for (const [code, args] of codes) {
    await t.step(`${code}: ${args[0]}`, async () => {
      const ended = await runParley(args);
      assert.equal(ended.code, code, ended.stderr);
      assert.equal(ended.stdout, "");
      assert.match(ended.stderr, code === 0 ? /^$/ : /./);
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("with --json an error is one object with code, address, time and exit code", async () => {
  const { stderr, stdout, code } = await runParley(["ask", "tcp://127.0.0.1:1", "x", "--json"]);
  const told = JSON.parse(stderr);
  assert.deepEqual([stdout, code, told.exit, told.address], ["", 3, 3, "tcp://127.0.0.1:1"]);
  assert.equal(told.error.code, "refused");
  assert.equal(new Date(told.time).toISOString(), told.time);
  const usage = JSON.parse((await runParley(["ask", "--json"])).stderr);
  assert.deepEqual([usage.error.code, usage.exit], ["usage", 2]);
});

/** A one-shot that is at work, and what it prints; with `-` its input stays open. */
function start(...args: string[]) {
  const [command, ...rest] = parley(...args);
  const hasInput = args.includes("-");
  const child = new Deno.Command(command, {
    args: rest,
    stdin: hasInput ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return {
    child,
    input: hasInput ? child.stdin.getWriter() : undefined,
    stdout: child.stdout.pipeThrough(new TextDecoderStream()).getReader(),
    async end(): Promise<Ended> {
      const [stderr, { code }] = await Promise.all([new Response(child.stderr).text(), child.status]);
      await this.input?.close().catch(() => {});
      return { code, stdout: "", stderr };
    },
  };
}

Deno.test("Ctrl-C and kill end a one-shot with its code, and its peers are told", async (t) => {
  const signals: [Deno.Signal, number][] = [["SIGINT", 130], ["SIGTERM", 143]];
  for (const [signal, code] of signals) {
    const lines: [string, string[]][] = [
      ["ask", ["x", "-t", "1m"]],
      ["ask", ["-"]],
      ["send", ["x", "--interval", "60m"]],
      ["ask", ["x", "--interval", "1ms"]],
    ];
    for (const [name, args] of lines) {
      await t.step(`${signal} ${name} ${args.join(" ")}`, async () => {
        const heard = Promise.withResolvers<void>();
        let count = 0;
        const told = Promise.withResolvers<string>();
        await using server = await listen("tcp://127.0.0.1:0", {
          dialect: "leads",
          onReceive: (text, peer) => {
            count++;
            heard.resolve();
            if (args.includes("1ms")) return peer.send(text);
          },
          onDisconnect: (_peer, reason) => told.resolve(reason.code),
        });
        const run = start(name, server.address, ...args, "-d", "leads");
        await run.input?.write(new TextEncoder().encode("x\n"));
        await heard.promise;
        run.child.kill(signal);
        assert.equal(await told.promise, "goodbye");
        if (!args.includes("1ms")) assert.equal(count, 1, "the next one was not due yet");
        await run.stdout.cancel();
        const ended = await run.end();
        assert.deepEqual([ended.code, ended.stderr], [code, ""]);
      });
    }
  }
});

Deno.test("a reader that has enough, such as head, ends a one-shot quietly, and its peers are told", async (t) => {
  for (const name of ["ask", "listen", "monitor"]) {
    await t.step(name, async () => {
      const told = Promise.withResolvers<string>();
      await using server = await listen("tcp://127.0.0.1:0", {
        dialect: name === "monitor" ? "lines" : "leads",
        onConnect: (peer) => name === "monitor" && void chatter(peer),
        onReceive: (text, peer) => peer.send(text),
        onDisconnect: (_peer, reason) => told.resolve(reason.code),
      });
      if (name === "listen") {
        const run = start("listen", "tcp://127.0.0.1:0", "-d", "leads");
        const notes = run.child.stderr.pipeThrough(new TextDecoderStream()).getReader();
        const address = /listening on (\S+)/.exec((await notes.read()).value!)![1];
        await run.stdout.cancel();
        await using client = await connect(address, { dialect: "leads" });
        await client.send("one");
        assert.equal((await client.closed).code, "goodbye");
        assert.equal((await run.child.status).code, 0);
        for (;;) if ((await notes.read()).done) break;
        return;
      }
      const args = name === "ask" ? ["x", "-d", "leads", "--interval", "1ms"] : ["--follow"];
      const run = start(name, server.address, ...args);
      await run.stdout.read();
      await run.stdout.cancel();
      const ended = await run.end();
      assert.deepEqual([ended.code, ended.stderr], [0, ""]);
      assert.equal(await told.promise, name === "ask" ? "goodbye" : "eof");
    });
  }
});

async function chatter(peer: { send(line: string): Promise<void>; isOpen: boolean }): Promise<void> {
  while (peer.isOpen) {
    await peer.send("line").catch(() => {});
    await new Promise((resolve) => setTimeout(resolve));
  }
}

Deno.test("parley listen answers with --reply, and leaves at --until or when it was too long", async () => {
  const folder = await Deno.makeTempDir();
  const socket = `${folder}/socket`;
  const args = [
    "listen",
    `unix://${socket}`,
    "-d",
    "lines",
    "--reply",
    "ACK\\t1",
    "--escape",
    "-u",
    "/^bye/",
  ];
  const listening = start(...args, "--timeout", "1m");
  await using client = await connect(`unix://${socket}`, {
    dialect: "lines",
    reconnect: { minMs: 10, maxMs: 20 },
  });
  assert.equal(await client.ask("hello"), "ACK\t1");
  await client.send("bye");
  let printed = "";
  for (let next = await listening.stdout.read(); !next.done; next = await listening.stdout.read()) {
    printed += next.value;
  }
  assert.equal(printed, "hello\nbye\n");
  await client.close();
  assert.equal((await listening.end()).code, 0);
  await Deno.remove(folder, { recursive: true });

  const late = await runParley(["listen", "tcp://127.0.0.1:0", "-u", "x", "-t", "50ms", "-q"]);
  assert.match(late.stderr, /\[timeout\]: a message that matches x did not come to tcp:\S+ within 50 ms/);
  assert.equal(late.code, 4);
});

Deno.test("parley monitor in a pipe ends at a line, a prompt or a number of lines", async (t) => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "raw",
    onConnect: (peer) => peer.send("boot\r\n\r\nready \xff\rversion 2\nlogin: "),
  });
  const monitor = ["monitor", server.address];
  await each(t, [
    [[...monitor, "--count", "2"], "", "boot\r\n\r\nready ÿ\r", /^$/, 0],
    [[...monitor, "--until", "/version \\d/"], "", "boot\r\n\r\nready ÿ\rversion 2\n", /^$/, 0],
    [[...monitor, "--until", "login: "], "", /login: $/, /^$/, 0],
    [
      [...monitor, "--until", "kernel panic", "-t", "100ms"],
      "",
      /login: $/,
      /a line that matches kernel panic did not come from tcp:\S+ within 100 ms/,
      4,
    ],
    [
      [...monitor, "--json", "--count", "2"],
      "",
      `{"time":T,"address":"${server.address}","direction":"<","value":"boot"}\n` +
      `{"time":T,"address":"${server.address}","direction":"<","value":"ready ÿ"}\n`,
      /^$/,
      0,
    ],
    [[...monitor, "--json", "-e", "-t", "200ms"], "AT\r", /"direction":">","value":"AT"\}\n/, /^$/, 0],
  ]);
});

Deno.test("parley bridge tells once that its device is not there, and goes on trying", async () => {
  using absent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const run = start("bridge", `tcp://127.0.0.1:${absent.addr.port}`, "tcp://127.0.0.1:0", "-d", "native");
  for (let attempt = 1; attempt <= 4; attempt++) (await absent.accept()).close();
  run.child.kill("SIGTERM");
  await run.stdout.cancel();
  const { stderr, code } = await run.end();
  assert.match(stderr, /^! BrokenError .*\ntrying tcp:\/\/127\.0\.0\.1:\d+ until it is there\n$/);
  assert.equal(code, 143);
});

Deno.test("parley bridge --json tells what happens, one object a line, and how much went where", async () => {
  await using there = await device();
  const run = start("bridge", there.address, "tcp://127.0.0.1:0", "-d", "lines", "--json");
  const events: Record<string, unknown>[] = [];
  let rest = "";
  const next = async (event: string) => {
    for (;;) {
      const [line, ...more] = rest.split("\n");
      if (more.length === 0) {
        rest += (await run.stdout.read()).value ?? assert.fail(`the end before ${event}`);
      } else {
        rest = more.join("\n");
        events.push(JSON.parse(line));
        if (events.at(-1)!.event === event) return events.at(-1)!;
      }
    }
  };
  const { address } = await next("listening");
  await using client = await connect(String(address), { dialect: "lines" });
  assert.equal(await client.ask("hello"), "HELLO");
  run.child.kill("SIGTERM");
  const { aToB, bToA, dropped, time } = await next("end");
  assert.deepEqual([aToB, bToA, dropped], [1, 1, 0]);
  assert.equal(new Date(String(time)).toISOString(), time);
  assert.deepEqual(events.slice(0, 2).map(({ event }) => event), ["up", "listening"]);
  await run.stdout.cancel();
  assert.equal((await run.end()).code, 143);
});
