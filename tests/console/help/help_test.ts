import assert from "node:assert/strict";
import * as parley from "../../../mod.ts";
import { commands } from "../../../src/console/commands/table.ts";
import { promptExample } from "../../../src/console/help/entry_page.ts";
import { Reference } from "../../../src/console/reference/reference.ts";
import { Syntax } from "../../../src/console/evaluator/syntax.ts";
import { CompletingConsole } from "../completion/completing_console.ts";
import { runParley } from "../program.ts";

/** What the console shows of these inputs. */
async function shown(...inputs: string[]): Promise<string> {
  await using world = new CompletingConsole();
  await world.input(...inputs);
  return world.shown.join("\n");
}

Deno.test("every name that Parley exports has a page that says what it is", async () => {
  await using world = new CompletingConsole();
  for (const name of Object.keys(parley)) {
    world.shown.length = 0;
    await world.input(`.help ${name}`);
    assert.match(world.shown.join("\n"), new RegExp(`\\b${name}\\b[^]*\n\n {2}[A-Z\`]`), name);
  }
});

Deno.test("help for a function has its signature, what it does, its options with defaults, and an example", async () => {
  const page = await shown("listen?");
  assert.match(
    page,
    /^listen\(address: string, options\?: ServerOptions<Server> & SerialOptions\):\s+Promise<Server>$/m,
  );
  assert.match(page, /^ {2}Listens on `address`/m);
  assert.match(page, /^ {2}maxPeers +1024 +How many peers/m);
  assert.match(page, /^ {2}overflow +"block" /m);
  assert.match(page, /^Example:\n[^]*await using server = await listen/m);
  assert.equal(await shown("?listen"), page);
  assert.equal(await shown(".help listen"), page);
  assert.equal(await shown(".help listen()"), page);
  assert.doesNotMatch(page, /import \{ connect/, "all of Parley is there without an import");
});

Deno.test("help knows members, options, types and values by any way to write them", async () => {
  const cases: [string, RegExp][] = [
    ["Peer.ask?", /^ask<Answer = any>\(message: unknown[^]*\(of Peer: Peer\? tells of all of it\)/],
    ["unknownLink.ask?", /^ask<Answer/],
    ["ask?", /^ask<Answer/],
    [
      "requestMs?",
      /^number\n\n {2}How long `request` waits for its answer, in milliseconds. Default 30,000\.[^]*of Limits/,
    ],
    ["connect.reconnect?", /^boolean \| ReconnectOptions\n[^]*maxMs +15,000/],
    ["baudRate?", /Bits a second/],
    ["Overflow?", /^type Overflow = "block" \| "drop-oldest" \| "close"/],
    ["Limits?", /^interface Limits\n[^]*idleMs +Infinity/],
    [".help .save", /^\.save file\.ts/],
    [".help save?", /^\.save file\.ts/],
  ];
  for (const [input, page] of cases) assert.match(await shown(input), page, input);
});

Deno.test("help for something of the user's own says what it is and runs nothing of it", async () => {
  const made =
    "var helpRan = 0; var helped = { get deep() { helpRan++; return 1 }, list: [1, 2], add: (a: number, b = 2) => a + b }";
  assert.equal(await shown(made, "helped?"), "helped: an object; Tab behind a dot lists what is in it");
  assert.equal(await shown(made, "helped.list?"), "helped.list: a list of 2");
  assert.equal(await shown(made, "helped.add?"), "helped.add: a function: (a, b = 2)");
  assert.equal(
    await shown("var evil = (a = '\x1b[2J') => a; void evil", "evil?").then((text) => text.includes("\x1b")),
    false,
  );
  await using world = new CompletingConsole();
  await assert.rejects(world.input(made, "helped.deep?"), /Nothing is known of "helped\.deep"/);
  assert.equal(Reflect.get(globalThis, "helpRan"), 0);
});

Deno.test("help for a link tells where it leads and what can be called there", async () => {
  await using served = await parley.listen("memory://helped");
  served.onRequest("set\x1b[2J", (_call, _volts: number) => 0, { description: "sets \x1b]0;the output" });
  served.onAction("off", () => {});
  const make = 'var helping = await connect("memory://helped")';
  const page = await shown(make, "helping?");
  assert.match(page, /^helping: Client\. /m);
  assert.match(
    page,
    /^memory:\/\/helped, native, open\nRequests over there:\n {2}set\\x1b\[2J\(_volts\) {2}sets \\x1b\]0;the output\nActions over there:\n {2}off\(\)$/m,
  );
  assert.match(await shown(make, "helping.request?"), /^request<[^]*Requests over there:\n {2}set/m);
  assert.doesNotMatch(await shown(make, "helping.request?"), /Actions over there/);
  assert.match(
    await shown('var helper = await listen("memory://x1", { dialect: "lines" })', "helper?"),
    /^memory:\/\/x1, lines, listening, 0 peers$/m,
  );
});

Deno.test("help for what nobody knows names what is near", async () => {
  await using world = new CompletingConsole();
  await assert.rejects(world.input("lisen?"), /Nothing is known of "lisen"; did you mean "listen"\?/);
  await assert.rejects(world.input(".help svae"), /did you mean "\.save"\?/);
  await assert.rejects(world.input(".help 1+1"), /Nothing is known of "1\+1"; \.help shows what there is/);
});

Deno.test("every example of Parley's own names runs as it is shown at the prompt", async () => {
  const reference = await Reference.load();
  const examples = reference.names.flatMap((name) => {
    const entry = reference.entry(name)!;
    return [entry, ...Object.values(entry.members ?? {})].flatMap(({ example }) => example ?? []);
  });
  assert.ok(examples.length > 30);
  // Names in memory are those of one process: two examples that use the same one need a console each.
  const sessions: string[][] = [];
  for (const example of examples) {
    const names = example.match(/memory:\/\/[\w-]+/g) ?? [];
    const free = sessions.find((session) =>
      names.every((name) => !session.some((other) => other.includes(`${name}"`)))
    );
    if (free === undefined) sessions.push([example]);
    else free.push(example);
  }
  for (const session of sessions) {
    const { stderr, code } = await runParley(
      ["console", "--quiet"],
      `${session.map(promptExample).join("\n")}\n`,
    );
    assert.equal(stderr, "");
    assert.equal(code, 0);
  }
});

/** Commands whose examples need a device or a recording, or end the session. */
const apart = ["replay", "ports", "dtr", "rts", "break", "exit"];

Deno.test("every example of a dot-command can be typed, and runs where no device is needed", async () => {
  const syntax = await Syntax.load();
  const inputs: string[] = [];
  for (const { name, help } of commands) {
    const example = /^Example:\n((?: {2}.+\n?)+)/m.exec(help)?.[1];
    assert.ok(example !== undefined, `.help ${name} has an example`);
    const lines = example.trimEnd().split("\n").map((line) => line.trim())
      .filter((line) => !line.startsWith("then, in a shell:"));
    for (const line of lines) {
      const command = /^\.(\w+)/.exec(line)?.[1];
      if (command === undefined) syntax.parseInput(line);
      else assert.ok(commands.some((each) => each.name === command), `${line} is a command`);
    }
    if (!apart.includes(name)) inputs.push(...lines);
  }
  const cwd = await Deno.makeTempDir();
  try {
    const made = ['const s = await listen("tcp://127.0.0.1:0")', "const c = await connect(s.address)"];
    const { stderr, code } = await runParley(["console"], [...made, ...inputs].join("\n"), { cwd });
    assert.doesNotMatch(stderr, /Error|Cannot|No command/);
    assert.equal(code, 0);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("help of a peer that cannot list its handlers says of what was called how it is known, and no more", async () => {
  const { stderr } = await runParley(
    ["console"],
    [
      'const show = await listen("memory://learned", { dialect: "clever-show" })',
      'show.onRequest("battery", () => 14.1)',
      'const drone = await connect("memory://learned", { dialect: "clever-show" })',
      "drone?",
      'await drone.request("battery")',
      "drone?",
    ].join("\n") + "\n",
  );
  assert.equal(stderr.match(/nothing was called yet/g)?.length, 1, stderr);
  assert.match(
    stderr,
    /Requests over there:\n {2}battery {2}answered before\n\(clever-show peers cannot list[^\n]*past traffic\)\n/,
  );
});
