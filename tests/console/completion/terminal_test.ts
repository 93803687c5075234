import assert from "node:assert/strict";
import { type Pty, ptyAvailable, type PtyOptions } from "../../pty.ts";
import { consoleAt } from "../program.ts";

/** A test at a terminal: the console with its first prompt. */
function atTheTerminal(name: string, test: (pty: Pty) => Promise<void>, options: PtyOptions = {}): void {
  Deno.test(`at the terminal ${name}`, { ignore: !ptyAvailable, timeout: 60_000 }, async () => {
    await using pty = await consoleAt(options);
    await test(pty);
  });
}

/** Types a line, sends it, and waits for what it shows. */
async function enter(pty: Pty, line: string, shows: string | RegExp): Promise<void> {
  pty.type(line);
  pty.press("Enter");
  await pty.waitFor(shows);
}

atTheTerminal("a flood of events leaves the line, the cursor and the open list as they are", async (pty) => {
  await enter(pty, 'const s = await listen("memory://busy", { dialect: "lines" })', "listening");
  await enter(pty, 'const c = await connect("memory://busy", { dialect: "lines" })', "c connected");
  await enter(
    pty,
    "let n = 0; void setInterval(() => { for (let i = 0; i < 50; i++) s.broadcast(`tick ${n++}`) }, 5)",
    /c < "tick/,
  );
  pty.type('connect("x", { overflow: "');
  pty.press("Tab", "Tab");
  const line = '> connect("x", { overflow: "';
  const list = "block        drop-oldest  close";
  const isOpen = () => pty.screen().split("\n").slice(-2).join("|") === `${line}|${list}`;
  await pty.until(isOpen, "the open list below the line");
  const tick = () =>
    Math.max(...[...pty.screen().matchAll(/"tick (\d+)"/g)].map(([, number]) => Number(number)));
  for (let more = 0; more < 8; more++) {
    const before = tick();
    await pty.until(() => tick() > before, "more ticks");
    await pty.until(
      () => isOpen() && pty.cursor.column === line.length,
      "the list, the line and the cursor as they were",
    );
    assert.equal(
      pty.screen().split(list).length,
      2,
      "the list is there once, and no part of it is left above",
    );
  }
  pty.type("dr");
  await pty.until(() => pty.screen().endsWith(`${line}dr`), "the list closed by the next key");
  pty.press("Tab");
  await pty.until(
    () => pty.screen().endsWith(`${line}drop-oldest"`),
    "the value put in, and the string closed",
  );
});

atTheTerminal(
  "the handlers of a peer are listed with what they are, and any name of theirs stays a name",
  async (pty) => {
    await enter(pty, 'const s = await listen("tcp://127.0.0.1:0")', "listening");
    const evil = '"); globalThis.hacked = true; ("\\n\\x1b[2J';
    await enter(
      pty,
      `const evil = ${JSON.stringify(evil)}.replace("\\\\n", "\\n").replace("\\\\x1b", "\\x1b"); evil.length`,
      /^37\n> $/m,
    );
    await enter(
      pty,
      's.onRequest(evil, () => "still a name"); s.onRequest("time", (call, zone) => 1, { description: "of day" })',
      /day" \}\)\n> $/,
    );
    await enter(pty, "const c = await connect(s.address)", "c connected");
    pty.type('await c.request("');
    pty.press("Tab", "Tab");
    await pty.waitFor(
      /> await c\.request\("\n"\); globalThis\.hacked = true; \("\\n\\x1b\[2J\(\)\ntime\(zone\) +of day$/,
    );
    pty.type('\\"');
    pty.press("Tab");
    await pty.waitFor(/\\n\\x1b\[2J"$/);
    pty.type(")");
    pty.press("Enter");
    await pty.waitFor(/^"still a name" +[\d.]+ ms\n> $/m);
    await enter(pty, "typeof hacked", /^"undefined"\n> $/m);
    assert.doesNotMatch(pty.output, /request \(\)/, "asking for the handlers shows no traffic");
  },
);

atTheTerminal("an open list stands the resizing of the terminal", async (pty) => {
  pty.type('connect("x", { limits: { ');
  pty.press("Tab", "Tab");
  await pty.waitFor(/\nmaxFrameBytes +[^]*idleMs$/);
  for (const [columns, rows] of [[40, 24], [100, 12], [120, 40]]) {
    pty.resize(columns, rows);
    await pty.until(() => {
      const [, list = ""] = pty.screen().split("limits: {");
      return /maxFrameBytes/.test(list) && list.trim().split("\n").every((row) => row.length < columns);
    }, `the list at ${columns} columns`);
  }
  pty.press("Ctrl-C");
  await pty.until(() => /\^C\n> $/.test(pty.screen()), "the line given up, and the list gone");
});

atTheTerminal("a dot-command is never mistaken for code, nor code for a command", async (pty) => {
  await enter(pty, ".5 + 1", /^1\.5\n> $/m);
  await enter(pty, ".watch off", /not shown as they come/);
  pty.paste("[3, 1, 2]\n.toSorted()\n.map((n) => n * 2)");
  pty.press("Enter");
  await pty.waitFor(/^\[ 2, 4, 6 \]\n> $/m);
  pty.paste("`\n.exit\n`.length");
  pty.press("Enter");
  await pty.waitFor(/^7\n> $/m);
  await enter(pty, "const exit = 1, help = 2, links = 3; exit + help + links", /^6\n> $/m);
  await enter(pty, ".exits", /No command "\.exits"; did you mean "\.exit"\?/);
  await enter(pty, ".links()", /SyntaxError/);
  await enter(pty, "1 + 1", /^2\n> $/m);
});

atTheTerminal(
  "a question about a name is answered, and a condition goes on in the next line",
  async (pty) => {
    await enter(pty, "connect?", /^connect\(address[^]*Example:/m);
    pty.press("Ctrl-L");
    await enter(pty, "const ready = true", /ready = true\n> $/);
    await enter(pty, "ready ?", /ready \?\n… $/);
    await enter(pty, "'yes' : 'no'", /^"yes"\n> $/m);
    await enter(pty, "ready?", /^ready: boolean\n> $/m);
  },
  { rows: 60 },
);

atTheTerminal(".help fits the screen with the line it was typed in and the next prompt", async (pty) => {
  await enter(pty, ".help", /Ctrl-C stops what runs\.\n> $/);
  assert.match(pty.screen(), /^> \.help\nType TypeScript/m);
}, { columns: 80, rows: 24 });

atTheTerminal("a list is text where nothing can be written over", async (pty) => {
  pty.type('connect("x", { overflow: "');
  pty.press("Tab", "Tab");
  await pty.waitFor(/block +drop-oldest +close\n> connect\("x", \{ overflow: "$/);
  pty.type("c");
  pty.press("Tab");
  await pty.waitFor(/overflow: "close"$/);
}, { env: { TERM: "dumb" } });
