import assert from "node:assert/strict";
import { Pty, ptyAvailable, type PtyOptions } from "../pty.ts";
import { consoleAt, parley } from "./program.ts";

/** A test at a terminal: a console with a server `s` that answers, and a client `c` of it. */
function atTheTerminal(name: string, test: (pty: Pty) => Promise<void>, options?: PtyOptions): void {
  Deno.test(`views at a terminal: ${name}`, { ignore: !ptyAvailable, timeout: 60_000 }, async () => {
    await using pty = await consoleAt(options);
    await enter(
      pty,
      'const s = await listen("memory://v", { dialect: "lines", onReceive: (m, peer) => m === "hi" && peer.send("HI") })',
      "s listening on",
    );
    await enter(
      pty,
      'const c = await connect("memory://v", { dialect: "lines", onReceive: () => {} })',
      "c connected",
    );
    await test(pty);
  });
}

async function enter(pty: Pty, line: string, shows: string | RegExp): Promise<void> {
  pty.type(`${line}\r`);
  await pty.waitFor(shows);
}

atTheTerminal(
  "a value stands beside the time that its answer took, at the right edge or behind",
  async (pty) => {
    await enter(pty, 'await c.ask("hi")', /^"HI" {60,}[\d.]+ ms\n> $/m);
    const [row] = /^"HI" .*ms$/m.exec(pty.screen())!;
    assert.equal(row.length, 79);
    await enter(pty, 'await c.ask("hi") + "x".repeat(90)', /^"HIx{90}" {2}[\d.]+ ms$/m);
    await enter(
      pty,
      '[await c.ask("hi"), await c.ask("hi")]',
      /^\[ "HI", "HI" \] +2 answers, median [\d.]+ ms\n> $/m,
    );
    await enter(pty, "1 + 1", /^2\n> $/m);
    assert.doesNotMatch(pty.screen(), /c [<>]/, "what was asked is not shown");
    await enter(pty, 'await c.ask("hi"); 2 + 1', /c > "hi"\n.*s < [^]*c < "HI"\n3\n> $/m);
  },
);

