import assert from "node:assert/strict";
import { parley, runParley } from "./program.ts";

const piped = (lines: string[], ...flags: string[]) =>
  runParley(["console", ...flags], lines.join("\n") + "\n");

const LINES_SERVER =
  'const s = await listen("tcp://127.0.0.1:0", { dialect: "lines", onReceive: (m, peer) => peer.send(m.toUpperCase()) });';
const LINES_CLIENT = 'const c = await connect(`tcp://127.0.0.1:${s.port}`, { dialect: "lines" });';
const NATIVE_PAIR = 'const s = await listen("tcp://127.0.0.1:0"); const c = await connect(s.address);';

Deno.test("piped console prints each expression's value on stdout and everything else on stderr", async () => {
  const { code, stdout, stderr } = await piped([
    LINES_SERVER,
    LINES_CLIENT,
    'await c.ask("hello")',
    "s.peers.size",
  ]);
  assert.equal(stdout, '"HELLO"\n1\n');
  assert.match(stderr, /s listening on tcp:\/\/127\.0\.0\.1:\d+ \(lines\)/);
  assert.match(stderr, /c connected to/);
  assert.equal(code, 0);
});

Deno.test("piped console tells the outcome by its exit code", async (t) => {
  const cases: [string, string[], number, RegExp][] = [
    ["a syntax error", ["const = 5"], 1, /SyntaxError/],
    ["a thrown error", ['throw new Error("x")'], 1, /Error: x/],
    ["an unfinished statement", ["foo("], 1, /ends inside of a statement/],
    ["nobody listening", ['await connect("tcp://127.0.0.1:1")'], 3, /\[refused\].*tcp:\/\/127\.0\.0\.1:1/],
    ["a malformed address", ['await connect("127.0.0.1:80")'], 1, /write "tcp:\/\/127\.0\.0\.1:80"/],
    [
      "no answer in time",
      [
        LINES_SERVER.replace("peer.send(m.toUpperCase())", "0"),
        LINES_CLIENT,
        'await c.ask("x", { timeoutMs: 30 })',
      ],
      4,
      /\[timeout\].*30 ms/,
    ],
    [
      "a signal that ran out of time",
      [
        NATIVE_PAIR,
        's.onRequest("slow", () => new Promise(() => {}))',
        'await c.request("slow", [], { signal: AbortSignal.timeout(30) })',
      ],
      4,
      /\[cancelled\].*\(outcome: unknown\)\n {2}\(called off; it may have been handled/,
    ],
    [
      "a signal that was aborted",
      [NATIVE_PAIR, 'await c.request("slow", [], { signal: AbortSignal.abort("enough") })'],
      1,
      /\[cancelled\]: .*enough \(outcome: not-sent\)\n$/,
    ],
    ["an unknown request", [NATIVE_PAIR, 'await c.request("tiem")'], 5, /\[not_found\]: Request "tiem"/],
    [
      "a failed assertion",
      ['import assert from "node:assert/strict"', "assert.equal(1, 2)"],
      6,
      /AssertionError/,
    ],
    ["an unknown command", [".lniks"], 1, /No command "\.lniks"; did you mean "\.links"\?/],
  ];
  for (const [name, lines, expected, message] of cases) {
    await t.step(name, async () => {
      const { code, stderr, stdout } = await piped([...lines, "6 * 7"], "--quiet");
      assert.match(stderr, message);
      assert.equal(code, expected);
      if (lines[0] !== "foo(") assert.equal(stdout, "42\n", "the next statement is evaluated");
    });
  }
});

Deno.test("piped console says in one line that a port is in use", async () => {
  const { code, stderr } = await piped([
    'const a = await listen("tcp://127.0.0.1:0")',
    "await listen(a.address)",
  ], "--quiet");
  assert.match(
    stderr,
    /^BrokenError \[address_in_use\]: Cannot listen on tcp:\/\/127\.0\.0\.1:\d+: [^\n]+\n$/,
  );
  assert.equal(code, 3);
});

Deno.test("piped console reads statements over several lines and several on one", async () => {
  const { stdout, code } = await piped([
    "const f = (n: number) => {",
    "  return n + 1;",
    "};",
    "f(1); f(2)",
    "enum E { A, B }",
    "E.B",
  ]);
  assert.equal(stdout, "2\n3\n1\n");
  assert.equal(code, 0);
});

Deno.test("piped console finishes pending answers at the end of input and closes the links", async () => {
  const { stdout, stderr, code } = await piped([
    NATIVE_PAIR,
    "const { promise, resolve } = Promise.withResolvers();",
    's.onRequest("slow", () => promise);',
    'void c.request("slow").then((v) => console.log("got", v));',
    "setTimeout(resolve, 50, 7) && 0",
  ]);
  assert.equal(stdout, "0\ngot 7\n");
  assert.match(stderr, /c - .*closed here/);
  assert.equal(code, 0);
});

Deno.test("piped console outlives callbacks that throw, rejections that nobody awaits, and bytes of no dialect", async () => {
  const { stdout, stderr, code } = await piped([
    'const s = await listen("tcp://127.0.0.1:0", { onReceive: () => { throw new Error("kaput"); } });',
    "const c = await connect(s.address);",
    'await c.send("x")',
    'Promise.reject(new Error("nobody awaits")) && 0',
    'const raw = await connect(s.address, { dialect: "raw" });',
    'await raw.send("GET / HTTP/1.1\\r\\n\\r\\n")',
    "(await raw.closed).code",
    "c.isOpen",
  ]);
  assert.equal(stdout, '0\n"eof"\ntrue\n');
  assert.match(stderr, /s +! Error: kaput \(in onReceive at typed:1:1:\d+\)/);
  assert.match(stderr, /Not awaited, and failed: Error: nobody awaits/);
  assert.match(stderr, /\[not_native\].*c1 50 4c 01.*47 45 54 20/);
  assert.equal(code, 0);
});

Deno.test("piped console gives one JSON object a line with --json", async () => {
  const { stdout, stderr, code } = await piped(
    [
      NATIVE_PAIR,
      "[1, 2n, new Uint8Array([1, 2]), new Date(0)]",
      'await c.request("nope")',
    ],
    "--json",
    "--quiet",
  );
  assert.deepEqual(JSON.parse(stdout), {
    value: [1, { $bigint: "2" }, { $bytes: "AQI=" }, { $date: "1970-01-01T00:00:00.000Z" }],
  });
  const { error } = JSON.parse(stderr);
  assert.deepEqual([error.name, error.code, error.outcome], ["RemoteError", "not_found", "failed"]);
  assert.equal(code, 5);
});

Deno.test("piped console answers a program that waits for each answer", async () => {
  const [command, ...args] = parley("console", "--quiet");
  const child = new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "null" }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  for (const [input, answer] of [["1 + 1", "2\n"], ["_ * 21", "42\n"]]) {
    await writer.write(new TextEncoder().encode(`${input}\n`));
    assert.equal((await reader.read()).value, answer);
  }
  await writer.close();
  assert.equal((await reader.read()).done, true);
  assert.equal((await child.status).code, 0);
});

for (const stuck of ["await new Promise(() => {})", "while (true) {}"]) {
  Deno.test(`piped console ends with 130 at SIGINT in ${stuck}`, async () => {
    const [command, ...args] = parley("console", "--quiet");
    const child = new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "null" })
      .spawn();
    const writer = child.stdin.getWriter();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    await writer.write(new TextEncoder().encode(`"up"\n${stuck}\n`));
    assert.equal((await reader.read()).value, '"up"\n');
    // Asked again until it is heard: the other thread may not have begun to listen yet.
    const asking = setInterval(() => child.kill("SIGINT"), 50);
    assert.equal((await child.status).code, 130);
    clearInterval(asking);
    await writer.close().catch(() => {});
    await reader.cancel();
  });
}
