import assert from "node:assert/strict";
import { listen } from "../../../mod.ts";
import { CutProxy } from "../cut_proxy.ts";
import { CompletingConsole } from "./completing_console.ts";

Deno.test("the handlers of a native peer are completed with their parameters and descriptions", async () => {
  await using served = await listen("tcp://127.0.0.1:0");
  served.onRequest("set", (_call, _volts: number, _amps = 1) => 0, { description: "sets the output" });
  served.onRequest("settle", () => 0);
  served.onAction("shutdown", () => {});
  await using world = new CompletingConsole();
  await world.input(`var native = await connect(${JSON.stringify(served.address)})`);
  assert.deepEqual(await world.list('await native.request("'), {
    "set(_volts, _amps)": "sets the output",
    "settle()": undefined,
  });
  assert.equal((await world.at('native.request("')).common, "set");
  assert.deepEqual(await world.texts('native.stream("settl'), ['settle"']);
  assert.deepEqual(
    await world.texts("native.request<number>('settl|')"),
    ["settle"],
    "the quote is there already",
  );
  assert.deepEqual(await world.texts("native?.action(`"), ["shutdown`"]);
  assert.deepEqual(await world.texts('native.action("s", "'), [], "only the first argument is a name");
  assert.deepEqual(await world.at("await native.action("), {
    candidates: [{ text: '"shutdown"', label: "shutdown()", about: undefined }],
    start: 20,
    common: '"shutdown"',
  }, "quotes and all where none is typed");
});

