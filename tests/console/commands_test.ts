import assert from "node:assert/strict";
import { runParley } from "./program.ts";

/** Feeds the program, by default the console, in an empty folder with these files, and returns what came of it and the folder's text files. */
async function inFolder(lines: string[], files: Record<string, string> = {}, args = ["console"]) {
  const cwd = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${cwd}/${name}`, text);
    const ended = await runParley(args, lines.join("\n") + "\n", { cwd });
    const found: Record<string, string> = {};
    for await (const { name } of Deno.readDir(cwd)) found[name] = await Deno.readTextFile(`${cwd}/${name}`);
    return { ...ended, files: found };
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test(".help shows every command on one screen, and one of them with an example", async () => {
  const { stderr, code } = await inFolder([".help", ".help save"]);
  for (const name of ["help", "links", "watch", "save", "load", "run", "history", "exit"]) {
    assert.match(stderr, new RegExp(` \\.${name}\\b`));
  }
  assert.match(stderr, /\.save file\.ts \[--force\]\n[\s\S]*Example:\n {2}\.save demo\.ts/);
  assert(stderr.split("\n").indexOf(".save file.ts [--force]") <= 24, "the page fits a screen of 24 rows");
  assert.equal(code, 0);
});

Deno.test("the examples that .help shows run", async () => {
  const { stderr, code } = await inFolder([
    'const s = await listen("tcp://127.0.0.1:0", { onReceive: (m, peer) => peer.send(m) })',
    's.onRequest("time", () => Date.now())',
    "const c = await connect(s.address)",
    'await c.request("time")',
    'await c.send("hello")',
    "await c.close()",
    ".help save",
    ".links",
    ".watch off",
    ".save demo.ts",
    ".load demo.ts",
    ".run demo.ts",
    ".history connect",
    ".exit",
    "this is never read",
  ]);
  assert.doesNotMatch(stderr, /Error|Cannot/);
  assert.equal(code, 0);
});

Deno.test(".links shows a table of all links with what they have carried", async () => {
  const { stderr } = await inFolder([
    ".links",
    'const s = await listen("memory://table", { dialect: "lines", onReceive: (m, peer) => m === "two" && peer.send(m) })',
    'const c = await connect("memory://table", { dialect: "lines" })',
    'await c.send("one")',
    'await c.ask("two")',
    ".links",
    "await s.close()",
    ".links",
  ]);
  assert.match(stderr, /No links\. await connect\(address\) or listen\(address\) makes one\./);
  assert.match(
    stderr,
    /^name\s+kind\s+address\s+dialect\s+state\s+peers\s+in\s+out\s+age\s+bytes in\/out\s+answers$/m,
  );
  assert.match(stderr, /^s\s+server\s+memory:\/\/table\s+lines\s+listening\s+1\s+2\s+1\s+\d+ s\s+8\/4$/m);
  assert.match(
    stderr,
    /^c\s+client\s+memory:\/\/table\s+lines\s+open\s+1\s+1\s+2\s+\d+ s\s+4\/8\s+[\d.]+ ms$/m,
  );
  assert.match(stderr, /^s\s+server\s+memory:\/\/table\s+lines\s+stopped\s+0\s+2\s+1/m);
});

Deno.test(".save leaves failed lines out, keeps an existing file, and what it saved runs with the same output", async () => {
  const { files, stdout, stderr } = await inFolder([
    'const s = await listen("tcp://127.0.0.1:0", { dialect: "lines", onReceive: (m, peer) => peer.send(m.toUpperCase()) });',
    'const c = await connect(s.address, { dialect: "lines" });',
    "nonsense()",
    'await c.ask("hello")',
    "let n = 1",
    "let n = 2; n",
    ".save demo.ts",
    ".save demo.ts",
    ".save",
  ]);
  assert.equal(stdout, '"HELLO"\n2\n');
  assert.match(stderr, /Saved demo\.ts \(\d+ lines, 1 failed input left out\)/);
  assert.match(stderr, /Cannot save: "demo\.ts" exists; \.save demo\.ts --force overwrites it/);
  assert.match(stderr, /the name of the file is missing/);
  assert.doesNotMatch(files["demo.ts"], /nonsense/);
  // Deeper than the temporary folder it was saved in, so that its relative import is proved to be one.
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${cwd}/demo.ts`, files["demo.ts"]);
    const again = await runParley(["run", "demo.ts"], "", { cwd });
    assert.deepEqual([again.stdout, again.stderr, again.code], [stdout, "", 0]);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test(".save keeps links that come back, streams and keys, and the script runs again", async () => {
  const { files, stdout } = await inFolder([
    'const s = await listen("tcp://127.0.0.1:0", { onReceive: () => {} })',
    's.onRequest("count", async function* (_call, last: number) { for (let i = 1; i <= last; i++) yield i })',
    's.onRequest("add", (_call, a: number, b: number) => a + b)',
    "const c = await connect(s.address, { reconnect: { attempts: 3 } })",
    'for await (const part of c.stream("count", 3)) console.log("part", part)',
    'await c.request("add", [1, 2], { key: "once" })',
    "let sum = 0",
    'for await (const part of c.stream("count", 4)) sum += part',
    "sum",
    "await c.send('handled', { ack: true })",
    "(await c.ready) === c",
    "(await c.describe()).length",
    ".save demo.ts",
  ]);
  assert.equal(stdout, "part 1\npart 2\npart 3\n3\n10\ntrue\n2\n");
  const again = await inFolder([], { "demo.ts": files["demo.ts"] }, ["run", "demo.ts"]);
  assert.deepEqual([again.stdout, again.stderr, again.code], [stdout, "", 0]);
});

