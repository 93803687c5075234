import assert from "node:assert/strict";
import { listen } from "../../mod.ts";
import { type Pty, ptyAvailable } from "../pty.ts";
import { CutProxy } from "./cut_proxy.ts";
import { consoleAt } from "./program.ts";

/** A console at a terminal, and a server of this process that it can reach through a proxy. */
function atTheTerminal(name: string, test: (pty: Pty, proxy: CutProxy, stage: Stage) => Promise<void>): void {
  Deno.test(`interactive console ${name}`, { ignore: !ptyAvailable, timeout: 60_000 }, async () => {
    const stage = new Stage();
    await using server = await listen("tcp://127.0.0.1:0", {
      onConnect: () => stage.connections++,
    });
    server.onRequest("slow", () => stage.answer.promise);
    server.onRequest("ticks", async function* (call) {
      call.signal.addEventListener("abort", () => stage.calledOff.resolve());
      yield 1;
      await stage.answer.promise;
      yield 2;
    });
    await using proxy = new CutProxy(server.address);
    await using pty = await consoleAt();
    await test(pty, proxy, stage);
    stage.answer.resolve("end of the test");
  });
}

/** What the server of a test waits for, and what it has seen. */
class Stage {
  readonly answer = Promise.withResolvers<string>();
  readonly calledOff = Promise.withResolvers<void>();
  connections = 0;
}

async function enter(pty: Pty, line: string, shows?: string | RegExp): Promise<void> {
  pty.type(line);
  pty.press("Enter");
  if (shows !== undefined) await pty.waitFor(shows);
}

/** The lines of the screen about link `name`, without the time; wrapped lines are as wide as the screen. */
function told(pty: Pty, name: string): string[] {
  const lines = pty.scrollback().split("\n").filter((line) => /^\d\d:\d\d:\d\d\.\d{3} /.test(line));
  return lines.map((line) => line.slice(13)).filter((line) => line.startsWith(`${name} `));
}

atTheTerminal(
  "tells once that a link was lost and has come back, and the call goes on",
  async (pty, proxy, stage) => {
    await enter(pty, `const c = await connect("${proxy.address}", { reconnect: true })`, "c connected to");
    await enter(pty, 'const answer = c.request("slow")', /c > request slow\(\)\n> $/);
    proxy.cut();
    await pty.waitFor(/c connected again to \S+: resumed(, \d+ sent again)?\n/);
    stage.answer.resolve("still there");
    await enter(pty, "await answer", /^"still there"\n> $/m);
    const lines = told(pty, "c").filter((line) => !/^c [~<>]/.test(line));
    assert.equal(lines.length, 3, lines.join("\n"));
    assert.match(lines[1], /^c - \S+ closed the link; trying again$|^c - Link \S+ broke: .*; trying again$/);
  },
);

atTheTerminal("tells of a new session, with the calls whose outcome nobody knows", async (pty) => {
  await enter(pty, 'let s = await listen("tcp://127.0.0.1:0")', "s listening on");
  const address = /listening on (tcp:\S+)/.exec(pty.screen())![1];
  await enter(pty, 's.onRequest("slow", () => new Promise(() => {}))');
  await enter(
    pty,
    `const c = await connect("${address}", { reconnect: { minMs: 50, maxMs: 50 } })`,
    "c connected to",
  );
  await enter(pty, 'const lost = c.request("slow")', /c > request slow\(\)\n> $/);
  await enter(pty, "await s.close()", /c - \S+ closed the link.*; trying again/);
  await pty.waitFor(
    /c ~ attempt \d+ in \d+ ms \(refused: connection refused; is something listening there\?\)/,
  );
  await pty.waitFor(/c ~ attempt \d+ in \d+ ms \(refused\)/);
  await enter(pty, ".links", /^c +client +\S+ +native +down +0 /m);
  pty.press("Enter");
  await enter(
    pty,
    `s = await listen("${address}")`,
    /connected again to \S+: new session: 1 call unknown: request "slow"/,
  );
  await enter(pty, "await lost", /BrokenError \[unknown_outcome\]: Request "slow" .*\n?.*give it a "key"/);
  assert(!told(pty, "c").some((line) => line.startsWith("c !")), "an attempt that failed is one line");
});

atTheTerminal("tells of few of many attempts, and once that a client gives up", async (pty) => {
  await enter(pty, 'const s = await listen("tcp://127.0.0.1:0")', "s listening on");
  const address = /listening on (tcp:\S+)/.exec(pty.screen())![1];
  const options = "{ reconnect: { maxMs: 5, minMs: 5, attempts: 25 } }";
  await enter(pty, `const c = await connect("${address}", ${options})`, "c connected to");
  await enter(pty, "await s.close()");
  await pty.waitFor(/c - Cannot connect to \S+: connection refused.*; given\s+up/);
  const attempts = told(pty, "c").flatMap((line) => /^c ~ attempt (\d+)/.exec(line)?.[1] ?? []).map(Number);
  assert.deepEqual(attempts.filter((attempt) => attempt >= 9), [9, 10, 20]);
  assert.equal(told(pty, "c").filter((line) => /^c [!-]/.test(line)).length, 2, "down, and given up");
  await enter(pty, ".links", /^c +client +\S+ +native +closed /m);
  pty.press("Enter");
  await enter(pty, `await connect("${address}", ${options})`, /^BrokenError \[refused\]: Cannot connect/m);
  assert(
    !told(pty, address).some((line) => line.includes(" ! ")),
    "who waits for connect() hears of it there",
  );
});