Deno.test("asking a peer which handlers it has is not shown among its traffic", async () => {
  await using world = new CompletingConsole();
  await world.input(
    'var quiet = await listen("memory://quiet")',
    'var asker = await connect("memory://quiet")',
  );
  await world.texts('asker.request("');
  await world.input("await asker.send('flush', { ack: true })");
  assert.doesNotMatch(world.shown.join("\n"), /request \(|answer +=\s*\[/);
});

Deno.test("a name of a peer stays a name in the line, whatever it is made of", async () => {
  await using served = await listen("memory://hostile");
  const names = [
    '"); Deno.exit(7); ("',
    "\\",
    "new\nline",
    "\x1b[2J",
    "${process.exit(8)}",
    "`",
    "'",
    "\u2028",
    "\u202eevil",
  ];
  for (const name of names) served.onRequest(name, () => name);
  await using world = new CompletingConsole();
  await world.input('var hostile = await connect("memory://hostile")');
  for (const quote of ['"', "'", "`"]) {
    const { candidates } = await world.at(`hostile.request(${quote}`);
    assert.equal(candidates.length, names.length);
    for (const { text } of candidates) {
      const value = new Function(`return ${quote}${text}${quote};`)();
      assert.ok(names.includes(value), `${quote}${text}`);
      assert.equal(
        (await world.texts(`hostile.request(${quote}${text}`)).length > 0,
        true,
        "and is completed further",
      );
    }
  }
});

Deno.test("ten thousand handlers are completed, and what they have in common is put in", async () => {
  await using served = await listen("memory://many", { limits: { maxFrameBytes: 8 * 1024 * 1024 } });
  for (let index = 0; index < 10_000; index++) served.onRequest(`sensor"${index}`, () => index);
  await using world = new CompletingConsole();
  await world.input(
    'var many = await connect("memory://many", { limits: { maxFrameBytes: 8 * 1024 * 1024 } })',
  );
  let found = await world.at('many.request("s');
  while (found.candidates.length === 0) found = await world.at('many.request("s'); // it may answer after 100 ms
  assert.equal(found.candidates.length, 10_000);
  assert.equal(found.common, 'sensor\\"');
});

Deno.test("a peer that does not answer holds nothing up, and its handlers are there once it does", async () => {
  await using served = await listen("tcp://127.0.0.1:0");
  served.onRequest("time", () => 0);
  await using proxy = new CutProxy(served.address);
  await using world = new CompletingConsole();
  await world.input(`var held = await connect("${proxy.address}", { reconnect: { minMs: 1, maxMs: 5 } })`);
  proxy.hold();
  const { candidates, note } = await world.at('held.request("');
  assert.deepEqual(candidates, []);
  assert.match(note!, /held has not told its handlers yet: Tab asks again/);
  proxy.cut();
  await world.input("await held.ready");
  let texts = await world.texts('held.request("');
  while (texts.length === 0) texts = await world.texts('held.request("');
  assert.deepEqual(texts, ['time"']);
});

Deno.test("after a reconnect the handlers are those of whoever is there now", async () => {
  await using world = new CompletingConsole();
  const first = await listen("memory://reborn");
  first.onRequest("old", () => 1);
  await world.input('var reborn = await connect("memory://reborn", { reconnect: { minMs: 1, maxMs: 5 } })');
  assert.deepEqual(await world.texts('reborn.request("'), ['old"']);
  await first.close();
  await using second = await listen("memory://reborn");
  second.onRequest("new", () => 2);
  await world.input("await reborn.ready");
  let texts = await world.texts('reborn.request("');
  while (texts.length === 0) texts = await world.texts('reborn.request("');
  assert.deepEqual(texts, ['new"']);
});

Deno.test("a peer that keeps its handlers to itself is completed from past traffic, and that is said", async () => {
  await using served = await listen("memory://secret", { discoverable: false });
  served.onRequest("open", () => 1);
  await using world = new CompletingConsole();
  await world.input('var secretive = await connect("memory://secret")', 'await secretive.request("open")');
  const found = await world.at('secretive.request("');
  assert.deepEqual(found.candidates.map(({ label, about }) => [label, about]), [["open", "answered before"]]);
  assert.equal(found.note, "(secretive does not list its handlers: names are from past traffic)");
});

Deno.test("peers that cannot list their handlers are completed from past traffic", async () => {
  await using world = new CompletingConsole();
  await world.input(
    'var fleet = await listen("memory://fleet", { dialect: "clever-show" })',
    'var drone = await connect("memory://fleet", { dialect: "clever-show", whoami: "pi" })',
    'drone.onRequest("selfcheck", () => "ok"); drone.onAction("land", () => {})',
    "while (fleet.peers.size === 0) await new Promise((go) => setTimeout(go, 1))",
    "var [first] = fleet.peers",
  );
  const before = await world.at('first.request("');
  assert.equal(before.note, "(clever-show peers cannot list their handlers: nothing was called yet)");
  await world.input(
    'await first.request("selfcheck")',
    'first.request("selfdestruct").catch(() => {}); 0',
    'await first.action("land")',
  );
  assert.deepEqual(await world.list('first.request("self'), {
    selfcheck: "answered before",
    selfdestruct: "seen",
  });
  assert.deepEqual(await world.texts('first.action("'), ['land"']);
  const through = [
    '[...fleet.peers][0].request("selfc',
    'fleet.onAction("x", (call) => call.peer.request("selfc',
  ];
  for (const line of through) assert.deepEqual(await world.texts(line), ['selfcheck"'], line);
});

Deno.test("a name that a peer has said not to know is not offered", async () => {
  await using served = await listen("memory://unknown", { discoverable: false });
  served.onRequest("known", () => 1);
  await using world = new CompletingConsole();
  await world.input('var unsure = await connect("memory://unknown")', 'await unsure.request("known")');
  await world.input('await unsure.request("knwon").catch(() => {})');
  assert.deepEqual(await world.texts('unsure.request("kn'), ['known"']);
});

Deno.test("what is no link of ours gets no handlers, and its getters do not run", async () => {
  await using world = new CompletingConsole();
  await world.input(
    "var ran = 0; var trap = { get deep() { ran++; return {} }, request() {} }",
    "var proxied = new Proxy({}, { get() { ran++ }, getPrototypeOf() { ran++; return null } })",
  );
  for (const line of ['trap.request("', 'trap.deep.request("', 'proxied.request("', 'request("']) {
    await world.at(line);
  }
  await world.input("var posing = Object.create(Server.prototype, { peers: { get() { ran++ } } }); 0");
  assert.deepEqual(await world.texts("posing.peers."), []);
  assert.equal(Reflect.get(globalThis, "ran"), 0);
});
