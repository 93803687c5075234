/** Rule 3: Ctrl-D on an empty line leaves, closes links in order and tells peers; a second is never needed. */
import assert from "node:assert/strict";
import { type CloseReason, listen } from "../../../mod.ts";
import { atTheTerminal, enter } from "../at_terminal.ts";

atTheTerminal(
  "rule 3: Ctrl-D closes clients, then servers, and their peers hear that it was meant",
  async (pty) => {
    const ended = Promise.withResolvers<CloseReason>();
    await using server = await listen("tcp://127.0.0.1:0", {
      onDisconnect: (_peer, reason) => ended.resolve(reason),
    });
    await enter(pty, 'const s = await listen("tcp://127.0.0.1:0")', "s listening on");
    await enter(pty, "const inner = await connect(s.address)", "inner connected to");
    await enter(
      pty,
      `const c = await connect("${server.address}", { reconnect: true })`,
      /^\S+ c +connected to/m,
    );
    pty.press("Ctrl-D");
    await pty.waitFor("Closed: inner, c, s");
    assert.equal(await pty.exited(), 0);
    const { error, byUs, willRetry } = await ended.promise;
    assert.deepEqual({ error, byUs, willRetry }, { error: undefined, byUs: false, willRetry: false });
    assert.equal(pty.cooked, true);
    assert.equal(pty.modes.has("2004"), false);
  },
);

atTheTerminal("rule 3: Ctrl-D leaves at once when a link is down and tries to come back", async (pty) => {
  const server = await listen("tcp://127.0.0.1:0");
  await enter(pty, `const c = await connect("${server.address}", { reconnect: true })`, "c connected to");
  await server.close();
  await pty.waitFor(/c .*(retry|attempt|again)/);
  pty.press("Ctrl-D");
  assert.equal(await pty.exited(), 0);
});

atTheTerminal("rule 3: Ctrl-D leaves though a peer reads nothing of what was sent to it", async (pty) => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const address = `tcp://127.0.0.1:${listener.addr.port}`;
  await enter(pty, `const c = await connect("${address}", { dialect: "raw" })`, "c connected to");
  using _deaf = await accepted;
  await enter(pty, "for (let i = 0; i < 8; i++) void c.send(new Uint8Array(1 << 20)); 'sent'", /^"sent"$/m);
  pty.press("Ctrl-D");
  await pty.waitFor("Ctrl-C leaves at once");
  pty.press("Ctrl-C");
  assert.equal(await pty.exited(), 0);
});

atTheTerminal("rule 3: Ctrl-D while an input is evaluated leaves as soon as that has ended", async (pty) => {
  await enter(pty, "console.log('begun'); await new Promise((r) => setTimeout(r, 300)); 'ended'", /^begun$/m);
  pty.press("Ctrl-D");
  assert.equal(await pty.exited(), 0);
  assert.match(pty.screen(), /^"ended"\n/m);
});

atTheTerminal(
  "rule 3: Ctrl-D while an input never ends says how to end it, and is not needed twice",
  async (pty) => {
    await enter(pty, "console.log('begun'); await new Promise(() => {})", /^begun$/m);
    pty.press("Ctrl-D");
    await pty.waitFor("(leaves when this has ended; Ctrl-C stops it)");
    pty.press("Ctrl-C");
    assert.equal(await pty.exited(), 0);
  },
);