atTheTerminal("shows how many sessions of a server wait for their link", async (pty) => {
  await enter(pty, 'const s = await listen("tcp://127.0.0.1:0")', "s listening on");
  const address = /listening on (tcp:\S+)/.exec(pty.screen())![1];
  await using proxy = new CutProxy(address);
  // A client that comes back only when it is told to: its first attempt is a long time away.
  const options = "{ reconnect: { minMs: 2e9, maxMs: 2e9 } }";
  await enter(pty, `const c = await connect("${proxy.address}", ${options})`, "c connected to");
  proxy.cut();
  await pty.waitFor(/s - .*; it may come back/);
  await enter(pty, ".links", /^s +server +\S+ +native +listening +0 \+ 1 down /m);
  pty.press("Enter");
  await enter(pty, "await c.close()", /c - Link \S+ was closed here/);
});

atTheTerminal("calls a stream off when Ctrl-C ends the loop that reads it", async (pty, proxy, stage) => {
  await enter(pty, `const c = await connect("${proxy.address}")`, "c connected to");
  // Its own time limit is not to be what calls it off.
  const stream = 'c.stream("ticks", [], { timeoutMs: 600_000 })';
  await enter(pty, `for await (const tick of ${stream}) console.log("tick", tick)`, /^tick 1$/m);
  pty.press("Ctrl-C");
  await pty.waitFor(/Stopped\. Links and handlers are as before\.\n> $/);
  await stage.calledOff.promise;
  await enter(pty, "c.isOpen", /^true\n> $/m);
});

atTheTerminal("lets a stream go on that is read beside the prompt", async (pty, proxy, stage) => {
  await enter(pty, `const c = await connect("${proxy.address}")`, "c connected to");
  const loop =
    '(async () => { for await (const tick of c.stream("ticks")) console.log("tick", tick) })() && 0';
  await enter(pty, loop, /^tick 1$/m);
  await enter(pty, "console.log('waiting'); await new Promise(() => {})", /^waiting$/m);
  pty.press("Ctrl-C");
  await pty.waitFor(/Stopped\. Links and handlers are as before\.\n> $/);
  stage.answer.resolve("go on");
  await pty.waitFor(/^tick 2$/m);
});

atTheTerminal("gives up connecting at Ctrl-C, for good", async (pty) => {
  await enter(pty, 'const s = await listen("tcp://127.0.0.1:0")', "s listening on");
  const address = /listening on (tcp:\S+)/.exec(pty.screen())![1];
  await enter(pty, "await s.close()");
  await enter(
    pty,
    `const c = await connect("${address}", { reconnect: { minMs: 20, maxMs: 20 } })`,
    /~ attempt \d+ in/,
  );
  pty.press("Ctrl-C");
  await pty.waitFor(/Stopped\. Links and handlers are as before\.\n> $/);
  await enter(pty, ".links", "(any key ends this)");
  pty.press("Enter");
  await pty.waitFor(/^s +server .*\n> $/m);
  // Who comes to the new server first is who is told to come now.
  await enter(pty, `const t = await listen("${address}")`, "t listening on");
  await enter(pty, `const d = await connect("${address}")`, "d connected to");
  await enter(pty, "t.peers.size", /^1\n> $/m);
});

atTheTerminal("says of a cancelled call what became of it, once", async (pty, proxy) => {
  await enter(pty, `const c = await connect("${proxy.address}")`, "c connected to");
  await enter(pty, 'await c.request("slow", [], { signal: AbortSignal.timeout(20) })', "called off;");
  assert.match(
    pty.screen(),
    /CancelledError \[cancelled\]: Request "slow" to \S+ was cancelled: [^]*\(outcome:\s+unknown\)/,
  );
  assert.doesNotMatch(pty.screen(), /because:/);
});

atTheTerminal("tells that the other side is silent, or does not read", async (pty, proxy) => {
  const options = '{ overflow: "drop-oldest", limits: { heartbeatMs: 30, silenceMs: 60_000 } }';
  await enter(pty, `const c = await connect("${proxy.address}", ${options})`, "c connected to");
  proxy.hold();
  await pty.waitFor(/c \? tcp:\S+ has been silent for \d+ ms, and was asked for a sign of life/);
  // More than what waits to be written and what the system keeps for both links.
  await enter(pty, "for (let i = 0; i < 500; i++) void c.send('x'.repeat(60_000))");
  await pty.waitFor(/c ! \d+ messages dropped: tcp:\S+ reads too slowly/);
  assert.equal(told(pty, "c").filter((line) => line.includes("dropped")).length, 1);
  proxy.cut();
  await pty.waitFor(/c - /);
});