Deno.test(".load replays a saved script into the session, each statement with its result", async () => {
  const saved = await inFolder([
    'const s = await listen("tcp://127.0.0.1:0", { dialect: "lines", onReceive: (m, peer) => peer.send(m.toUpperCase()) });',
    'const c = await connect(s.address, { dialect: "lines" });',
    'await c.ask("hello")',
    ".save demo.ts",
  ]);
  const { stdout, stderr, code } = await inFolder([
    ".load demo.ts",
    'await c.ask("again")',
    "s.peers.size",
    ".links",
  ], {
    "demo.ts": saved.files["demo.ts"],
  });
  assert.equal(stdout, '"HELLO"\n"AGAIN"\n1\n');
  assert.match(stderr, /^> const c = await connect\(s\.address/m);
  assert.match(saved.files["demo.ts"], /await c\.close\(\);\nawait s\.close\(\);\n$/);
  assert.match(stderr, /Its links are left open/);
  assert.match(stderr, /^c\s+client\s/m, "links made by a loaded script are the session's");
  assert.equal(code, 0);
});

Deno.test(".load stops at the first statement that fails and says where", async () => {
  const { stdout, stderr, code } = await inFolder([".load broken.ts", "a"], {
    "broken.ts": "const a = 1;\n\nnope();\nconst a2 = 2;\n",
  });
  assert.match(stderr, /ReferenceError: nope is not defined/);
  assert.match(stderr, /Stopped loading "broken\.ts" at line 3/);
  assert.equal(stdout, "1\n");
  assert.equal(code, 1);
});

Deno.test(".run runs a file as a module of its own, anew each time", async () => {
  const { stdout, stderr } = await inFolder([".run own.ts", ".run own.ts", "typeof inner", ".run gone.ts"], {
    "own.ts":
      'import { helper } from "./helper.ts";\nconst inner = 1;\nconsole.log("ran", helper);\nexport const answer = 42;\n',
    "helper.ts": "export const helper = true;\n",
  });
  assert.equal(stdout.match(/ran true/g)?.length, 2);
  assert.match(stdout, /answer: 42/);
  assert.match(stdout, /"undefined"/);
  assert.match(stderr, /Cannot run "gone\.ts"/);
});
