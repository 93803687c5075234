/** Rules 8 to 12: what is shown of values, traffic and errors, what a callback that throws does, and that nothing waits for ever. */
import assert from "node:assert/strict";
import { listen } from "../../../mod.ts";
import { atTheTerminal, enter } from "../at_terminal.ts";

atTheTerminal(
  "rule 8: every value prints as itself, bytes by what they hold, control bytes visible",
  async (pty) => {
    const cases: [string, RegExp][] = [
      [
        "{ a: 1, b: [true, null], c: new Map([['k', 1n]]) }",
        /^\{ a: 1, b: \[ true, null \], c: Map.*"k".*1n.*$/m,
      ],
      ["new TextEncoder().encode('OK\\r\\n')", /^Uint8Array.*OK\\r\\n.*$/m],
      ["new Uint8Array([0x02, 0xff, 0x10])", /^Uint8Array.*02 ff 10.*$/m],
      ["'\\x1b[2J\\x07\\u202e'", /^"\\x1b\[2J\\x07\\u202e"$/m],
      ["new Date(0)", /1970-01-01T00:00:00\.000Z/],
      ["() => 1", /=>|function/i],
      ["NaN", /^NaN$/m],
    ];
    for (const [input, shows] of cases) await enter(pty, input, shows);
    assert(!pty.output.includes("\x1b[2J"));
  },
);

atTheTerminal(
  "rule 8: no byte of a peer reaches the terminal raw: message, name, error or callback",
  async (pty) => {
    const evil = "\x1b]0;owned\x07\x1b[2J\u202e\x9b31m";
    await using server = await listen("tcp://127.0.0.1:0");
    server.onRequest("fail", () => {
      throw new Error(evil);
    });
    await enter(pty, `const c = await connect("${server.address}")`, "c connected to");
    const [peer] = server.peers;
    await peer.send(evil);
    await pty.waitFor(/c < .*\\x1b\]0;owned/);
    await peer.action(evil, [evil]);
    await pty.until(() => pty.screen().split("owned").length > 2, "the action");
    await enter(pty, "await c.request('fail')", /RemoteError.*\\x1b\]0;owned/);
    await enter(pty, "console.log(await c.request('fail').catch((e) => e.message))");
    await enter(pty, "'end'", /^"end"\n> $/m);
    const sent = pty.output;
    for (const raw of ["\x1b]0;", "\x1b[2J", "\u202e", "\x9b"]) {
      assert(
        !sent.includes(raw),
        JSON.stringify(raw),
      );
    }
  },
);

atTheTerminal(
  "rule 9: every line of traffic has time, link and direction, received and sent alike",
  async (pty) => {
    await using server = await listen("tcp://127.0.0.1:0", { dialect: "lines" });
    await enter(pty, `const c = await connect("${server.address}", { dialect: "lines" })`, "c connected to");
    await [...server.peers][0].send("in");
    await pty.waitFor(/^\d\d:\d\d:\d\d\.\d{3} c < "in"$/m);
    await enter(pty, "setTimeout(() => c.send('out')) && 0", /^\d\d:\d\d:\d\d\.\d{3} c > "out"$/m);
  },
);

atTheTerminal(
  "rule 10: an error says what failed, on which link, why and what next, and shows no stack",
  async (pty) => {
    using closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = closed.addr;
    closed.close();
    await enter(pty, `await connect("tcp://127.0.0.1:${port}")`, /\[refused\]/);
    await using server = await listen("tcp://127.0.0.1:0");
    await enter(pty, `const c = await connect("${server.address}")`, "c connected to");
    await enter(pty, "await c.request('nobody')", /\[not_found\]: Request "nobody" to tcp:/);
    await enter(pty, "c.sned('x')", /sned is not a function[^]*did you mean c\.send\?/);
    await enter(pty, ".lniks", /No command "\.lniks".*\.links/);
    assert.doesNotMatch(pty.screen(), /^ +at .*(src|node_modules|ext:)/m);
  },
);

atTheTerminal(
  "rule 11: a callback that throws is told once with its link, and harms nothing else",
  async (pty) => {
    await using server = await listen("tcp://127.0.0.1:0", { dialect: "lines" });
    await enter(
      pty,
      `const c = await connect("${server.address}", { dialect: "lines", onReceive: (m) => { if (m === "bad") throw new Error("mine: " + m) } })`,
      "c connected to",
    );
    const [peer] = server.peers;
    await peer.send("bad");
    await peer.send("good");
    await pty.waitFor(/c < "good"/);
    await pty.waitFor(/c ! .*mine: bad/);
    assert.equal(pty.scrollback().split("mine: bad").length, 2);
    await enter(pty, "c.isOpen", /^true\n> $/m);
  },
);

atTheTerminal(
  "rule 12: connect, request, ask, receive and a file all end by themselves, and say after what time",
  async (pty) => {
    await using server = await listen("tcp://127.0.0.1:0");
    server.onRequest("never", () => new Promise(() => {}));
    using deaf = Deno.listen({ hostname: "127.0.0.1", port: 0 }); // accepts nobody and says nothing
    const limits = "{ limits: { handshakeMs: 150, requestMs: 100, askMs: 100, receiveMs: 100 } }";
    await enter(pty, `await connect("tcp://127.0.0.1:${deaf.addr.port}", ${limits})`, /within 150 ms/);
    await enter(pty, `const c = await connect("${server.address}", ${limits})`, "c connected to");
    for (const call of ["c.request('never')", "c.ask('x')", "c.receive()"]) {
      await enter(pty, `await ${call}; 'not here'`, /TimeoutError \[timeout\][^]*within 100 ms[^]*\n> $/);
      pty.press("Ctrl-L");
      await pty.until(() => pty.screen() === "> ", "an empty screen");
    }
  },
);
