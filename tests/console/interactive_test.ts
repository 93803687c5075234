import assert from "node:assert/strict";
import { ptyAvailable } from "../pty.ts";
import { atTheTerminal, enter } from "./at_terminal.ts";
import { consoleAt, runParley } from "./program.ts";

atTheTerminal(
  "interactive console greets in one line and shows values, errors and nothing for declarations",
  async (pty) => {
    await enter(pty, "const n: number = 20", /n: number = 20\n> $/);
    await enter(pty, "n + 1", /^21\n> $/m);
    await enter(pty, "_ * 2", /^42\n> $/m);
    await enter(pty, "let n = 'redeclared'; n", /^"redeclared"\n> $/m);
    await enter(pty, "nope()", /ReferenceError: nope is not defined/);
    await enter(pty, "const = 5", /SyntaxError/);
    assert.equal(
      pty.screen().split("\n")[0],
      "parley 0.1.0   .help  commands   Tab  complete   Ctrl-D  leave",
    );
  },
);

atTheTerminal("interactive console goes on with the next line inside a bracket", async (pty) => {
  await enter(pty, "[1, 2, 3].map((x) => {", "… ");
  await enter(pty, "return x * 2;", /… $/);
  await enter(pty, "})", "[ 2, 4, 6 ]");
});

atTheTerminal(
  "interactive console shows events above the line being typed, which stays as it is",
  async (pty) => {
    await enter(pty, 'const s = await listen("tcp://127.0.0.1:0", { dialect: "lines" })', "s listening on");
    await enter(pty, "const c = await connect(s.address, { dialect: 'lines' })", "c connected to");
    await enter(pty, "void setTimeout(() => s.broadcast('tick'), 300)", /300\)\n/);
    pty.type("half a line");
    await pty.waitFor(/c < "tick"\n[\s\S]*> half a line$/);
    pty.press("Ctrl-U");
    await enter(pty, "6 * 7", /^42\n> $/m);
  },
);

atTheTerminal("interactive console stays usable under a flood, batched and counted", async (pty) => {
  await enter(pty, 'const s = await listen("memory://flood", { dialect: "lines" })', "listening");
  await enter(pty, "const c = await connect('memory://flood', { dialect: 'lines' })", "c connected");
  await enter(pty, "const t = setInterval(() => { for (let i = 0; i < 5000; i++) s.broadcast('x' + i) }, 1)");
  await pty.waitFor(/more (events|lines) not shown/);
  pty.type("still here");
  await pty.waitFor(/> still here$/);
  pty.press("Ctrl-U");
  await enter(pty, "clearInterval(t); 'calm'", /"calm"/);
  await enter(pty, "1 + 1", /^2\n> $/m);
});

atTheTerminal(
  "interactive console stops an await, an endless loop and a callback in a loop at Ctrl-C",
  async (pty) => {
    await enter(pty, "console.log('waiting'); await new Promise(() => {})", /^waiting$/m);
    pty.press("Ctrl-C");
    await pty.waitFor(/Stopped\. Links and handlers are as before\.\n> $/);
    await enter(
      pty,
      "await new Promise((r) => setTimeout(r, 99)); console.log('looping'); while (true) {}",
      /^looping$/m,
    );
    pty.press("Ctrl-C");
    await pty.waitFor(/looping\n[\s\S]*Stopped\..*\n> $/);
    await enter(pty, "void setTimeout(() => { console.log('stuck'); for (;;) {} }, 99)", /^stuck$/m);
    pty.press("Ctrl-C");
    await pty.waitFor(/Callback stopped/);
    await enter(
      pty,
      'const s = await listen("memory://loop", { dialect: "lines", onReceive: () => { console.log("spinning"); while (true) {} } })',
    );
    await enter(pty, "const c = await connect('memory://loop', { dialect: 'lines' })", "c connected");
    await enter(pty, "void setTimeout(() => c.send('spin'), 99)", /^spinning$/m);
    pty.press("Ctrl-C");
    await pty.waitFor(/s ! Interrupted/);
    await enter(pty, "c.isOpen", /^true\n> $/m);
  },
);

atTheTerminal(
  "interactive console clears the line at Ctrl-C, then hints, and leaves at Ctrl-D with its links closed",
  async (pty) => {
    await enter(pty, 'const s = await listen("memory://leave")', "listening");
    await enter(pty, "const c = await connect('memory://leave')", "c connected");
    pty.type("half a line");
    pty.press("Ctrl-C");
    await pty.waitFor(/> half a line\^C\n> $/);
    pty.press("Ctrl-C");
    await pty.waitFor("(Ctrl-D to leave)");
    pty.press("Ctrl-D");
    await pty.waitFor("Closed: c, s");
    assert.equal(await pty.exited(), 0);
  },
);

atTheTerminal(
  "interactive console outlives a throwing callback and a rejection that nobody awaits",
  async (pty) => {
    await enter(pty, "setTimeout(() => { throw new Error('late') }, 5) && 0", /Uncaught: Error: late/);
    await enter(
      pty,
      "Promise.reject(new TypeError('lost')) && 0",
      /Not awaited, and failed: TypeError: lost/,
    );
    await enter(pty, "1 + 1", /^2\n> $/m);
  },
);

