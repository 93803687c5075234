/** Rule 13 in real pipes: no prompt, no colour, no banner; standard output is data only; input ends, answers do not. */
import assert from "node:assert/strict";
import { Pty, ptyAvailable } from "../pty.ts";
import { endOf, parley } from "./program.ts";

/** The console between pipes, in an environment that asks for colours as loudly as it can. */
async function piped(input: string, ...flags: string[]) {
  const [command, ...args] = parley("console", ...flags);
  const env = Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => name !== "NO_COLOR"));
  const child = new Deno.Command(command, {
    args,
    clearEnv: true,
    env: { ...env, TERM: "xterm-256color", COLORTERM: "truecolor", FORCE_COLOR: "3", CLICOLOR_FORCE: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return await endOf(child, input);
}

const SESSION =
  `const s = await listen("memory://pipe", { dialect: "lines", onReceive: (m, peer) => peer.send(m + "!") })
const c = await connect("memory://pipe", { dialect: "lines" })
await c.ask("hello")
({ a: [1, "x", null], when: new Date(0) })
nope()
check(5).equals(6)
.links
.help
.save
await c.ask("again").then((answer) => answer.length)
`;

Deno.test("the console between pipes writes data on standard output and nothing else, without colours", async () => {
  const { stdout, stderr, code } = await piped(SESSION);
  assert.equal(
    stdout,
    '"hello!"\n{ a: [ 1, "x", null ], when: 1970-01-01T00:00:00.000Z }\nnot ok  5 is not 6\n6\n',
  );
  for (const text of [stdout, stderr]) {
    // deno-lint-ignore no-control-regex -- that is what must not be there
    assert.doesNotMatch(text, /[\x1b\r\x07]/, "no colour, no cursor, no bell");
    assert.doesNotMatch(text, /^(> |… |parley \d)/m, "no prompt, no greeting");
  }
  assert.match(stderr, /ReferenceError: nope is not defined/);
  assert.equal(code, 1);
});

Deno.test("the console between pipes says nothing but errors with --quiet, and keeps to JSON with --json", async () => {
  const { stdout, stderr } = await piped(
    SESSION.replaceAll(/^\.(links|help).*\n/gm, ""),
    "--json",
    "--quiet",
  );
  const objects = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(objects.map((each) => Object.keys(each)), [["value"], ["value"], ["check"], ["value"]]);
  for (const line of stderr.trim().split("\n")) assert.deepEqual(Object.keys(JSON.parse(line)), ["error"]);
});

Deno.test("the console at the end of its input waits for pending answers, then leaves by itself", async () => {
  const { stdout, code } = await piped(`const s = await listen("memory://late")
const gate = Promise.withResolvers()
s.onRequest("late", () => gate.promise)
const c = await connect("memory://late")
void c.request("late").then((value) => show(value))
void setTimeout(() => gate.resolve("the answer"), 30)`);
  assert.deepEqual([stdout, code], ['"the answer"\n', 0]);
});

Deno.test(
  "the console that is fed by a pipe is no prompt, whatever it writes to",
  { ignore: !ptyAvailable },
  async () => {
    const program = parley("console").map((word) => `'${word}'`).join(" ");
    await using pty = Pty.run(["sh", "-c", `echo '({ a: 1 })' | ${program}`]);
    assert.equal(await pty.exited(), 0);
    assert.equal(pty.output, "{ a: 1 }\r\n");
  },
);

Deno.test(
  "the console that writes to a pipe is no prompt, whoever types",
  { ignore: !ptyAvailable },
  async () => {
    const program = parley("console").map((word) => `'${word}'`).join(" ");
    await using pty = Pty.run(["sh", "-c", `${program} | tr 3 4`]);
    pty.type("1 + 2\r");
    await pty.waitFor(/^1 \+ 2\n4$/m);
    pty.press("Ctrl-D");
    assert.equal(await pty.exited(), 0);
    assert.equal(pty.output, "1 + 2\r\n4\r\n");
  },
);