atTheTerminal("colours are at a terminal, and the peer brings none of its own", async (pty) => {
  await enter(pty, 'await c.ask("hi")', /^"HI" +[\d.]+ ms\n> $/m);
  // deno-lint-ignore no-control-regex
  assert.match(pty.output, /\x1b\[2m[\d.]+ ms\x1b\[22m/);
  await enter(pty, "s.broadcast('\\x1b[41mred') && 0", /c < "\\x1b\[41mred"/);
  // deno-lint-ignore no-control-regex
  assert.match(pty.output, /\x1b\[36mc\x1b\[39m \x1b\[32m<\x1b\[39m/);
  assert(!pty.output.includes("\x1b[41m"));
}, { env: { NO_COLOR: "" } });

atTheTerminal("raw by explicit choice lets a peer drive the terminal, and nothing else does", async (pty) => {
  await enter(pty, ".format raw", /Raw: what a peer sends can now drive this terminal/);
  await enter(pty, "s.broadcast('\\x1b[1mbold\\x1b[0m and plain') && 0", /c < bold and plain/);
  assert(pty.output.includes("\x1b[1mbold"));
  await enter(pty, ".format js", "Messages are shown as js.");
  await enter(pty, "s.broadcast('\\x1b[3mitalic') && 0", /c < "\\x1b\[3mitalic"/);
  assert(!pty.output.includes("\x1b[3m"));
});

atTheTerminal(".links changes while it is looked at, and stays", async (pty) => {
  await enter(pty, "const t = setInterval(() => s.broadcast('tick'), 20); void 0", /> $/);
  await enter(pty, ".watch off", "not shown");
  await enter(pty, ".links", /^c +client .* [\d.]+k?\/\d+ .*[▁▂▃▄▅▆▇█]+/m);
  const count = () => Number(/^c +client +\S+ +lines +open +1 +(\d+)/m.exec(pty.screen())?.[1]);
  const before = count();
  await pty.until(() => count() > before, "more messages");
  await pty.waitFor("(any key ends this)");
  pty.press("Enter");
  await pty.waitFor(/^c +client .*\n> $/m);
  await enter(pty, "clearInterval(t)", /> $/);
});

atTheTerminal(".ping shows what there is so far when Ctrl-C ends it, and goes by itself", async (pty) => {
  await enter(pty, ".ping c 2 hi", /^memory:\/\/v +2 of 2 +0 .*\n[^]*█ [12]\n> $/m);
  await enter(pty, ".ping c 100000 hi", /^memory:\/\/v +[2-9] of 100000 +0 [^]*█[^]*any key ends this/m);
  pty.press("Ctrl-C");
  await pty.waitFor(/^memory:\/\/v +\d+ of 100000 +0 [^]*█.*\n> $/m);
  await enter(pty, "1 + 1", /^2\n> $/m);
});

atTheTerminal("plot draws until a key is pressed, or until the link closes", async (pty) => {
  await enter(pty, "let n = 0; const t = setInterval(() => s.broadcast(`${n++},x`), 5); void 0", /> $/);
  await enter(pty, ".watch off", "not shown");
  await enter(
    pty,
    'await plot(c, (m) => m.split(",")[0], { names: ["count\\x1b"], seconds: 5 })',
    /count\\x1b {2}\d+[^]*┤[^]*[⠁-⣿][^]*└-5 s─+[^]*now\n\(any key/,
  );
  pty.press("Enter");
  await pty.waitFor(/now\n> $/);
  await enter(
    pty,
    "await plot(c, (m) => m.rpm)",
    /^No number in "\d+,x": rpm is undefined; pick one, as in \(m\) => m\.split\(","\)\[1\]\n\(any key/m,
  );
  pty.press("Enter");
  await pty.waitFor(/split\(",.*\n> $/);
  await enter(pty, "clearInterval(t); setTimeout(() => c.close(), 300); await plot(c)", /any key ends this/);
  await pty.waitFor(/was closed here\n[^]*> $/);
  await enter(pty, "1 + 1", /^2\n> $/m);
});

atTheTerminal(
  "a flood is counted on the screen and whole in the log, and the line being typed is untouched",
  async (pty) => {
    const folder = await Deno.makeTempDir();
    try {
      await enter(pty, `.log ${folder}/flood.log`, "Logging to");
      await enter(
        pty,
        "for (let i = 0; i < 5000; i++) s.broadcast('line ' + i); 0",
        /more lines not shown, see \S+flood\.log/,
      );
      pty.type("still here");
      await pty.waitFor(/> still here$/);
      pty.press("Ctrl-U");
      await enter(pty, " const secret = 1", /secret = 1\n> $/);
      await enter(pty, ".log off", "The log is");
      const log = await Deno.readTextFile(`${folder}/flood.log`);
      for (const arrow of ["s > memory://v#client", "c <"]) {
        const numbers = log.split("\n").flatMap((line) =>
          line.includes(arrow) ? /line (\d+)"$/.exec(line)?.[1] ?? [] : []
        );
        assert.deepEqual(numbers.map(Number), Array.from({ length: 5000 }, (_, index) => index));
      }
      assert(!log.includes("secret"));
      assert((pty.scrollback().match(/c < "line/g)?.length ?? 0) < 2000);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

atTheTerminal("a regular expression that would take for ever leaves the prompt usable", async (pty) => {
  await enter(pty, ".filter /^(a+)+$/", "is shown.");
  await enter(
    pty,
    "s.broadcast('a'.repeat(60) + '!') && 0",
    /\.filter is off: \S+ has taken more than 250 ms/,
  );
  await enter(pty, ".find /^(a+)+$/", /Given up: \S+ has taken more than 2,000 ms for \d+ messages/);
  await enter(pty, "1 + 1", /^2\n> $/m);
});

Deno.test("plot in a script at a terminal is drawn over itself, and the terminal is as before", {
  ignore: !ptyAvailable,
  timeout: 60_000,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const mod = new URL("../../mod.ts", import.meta.url).href;
    await Deno.writeTextFile(
      `${folder}/plot.ts`,
      `import { connect, listen, plot } from ${JSON.stringify(mod)};
const s = await listen("memory://plot");
const c = await connect("memory://plot");
let n = 0;
const timer = setInterval(() => s.broadcast({ rpm: n++, text: "\\x1b[2J" }), 10);
setTimeout(() => c.close(), 900);
await plot(c, (m) => m.rpm, (m) => m.text, { seconds: 5 });
clearInterval(timer);
await s.close();
console.log("after the plot");`,
    );
    await using pty = Pty.run(parley("run", `${folder}/plot.ts`), {
      columns: 60,
      rows: 24,
      env: { NO_COLOR: "1" },
    });
    await pty.waitFor("after the plot");
    assert.match(
      pty.screen(),
      /^ +rpm {2}\d+ {2}\([\d,]+ to \d+\)\n[^]*[⠁-⣿][^]*└-5 s─+.*now\nafter the plot$/,
    );
    assert.equal(pty.scrollback().match(/└-5 s/g)?.length, 1);
    assert.equal(await pty.exited(), 0);
    assert.equal(pty.cooked, true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
