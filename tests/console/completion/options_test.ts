import assert from "node:assert/strict";
import { dialects } from "../../../mod.ts";
import { CompletingConsole } from "./completing_console.ts";

Deno.test("option names are completed with what they are, those of the function only", async () => {
  await using world = new CompletingConsole();
  const listen = await world.list('listen("tcp://:0", { ');
  assert.match(listen.maxPeers!, /How many peers may be connected at once/);
  assert.ok("onReceive" in listen && "overflow" in listen);
  assert.ok(!("reconnect" in listen), "servers do not reconnect");
  assert.ok(!("baudRate" in listen), "no line settings on TCP");
  assert.deepEqual(await world.texts('await connect("tcp://x:1", { rec'), ["reconnect: "]);
  assert.deepEqual(await world.texts('await connect("tcp://x:1", { rec|: 1 })'), ["reconnect"]);
  assert.ok(
    !(await world.texts('connect("a", { dialect: "raw", ')).includes("dialect: "),
    "it is written already",
  );
  assert.ok(!(await world.texts('connect("a", { | , payload: "text" })')).includes("payload: "));
});

Deno.test("options of a dialect are offered where that dialect is spoken", async () => {
  await using world = new CompletingConsole();
  const own = new Map(
    Object.entries(dialects).map(([name, { options = {} }]) => [name, Object.keys(options)]),
  );
  const all = new Set([...own.values()].flat());
  for (const [name, taken] of own) {
    const offered = (await world.texts(`connect("tcp://x:1", { dialect: "${name}", `)).map((each) =>
      each.slice(0, -2)
    );
    assert.deepEqual(offered.filter((each) => all.has(each)).sort(), [...taken].sort(), name);
  }
  const serial = await world.texts('serial("ttyUSB0", { ');
  assert.ok(
    serial.includes("newline: ") && serial.includes("baudRate: "),
    "the dialect of serial ports is lines",
  );
  assert.ok(!serial.includes("whoami: "));
  assert.ok(!(await world.texts('connect("tcp://x:1", { codec: lines(), ')).includes("newline: "));
  assert.ok((await world.texts('connect("serial:ttyUSB0", { ')).includes("parity: "));
});

Deno.test("nested options and the options of methods are completed", async () => {
  await using world = new CompletingConsole();
  assert.deepEqual(await world.texts('listen("tcp://:0", { limits: { requ'), ["requestMs: "]);
  assert.deepEqual(await world.texts('connect("tcp://:0", { reconnect: { '), [
    "minMs: ",
    "maxMs: ",
    "attempts: ",
  ]);
  await world.input('var taking = createClient("memory://taking")');
  assert.deepEqual(await world.texts('taking.request("x", 1, { k'), ["kwargs: ", "key: "]);
  assert.deepEqual(await world.texts('taking.send("x", { a'), ["ack: "]);
  assert.deepEqual(
    await world.texts('taking.request("x", 1, { res'),
    ["resend: "],
    "a dialect has one of that name, too",
  );
  assert.deepEqual(await world.texts('taking.onRequest("x", (call) => call.peer.send("x", { a'), ["ack: "]);
  assert.deepEqual(await world.texts('taking.request("x", { k'), [], "the arguments are the user's");
  for (
    const line of ["({ dia", "unheardOf({ dia", 'connect("a", { onReceive: (m) => { dia', "if (x) { dia"]
  ) {
    assert.deepEqual(await world.texts(line), ["dialects"], `${line}: a name, and no option`);
  }
});

Deno.test("the values of options are completed, in quotes where they are texts", async () => {
  await using world = new CompletingConsole();
  const names = await world.list('connect("a", { dialect: ');
  assert.deepEqual(Object.keys(names), Object.keys(dialects).map((name) => `"${name}"`));
  assert.equal(names['"leads"'], dialects.leads.about);
  assert.deepEqual(await world.texts("connect('a', { dialect: 'cl"), ["clever-show'"]);
  assert.deepEqual(await world.texts("connect('a', { overflow: 'dr|' })"), ["drop-oldest"]);
  assert.deepEqual(await world.texts("connect('a', { payload: "), ['"text"', '"bytes"']);
  assert.deepEqual(await world.texts("connect('a', { reconnect: t"), ["true"]);
  assert.deepEqual(await world.texts('connect(\'a\', { dialect: "lines", newline: "\\r'), ["\\r\\n", "\\r"]);
  const codecs = await world.list("connect('a', { codec: ");
  assert.match(codecs["slip()"]!, /END/);
  assert.ok("cobs()" in codecs && "lengthPrefix()" in codecs && !("connect()" in codecs));
  assert.deepEqual(await world.texts('serial("x").pulse("d'), ['dtr"'], "arguments that are texts, too");
});

Deno.test("the keys of an object are completed between brackets, without running getters", async () => {
  await using world = new CompletingConsole();
  assert.deepEqual(await world.texts('codecs["length-prefix-'), ["length-prefix-2", "length-prefix-1"]);
  assert.deepEqual(await world.texts('codecs["nu'), ['nul"']);
  await world.input('var keyed = { "drone-3": 1, get "drone-4"() { throw new Error("ran") }, \'a"b\': 2 }');
  assert.deepEqual(await world.texts('keyed["drone-'), ["drone-3", "drone-4"]);
  assert.deepEqual(await world.texts('keyed["a'), ['a\\"b"']);
  assert.deepEqual(await world.texts('nothing["a'), []);
});

Deno.test("names of Parley are told with what they are, once the text is loaded", async () => {
  await using world = new CompletingConsole();
  await world.at('connect("a", { limits: { requ');
  assert.match((await world.list("createSer")).createServer!, /A server that is not bound yet/);
  await world.input('var told = createClient("memory://told")');
  assert.match((await world.list("told.as")).ask!, /Sends one message/);
});