atTheTerminal(
  "interactive console completes globals, members and commands without running getters",
  async (pty) => {
    await enter(
      pty,
      "const trap = { get boom() { console.log('RAN'); return 1 }, plain: { deep: 1 } }",
      /1 \} \}\n> $/,
    );
    pty.type("trap.pl");
    pty.press("Tab");
    await pty.waitFor(/> trap\.plain$/);
    pty.type(".de");
    pty.press("Tab");
    await pty.waitFor(/> trap\.plain\.deep$/);
    pty.press("Ctrl-U");
    pty.type("trap.boom.x");
    pty.press("Tab", "Tab", "Ctrl-U");
    pty.type("createSer");
    pty.press("Tab");
    await pty.waitFor(/> createServer$/);
    pty.press("Ctrl-U");
    pty.type(".hist");
    pty.press("Tab");
    await pty.waitFor(/> \.history$/);
    assert(!pty.screen().includes("RAN\n"));
  },
);

atTheTerminal("interactive console takes a paste as one edit that runs only at Enter", async (pty) => {
  pty.paste("const a = 1;\nconst b = 2;\na + b");
  await pty.waitFor(/a \+ b$/);
  assert(!/^3$/m.test(pty.screen()));
  pty.press("Enter");
  await pty.waitFor(/^3\n> $/m);
});

atTheTerminal(
  "interactive console shows text of a peer without letting it drive the terminal",
  async (pty) => {
    await enter(pty, 'const s = await listen("memory://escape", { dialect: "lines" })', "listening");
    await enter(pty, "const c = await connect('memory://escape', { dialect: 'lines' })", "c connected");
    await enter(
      pty,
      "s.broadcast('\\x1b]0;owned\\x07\\x1b[2J\\u202eevil')",
      /\\x1b\]0;owned\\x07\\x1b\[2J\\u202eevil/,
    );
    assert(!pty.output.includes("\x1b]0;"));
  },
);

Deno.test("interactive console keeps history in a private file, written before evaluation", {
  ignore: !ptyAvailable,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const env = { PARLEY_HISTORY: `${folder}/history` };
    {
      await using pty = await consoleAt({ env });
      await enter(pty, "const kept = 1", /kept = 1\n> $/);
      await enter(pty, "Deno.exit(3)");
      assert.equal(await pty.exited(), 3);
    }
    assert.equal((await Deno.stat(env.PARLEY_HISTORY)).mode! & 0o777, 0o600);
    await using pty = await consoleAt({ env });
    pty.press("Up");
    await pty.waitFor(/> Deno\.exit\(3\)$/);
    pty.press("Up");
    await pty.waitFor(/> const kept = 1$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("two consoles talk, one is killed, and the other's session runs again as a script", {
  ignore: !ptyAvailable,
  timeout: 60_000,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const a = await consoleAt({ cwd: folder });
    await using b = await consoleAt({ cwd: folder });
    await enter(a, 'const s = await listen("tcp://127.0.0.1:0")', "s listening on");
    const address = /listening on (tcp:\S+)/.exec(a.screen())![1];
    await enter(a, 's.onRequest("time", () => 1234567)');
    await enter(a, 's.onAction("led", (call, on) => console.log("led is", on))', /on\)\)\n> $/);
    await enter(b, `const c = await connect("${address}")`, "c connected to");
    await enter(b, 'await c.request("time")', /^1234567\n> $/m);
    await enter(b, 'await c.action("led", true)');
    await a.waitFor(/^led is true$/m);
    await enter(b, 'await c.request("tiem")', /RemoteError \[not_found\]: Request "tiem" to tcp/);
    await enter(b, ".save demo.ts", /Saved demo\.ts \(\d+ lines, 1 failed input left out\)/);

    const again = await runParley(["run", "demo.ts"], "", { cwd: folder });
    assert.deepEqual([again.stdout, again.stderr, again.code], ["1234567\n", "", 0]);

    a.kill("SIGKILL");
    await a.exited();
    await a.close();
    await b.waitFor(/c - tcp:\S+ closed the link/);
    await enter(b, 'await c.send("x")', /\[not_connected\].*the link is down/);
    await enter(b, "1 + 1", /^2\n> $/m);
    const alone = await runParley(["run", "demo.ts"], "", { cwd: folder });
    assert.equal(alone.code, 3);
    assert.match(alone.stderr, /^parley: BrokenError \[refused\]/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("interactive console ends when Ctrl-C goes on unanswered in code that cannot be stopped", {
  ignore: !ptyAvailable,
  timeout: 60_000,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/stuck.ts`, "console.log('stuck'); while (true) {}");
    await using pty = await consoleAt({ cwd: folder });
    await enter(pty, "await new Promise((r) => setTimeout(r, 99)); await import('./stuck.ts')", /^stuck$/m);
    const pressing = setInterval(() => pty.press("Ctrl-C"), 250);
    await pty.waitFor("Ended: what runs cannot be stopped.");
    clearInterval(pressing);
    assert.equal(pty.cooked, true);
    assert.notEqual(await pty.exited(), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
