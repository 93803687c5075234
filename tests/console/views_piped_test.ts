import assert from "node:assert/strict";
import { runParley } from "./program.ts";

const PAIR = [
  'const s = await listen("memory://views", { dialect: "lines", onReceive: (m, peer) => m === "hi" && peer.send("HI") })',
  'const c = await connect("memory://views", { dialect: "lines" })',
];

/** Runs these lines in an empty folder; gives what was said and the files that are left there. */
async function run(lines: readonly string[]) {
  const cwd = await Deno.makeTempDir();
  try {
    const ended = await runParley(["console"], `${lines.join("\n")}\n`, { cwd });
    const files: Record<string, string> = {};
    for await (const { name } of Deno.readDir(cwd)) files[name] = await Deno.readTextFile(`${cwd}/${name}`);
    return { ...ended, files };
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test("what an input asks for itself is its value and no line, until .watch all", async () => {
  const { stdout, stderr } = await run([
    ...PAIR,
    'await c.ask("hi")',
    ".watch all",
    'await c.ask("hi")',
    ".watch off",
    'await c.ask("hi")',
    ".watch sideways",
  ]);
  assert.equal(stdout, '"HI"\n"HI"\n"HI"\n');
  assert.equal(stderr.match(/s < memory:\/\/views#client "hi"/g)?.length, 2);
  assert.equal(stderr.match(/s > memory:\/\/views#client "HI"/g)?.length, 2);
  assert.deepEqual([stderr.match(/c > "hi"/g)?.length, stderr.match(/c < "HI"/g)?.length], [1, 1]);
  assert.match(stderr, /Cannot set \.watch to "sideways": on, off or all is wanted/);
});

Deno.test("what an input asks is a line where its value does not show all of that", async () => {
  const { stdout, stderr } = await run([
    ...PAIR,
    'void s.use({ onReceive: (m, peer) => m !== "hi" && peer.send(m.toUpperCase()) })',
    'const first = await c.ask("hi 1")',
    'for (const each of ["hi 2"]) await c.ask(each)',
    '; await c.ask("hi 3");;',
  ]);
  assert.equal(stdout, '"HI 3"\n');
  for (const count of [1, 2]) {
    assert(stderr.includes(`c > "hi ${count}"`) && stderr.includes(`c < "HI ${count}"`), stderr);
  }
  assert.doesNotMatch(stderr, /c [<>] "hi 3"/i);
});

Deno.test("what comes unasked while an input waits for an answer is shown", async () => {
  const { stderr } = await run([
    ...PAIR,
    's.use({ onReceive: (m, peer) => { if (m === "slow") { peer.send("one"); peer.send("two") } } })',
    '[await c.ask("slow"), await c.receive()]',
  ]);
  assert.doesNotMatch(stderr, /c < "one"/);
  assert.match(stderr, /c < "two"/);
});

Deno.test("formats are switched live, for all links and for one, and stand below each other", async () => {
  const { stderr } = await run([
    'const server = await listen("memory://formats", { onReceive: () => {} })',
    'server.onAction("led", () => {})',
    'const c = await connect("memory://formats")',
    'await c.send({ a: 1n, b: new Uint8Array([1]), t: "x\\u202e" }, { ack: true })',
    ".format json",
    'await c.send({ a: 1n, b: new Uint8Array([1]), t: "x\\u202e" }, { ack: true })',
    'await c.action("led", [true])',
    ".format text",
    'await c.send("say \\"a\\\\b\\"\\x1b", { ack: true })',
    ".format raw c",
    ".format jsom",
  ]);
  for (
    const line of [
      '> { a: 1n, b: Uint8Array(1) 01, t: "x\\u202e" }',
      "< acknowledged (",
      '> {"a":{"$bigint":"1"},"b":{"$bytes":"AQ=="},"t":"x\\u202e"}',
      '> {"action":"led","args":[true]}',
      '> say "a\\b"\\x1b\n',
    ]
  ) assert(stderr.includes(` c      ${line}`), `${line} in\n${stderr}`);
  assert(stderr.includes(' server < memory://formats#client {"action":"led","args":[true]}\n'), stderr);
  assert.match(
    stderr,
    /Messages are shown as text, c as raw\.\nRaw: what a peer sends can now drive this terminal/,
  );
  assert.match(stderr, /No format "jsom"; did you mean "json"\?/);
});

Deno.test(".hex shows the bytes on the wire in rows, with offsets, and ends as it began", async () => {
  const { stderr } = await run([
    ...PAIR,
    ".hex on c",
    'await c.send("0123456789abcdefghi")',
    ".hex off c",
    'await c.send("text again")',
  ]);
  assert.match(
    stderr,
    /c > 0000 {2}30 31 32 33 34 35 36 37 {2}38 39 61 62 63 64 65 66 {2}0123456789abcdef$/m,
  );
  assert.match(stderr, /c > 0010 {2}67 68 69 0a {39}ghi\.$/m);
  assert.match(stderr, /Messages are shown as js, c as js\.[^]*c > "text again"/);
});

Deno.test(".filter by kind or text lets bytes in hex through, and says so", async () => {
  const { stderr } = await run([
    ...PAIR,
    ".hex on",
    ".filter kind:message",
    'await c.send("one")',
    ".filter out two",
    'await c.send("two")',
    ".hex off",
    ".filter kind:action",
    'await c.send("three")',
  ]);
  const note = /Bytes in hex are no messages yet: of these only in, out, link: and peer: are looked at\./g;
  assert.equal(stderr.match(note)?.length, 2, stderr);
  assert.match(stderr, /s < memory:\/\/views#client 0000 {2}6f 6e 65 0a /);
  assert.match(stderr, /c > 0000 {2}74 77 6f 0a /);
  assert.doesNotMatch(stderr, /s < memory:\/\/views#client 0000 {2}74|"three"/);
});

Deno.test(".stamps changes what stands before a line", async () => {
  const { stderr } = await run([
    ...PAIR,
    ...["off", "delta", "iso", "start", "sometimes"].flatMap((
      kind,
    ) => [`.stamps ${kind}`, `await c.send("${kind}")`]),
  ]);
  assert.match(stderr, /^c > "off"$/m);
  assert.match(stderr, /^\+\d\d:\d\d\.\d{3} c > "delta"$/m);
  assert.match(stderr, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z c > "iso"$/m);
  assert.match(stderr, /^\d\d:\d\d\.\d{3} c > "start"$/m);
  assert.match(stderr, /No stamps "sometimes"; there are clock, start, delta, iso, off/);
});

Deno.test(".filter and .mute hide lines, tell how many, and .find has them all the same", async () => {
  const { stderr } = await run([
    ...PAIR,
    ".filter in not:noise link:s",
    'await c.send("noise 1"); await c.send("signal")',
    ".filter",
    ".filter off",
    ".mute s",
    'await c.send("muted")',
    ".unmute",
    'await c.send("\\x1b[2Jlast")',
    ".find /noise \\d/",
    ".find in last:1",
    ".find link:x y",
    ".find",
  ]);
  assert.match(stderr, /s < memory:\/\/views#client "signal"/);
  assert.doesNotMatch(stderr, /^\S+ s < \S+ "(noise 1|muted)"(?![^]*found)/m);
  assert.match(stderr, /Only in not:noise link:s is shown; 3 lines were hidden\./);
  assert.match(stderr, /No link is muted\. 1 line was hidden\./);
  assert.match(stderr, /c > "noise 1"\n\S+ s < memory:\/\/views#client "noise 1"\n2 found in 8 messages\./);
  assert.match(
    stderr,
    /s < memory:\/\/views#client "\\x1b\[2Jlast"\n4 found in 8 messages, the last 1 shown\./,
  );
  assert.match(stderr, /No link "x"; (did you mean|there are)/);
  assert.match(stderr, /Cannot find nothing/);
});

Deno.test(".log has all that is seen and what is hidden, without escapes, and ends", async () => {
  const { files, stderr } = await run([
    ...PAIR,
    ".log bench.log",
    ".watch off",
    's.broadcast("\\x1b[31mhidden\\x07")',
    'await c.ask("hi")',
    "nonsense",
    ".log",
    ".log off",
    "'after the log'",
    ".log off",
  ]);
  const log = files["bench.log"];
  assert.match(
    log,
    /^# parley log, \d{4}-\d\d-\d\dT[\d:.]+Z\nLogging to bench\.log; \.log off ends it\.\n> \.watch off\n/,
  );
  assert.match(log, /^\S+ s > memory:\/\/views#client "\\x1b\[31mhidden\\x07"$/m);
  assert.match(log, /^\S+ c < "\\x1b\[31mhidden\\x07"$/m);
  assert.match(log, /^> await c\.ask\("hi"\)\n\S+ c > "hi"\n[^]*c < "HI"\n"HI" {2}\(\d.* ms\)$/m);
  assert.match(log, /ReferenceError: nonsense is not defined/);
  assert.doesNotMatch(log, /after the log/);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(log, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  assert.match(stderr, /The log is bench\.log\.[^]*There is no log\./);
});

Deno.test(".log makes a name of its own, is rotated, and says what is wrong with a name or a size", async () => {
  const { files, stderr } = await run([
    ...PAIR,
    ".log",
    ".log small.log size=64kB keep=2",
    "for (let index = 0; index < 3000; index++) void c.send('x'.repeat(60) + index)",
    'await c.ask("hi")',
    ".log off",
    ".log /nowhere/x.log",
    ".log a b",
    ".log size=1",
    ".log keep=-1",
  ]);
  assert.equal(Object.keys(files).filter((name) => /^parley-\d{8}-\d{6}\.log$/.test(name)).length, 1);
  assert.deepEqual(Object.keys(files).filter((name) => name.startsWith("small")).sort(), [
    "small.log",
    "small.log.1",
    "small.log.2",
  ]);
  for (const name of ["small.log", "small.log.1", "small.log.2"]) assert(files[name].length <= 130_000, name);
  assert.match(files["small.log.1"] + files["small.log"], /2999"/);
  assert.match(stderr, /the oldest part of the log small\.log is gone/);
  assert.match(stderr, /Cannot write the log "\/nowhere\/x\.log": No such file/);
  assert.match(
    stderr,
    /one file is wanted[^]*Cannot use size=1: 64kB to 100GB[^]*Cannot use keep=-1: a whole number/,
  );
});

Deno.test(
  ".log ends with one line when the disk is full",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    const { stderr, stdout } = await run([
      ...PAIR,
      ".log /dev/full",
      'await c.send("one")',
      ".log off",
      "1 + 1",
    ]);
    assert.equal(stderr.match(/! the log \/dev\/full has ended: No space left on device/g)?.length, 1);
    assert.match(stderr, /There is no log\./);
    assert.equal(stdout, "2\n");
  },
);

Deno.test(".ping measures what the dialect can, counts what is lost, and says what is possible elsewhere", async () => {
  const { stderr } = await run([
    ...PAIR,
    ".ping c 3",
    ".ping c 2 hi",
    'const n = await listen("memory://native")',
    'const m = await connect("memory://native")',
    ".ping m 2",
    ".ping n 0",
    "await m.close()",
    ".ping m",
    ".ping n",
    ".ping q",
  ]);
  assert.match(stderr, /Cannot ping in the dialect "lines": .*; write \.ping c 3 and a text that it answers/);
  assert.match(
    stderr,
    /^memory:\/\/views +2 of 2 +0 +[\d.]+ ms +[\d.]+ ms +[\d.]+ ms +[\d.]+ ms\n *\S+ ms - +\S+ ms {2}[█▏▎▍▌▋▊▉]+ [12]$/m,
  );
  assert.match(stderr, /^memory:\/\/native +2 of 2 +0 /m);
  assert.doesNotMatch(stderr, /m > describe/);
  assert.match(stderr, /Cannot ping 0 times: 1 to 100,000 is wanted/);
  assert.match(stderr, /Cannot ping m: it is not connected[^]*Cannot ping n: nobody is connected to it/);
});

Deno.test("plot is rows of CSV where standard output is no terminal", async () => {
  const { stdout, code } = await run([
    ...PAIR,
    'const done = plot(c, (m) => m.split(",")[0], (m) => m.split(",")[1], { names: ["a", "b"] })',
    'for (const line of ["1,2", "3.5,x", "no,number", "-4e2,0"]) await s.broadcast(line)',
    'await c.ask("hi")',
    "await c.close()",
    "await done",
  ]);
  assert.match(stdout, /^ms,a,b\n\d+\.\d,1,2\n\d+\.\d,3\.5,\n\d+\.\d,-400,0\n"HI"\n/);
  assert.equal(code, 0);
});
