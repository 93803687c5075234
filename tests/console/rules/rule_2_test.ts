/** Rule 2: Ctrl-C cancels what runs, else clears the line, else hints how to leave. Links and handlers stay. */
import assert from "node:assert/strict";
import { listen, type Server } from "../../../mod.ts";
import type { Pty } from "../../pty.ts";
import { atTheTerminal, enter } from "../at_terminal.ts";

const STOPPED = /Stopped\. Links and handlers are as before\.\n> $/;

/** A console with a link to a server of this test and a handler on it; both have to outlive the test. */
function linked(name: string, test: (pty: Pty, server: Server) => Promise<void>): void {
  atTheTerminal(`rule 2: Ctrl-C ${name}`, async (pty) => {
    await using server = await listen("tcp://127.0.0.1:0");
    server.onRequest("never", () => new Promise(() => {}));
    await enter(pty, `const c = await connect("${server.address}")`, "c connected to");
    await enter(pty, "c.onRequest('twice', (call, n: number) => 2 * n)", /2 \* n\)\n> $/);
    await test(pty, server);
    const [peer, ...others] = server.peers;
    assert.equal(others.length, 0);
    assert.equal(await peer.request("twice", [21]), 42);
    await enter(pty, "c.isOpen && 'as before'", /^"as before"\n> $/m);
  });
}

/** What is typed says `begun` when it runs and is then stopped. */
function stops(what: string, input: string, shows: RegExp = STOPPED): void {
  linked(`stops ${what}`, async (pty) => {
    await enter(pty, input, /^begun$/m);
    pty.press("Ctrl-C");
    await pty.waitFor(shows);
  });
}

stops("an await that never ends", "console.log('begun'); await new Promise(() => {})");
stops("an endless loop", "console.log('begun'); setTimeout(() => {}); while (true) {}");
stops(
  "an endless loop that catches everything",
  "console.log('begun'); for (;;) { try { for (;;); } catch {} }",
);
stops(
  "a request that nobody answers",
  "console.log('begun'); await c.request('never', [], { timeoutMs: 1e6 })",
);
stops("a loop over messages that do not come", "console.log('begun'); for await (const m of c) m");
stops("an endless loop of awaits", "console.log('begun'); for (;;) await 0");
stops(
  "an endless generator",
  "console.log('begun'); async function* endless() { for (;;) yield 1 }; for await (const n of endless()) n",
);
stops("a loop over timers", "console.log('begun'); for (;;) await new Promise((r) => setTimeout(r, 1))");
stops(
  "a callback in an endless loop",
  "void setTimeout(() => { console.log('begun'); while (true) {} }, 9)",
  /Callback stopped \(typed:\d+:1:\d+\)\n> $/,
);
stops(
  "a callback that awaits without end and lets nothing else run",
  "void setTimeout(async () => { console.log('begun'); for (;;) await 0 }, 9)",
  /Callback stopped \(typed:\d+:1:\d+\)\n> $/,
);

linked("leaves no loop behind that it has stopped", async (pty) => {
  await enter(
    pty,
    "let n = 0; console.log('begun'); for (;;) { await new Promise((r) => setTimeout(r)); n++ }",
  );
  await pty.waitFor(/^begun$/m);
  pty.press("Ctrl-C");
  await pty.waitFor(STOPPED);
  await enter(pty, "const before = n; await new Promise((r) => setTimeout(r, 50)); n - before", /^0\n> $/m);
});

linked("takes the next message from nobody after it has stopped a loop over them", async (pty, server) => {
  await enter(pty, "console.log('begun'); for await (const m of c) m", /^begun$/m);
  pty.press("Ctrl-C");
  await pty.waitFor(STOPPED);
  await enter(pty, "const next = c.receive(); undefined", /undefined\n> $/);
  await [...server.peers][0].send("for whoever asks");
  await enter(pty, "await next", /^"for whoever asks"\n> $/m);
});

linked("clears the line, then hints, and neither stops nor closes anything", async (pty) => {
  pty.type("half a");
  pty.press("Ctrl-C");
  await pty.waitFor(/> half a\^C\n> $/);
  pty.press("Ctrl-C");
  await pty.waitFor(/\(Ctrl-D to leave\)\n> $/);
  pty.press("Ctrl-C", "Ctrl-C", "Ctrl-C");
  await enter(pty, "'alive'", /^"alive"\n> $/m);
});
