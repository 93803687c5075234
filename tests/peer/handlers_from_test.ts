import { connect, Handlers, handlersFrom, listen } from "@parley/parley";
import type { Call, Client, Dialect, DialectName } from "@parley/parley";
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { Seen } from "./seen.ts";

/** A client of a server that serves these handlers. */
async function served(handlers: Handlers): Promise<{ client: Client } & AsyncDisposable> {
  const server = await listen("tcp://127.0.0.1:0", { handlers, onFail: () => {} });
  const client = await connect(server.address);
  return { client, [Symbol.asyncDispose]: async () => void (await client.close(), await server.close()) };
}

/** A folder with one module in it, until the test is done. */
async function withModule(text: string, test: (file: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/given.ts`, text);
    await test(`${folder}/given.ts`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const MODULE = `
  export const units = ["kg", "g"];
  export class Scale {}
  export let volts: number = 0;
  export function add(a: number, b: number = 1): number { return a + b; }
  export async function later(text: string) { await undefined; return text.toUpperCase(); }
  export const who = (call: { peer: { address: string } }, greeting: string) => greeting + " " + call.peer.address;
  export function quiet(_call: unknown, ...rest: number[]) { return rest; }
  export function* count(last: number) { for (let i = 1; i <= last; i++) yield i; }
  export async function* slowly(_call: unknown, last: number) { for (let i = 1; i <= last; i++) yield i * 10; }
  export function set(to: number) { volts = to; }
  export function fail() { throw new RangeError("too much"); }
  export function _inner() { return "secret"; }
  export default { double: (x: number) => x * 2, units, base: 5, based(x: number) { return this.base + x; } };
`;

Deno.test("handlersFrom a file: exported functions answer requests and obey actions of their names", async () => {
  await withModule(MODULE, async (file) => {
    await using pair = await served(await handlersFrom(file));
    const { client } = pair;
    assert.equal(await client.request("add", [1, 2]), 3);
    assert.equal(await client.request("add", [1]), 2);
    assert.equal(await client.request("later", "x"), "X");
    assert.match(await client.request("who", "hello"), /^hello tcp:\/\/127\.0\.0\.1:\d+$/);
    assert.deepEqual(await client.request("quiet", [1, 2]), [1, 2]);
    assert.equal(await client.request("double", 21), 42);
    assert.equal(await client.request("based", 1), 6);
    assert.deepEqual(await Array.fromAsync(client.stream("count", 3)), [1, 2, 3]);
    assert.deepEqual(await Array.fromAsync(client.stream("slowly", 2)), [10, 20]);
    await client.action("set", 5, { ack: true });
    const { volts } = await import(pathToFileURL(file).href);
    assert.equal(volts, 5);
    await assert.rejects(client.request("fail"), { code: "handler_failed", message: /too much$/ });
    for (const name of ["_inner", "Scale", "units", "volts", "default"]) {
      await assert.rejects(client.request(name), { code: "not_found" });
    }
    await assert.rejects(client.action("count", 3, { ack: true }), { code: "not_found" });
  });
});

Deno.test("handlersFrom a file: a function under several names, and the only export of a CommonJS module", async () => {
  await withModule(
    "export const add = (a) => a; export { add as plus, add as 'a b' }; export default { add, sum: add };",
    async (file) =>
      assert.deepEqual((await handlersFrom(file)).names.requests, ["a b", "add", "plus", "sum"]),
  );
  const common = function weigh() {};
  assert.deepEqual(handlersFrom({ "module.exports": common, default: common }).names.requests, ["weigh"]);
});

Deno.test("handlersFrom names the parameters that callers give", async () => {
  await withModule(MODULE, async (file) => {
    const handlers = await handlersFrom(new URL(pathToFileURL(file)));
    const described = handlers.describe().filter(({ kind }) => kind === "request");
    assert.deepEqual(described.map(({ name, parameters }) => `${name}(${parameters.join(", ")})`), [
      "add(a, b)",
      "based(x)",
      "count(last)",
      "double(x)",
      "fail()",
      "later(text)",
      "quiet(...rest)",
      "set(to)",
      "slowly(last)",
      "who(greeting)",
    ]);
    const actions = handlers.describe().filter(({ kind }) => kind === "action").map(({ name }) => name);
    assert.deepEqual(actions, ["add", "based", "double", "fail", "later", "quiet", "set", "who"]);
  });
});

Deno.test("handlersFrom a module that is imported already, or being imported, or an object", async () => {
  await withModule("export default function tare(call, to) { return [call.name, to]; }", async (file) => {
    const url = pathToFileURL(file).href;
    for (const handlers of [handlersFrom(await import(url)), await handlersFrom(import(url))]) {
      assert.deepEqual(handlers.names, { actions: ["tare"], requests: ["tare"] });
      await using pair = await served(handlers);
      assert.deepEqual(await pair.client.request("tare", 0), ["tare", 0]);
    }
  });
  const heard: unknown[] = [];
  const handlers = handlersFrom({
    bare: (unit: string) => unit,
    call: (call: Call) => call.name,
    hear: (call: Call, ...rest: unknown[]) => void heard.push(call.name, ...rest),
    $odd: ({ x }: { x: number }, [y]: number[]) => x + y,
  });
  await using pair = await served(handlers);
  assert.equal(await pair.client.request("bare", "kg"), "kg");
  assert.equal(await pair.client.request("call"), "call");
  assert.equal(await pair.client.request("$odd", [{ x: 1 }, [2]]), 3);
  await pair.client.action("hear", [1, 2], { ack: true });
  assert.deepEqual(heard, ["hear", 1, 2]);
});

Deno.test("handlersFrom tells a first parameter that is the call, however the function is written", async () => {
  const add = handlersFrom({
    a: eval("call => call.name"),
    b: eval("async (/* the ( call */ call, b = ')') => call.name + b"),
    c: {
      ["x(y"](_call: Call): string {
        return _call.name;
      },
    }["x(y"],
    d: function (call: Call): string {
      return call.name;
    },
    e: (caller: unknown) => caller,
    f: (...call: unknown[]) => call,
  });
  await using pair = await served(add);
  assert.equal(await pair.client.request("a"), "a");
  assert.equal(await pair.client.request("b"), "b)");
  assert.equal(await pair.client.request("c"), "c");
  assert.equal(await pair.client.request("d"), "d");
  assert.equal(await pair.client.request("e", 1), 1);
  assert.deepEqual(await pair.client.request("f", [1, 2]), [1, 2]);
});

Deno.test("handlersFrom refuses what has no functions, and tells how to mend it", async () => {
  const refused: [given: unknown, message: RegExp][] = [
    [
      {},
      /^Cannot make handlers of the module: it exports nothing; export function add\(a, b\) \{ … \} makes one$/,
    ],
    [{ x: 1, Y: class {} }, /: nothing to be called among x, Y; export function/],
    [
      { default: () => 1 },
      /^Cannot make a handler of the default export of the module: it has no name; export/,
    ],
    [{ a: () => 1, default: { a: () => 2 } }, /it has two functions named "a"$/],
    [new Handlers(), /^Cannot make handlers of Handlers: give them to the option handlers as they are$/],
    [null, /^Cannot make handlers of null: a module, its path, or an object with functions is wanted$/],
    [() => 1, /^Cannot make handlers of a function: a module/],
  ];
  for (const [given, message] of refused) {
    assert.throws(() => handlersFrom(given as object), { name: "TypeError", code: "usage", message });
  }
  await assert.rejects(handlersFrom(""), { code: "usage", message: /the path of a module is wanted$/ });
});

Deno.test("handlersFrom a file that is not there, or is broken, says so", async () => {
  await assert.rejects(handlersFrom("./no/such/handlers.ts"), {
    name: "BrokenError",
    code: "no_such_path",
    message: /^Cannot make handlers of \.\/no\/such\/handlers\.ts: there is no such file \(file:\/\/\S+\)$/,
  });
  await withModule(`import "./missing.ts"; export const f = () => 1;`, async (file) => {
    await assert.rejects(handlersFrom(file), { message: /missing\.ts/ });
  });
  await withModule(`throw new Error("at the top");`, async (file) => {
    await assert.rejects(handlersFrom(file), { message: "at the top" });
  });
});

/** What each dialect can say; the rest is refused. */
const DIALECTS: readonly [
  dialect: DialectName | Dialect,
  says: readonly ("message" | "action" | "request")[],
][] = [
  ["native", ["message", "action", "request"]],
  ["lines", ["message"]],
  ["leads", ["message"]],
  ["clever-show", ["action", "request"]],
];

for (const [dialect, says] of DIALECTS) {
  const name = typeof dialect === "string" ? dialect : dialect.name;
  Deno.test(`the same handlers and callbacks serve ${name}, and what it cannot say is a TypeError`, async () => {
    const heard = new Seen<unknown>();
    const handlers = handlersFrom({
      add: (a: number, b: number) => a + b,
      note: (call: Call) => heard.add(call.name),
    });
    const onReceive = (message: string) => heard.add(message);
    await using server = await listen("tcp://127.0.0.1:0", { dialect, handlers, onReceive });
    await using client = await connect(server.address, { dialect });
    const unsayable = { name: "TypeError", code: "usage", message: new RegExp(`in the dialect "${name}"`) };
    const sent = client.send("hello");
    if (says.includes("message")) assert.equal(await heard.next(), "hello");
    else await assert.rejects(sent, unsayable);
    const called = client.action("note");
    if (says.includes("action")) assert.equal(await heard.next(), "note");
    else await assert.rejects(called, unsayable);
    const asked = client.request("add", [1, 2]);
    if (says.includes("request")) assert.equal(await asked, 3);
    else await assert.rejects(asked, unsayable);
  });
}
