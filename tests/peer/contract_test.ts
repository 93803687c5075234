import {
  type Answers,
  type Call,
  type Client,
  connect,
  createClient,
  createServer,
  Handlers,
  listen,
  type Peer,
} from "@parley/parley";
import type { Contract, Reverse, TypedClient, TypedPeer, TypedServer } from "../../src/peer/contract.ts";
import type { StandardSchema } from "../../src/peer/schema.ts";
import assert from "node:assert/strict";

interface Weight {
  value: number;
  unit: string;
}

/** What is tested below: most of it at `deno check`, where every line marked as an error has to be one. */
type Scale = {
  requests: {
    weigh(unit: string, digits?: number): Weight;
    add(a: number, b: number): number;
    sum(...values: number[]): number;
    mean(values: number[]): Promise<number>;
    find(what: string | string[]): string;
    any(value: unknown): unknown;
    time(): Date;
    reset(hard?: boolean): void;
  };
  actions: { tare(): void; move(x: number, y: number): void };
  streams: { readings(hz: number): Promise<Weight>; ticks(): number };
  client: {
    requests: { confirm(text: string): boolean };
    actions: { show(text: string): void };
  };
};

/** A schema written by hand. */
const flag: StandardSchema = {
  "~standard": {
    version: 1,
    vendor: "parley",
    validate: (value) =>
      value === undefined || typeof value === "boolean"
        ? { value }
        : { issues: [{ message: "a flag is wanted" }] },
  },
};

/** True when two types are the same, `any` and `unknown` told apart. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

/** Fails at `deno check` unless the type is `true`. */
function proves<_Proof extends true>(): void {}

/** Checked and never called: nothing is connected. */
function calls(client: TypedClient<Scale>): void {
  const weight = client.request("weigh", "kg");
  proves<Same<typeof weight, Promise<Weight>>>();
  const mean = client.request("mean", [[1, 2]]);
  proves<Same<typeof mean, Promise<number>>>(); // and not a promise of a promise
  const time = client.request("time");
  proves<Same<typeof time, Promise<Date>>>();
  const moved = client.action("move", [1, 2], { kwargs: { fast: true } });
  proves<Same<typeof moved, Promise<void>>>();
  const readings = client.stream("readings", 10, { timeoutMs: 100 });
  proves<Same<typeof readings, AsyncGenerator<Weight, void, void>>>();

  client.request("weigh", ["kg"]);
  client.request("weigh", ["kg", 2], { timeoutMs: 5, kwargs: { rough: true } });
  client.request("sum", [1, 2, 3]);
  client.request("sum", 1);
  client.request("sum");
  client.request("find", "x");
  client.request("find", [["x", "y"]]);
  client.request("any", [[1, 2]]);
  client.request("time", [], { timeoutMs: 5 });
  client.request("reset", undefined, { timeoutMs: 5 });
  client.request("reset", true);
  client.action("tare");

  // @ts-expect-error -- no such name
  client.request("wiegh", "kg");
  // @ts-expect-error -- an action is no request
  client.request("tare");
  // @ts-expect-error -- a request is no action
  client.action("add", [1, 2]);
  // @ts-expect-error -- a stream is no request
  client.request("ticks");
  // @ts-expect-error -- the argument is missing
  client.request("weigh");
  // @ts-expect-error -- the argument is of another type
  client.request("weigh", 5);
  // @ts-expect-error -- the second one is
  client.request("weigh", ["kg", "2"]);
  // @ts-expect-error -- two are wanted
  client.request("add", 1);
  // @ts-expect-error -- one too many
  client.request("add", [1, 2, 3]);
  // @ts-expect-error -- a list is taken for the list of arguments, so this would pass two numbers
  client.request("mean", [1, 2]);
  // @ts-expect-error -- so would this pass two texts
  client.request("find", ["x", "y"]);
  // @ts-expect-error -- what may be a list has to be wrapped
  client.request("any", "x");
  // @ts-expect-error -- none is taken
  client.request("time", 5);
  // @ts-expect-error -- no such option
  client.request("time", [], { timeoutMS: 5 });
  // @ts-expect-error -- the answer is no text
  const wrong: Promise<string> = client.request("add", [1, 2]);
  // @ts-expect-error -- what the client offers is for the server to call
  client.request("confirm", "sure?");
  void wrong;
}

/** Checked and never called. */
function handlers(server: TypedServer<Scale>, client: TypedClient<Scale>): void {
  server.onRequest("weigh", (call, unit, digits) => {
    proves<Same<typeof unit, string>>();
    proves<Same<typeof digits, number | undefined>>();
    proves<Same<typeof call.peer, TypedPeer<Reverse<Scale>>>>();
    proves<Same<typeof call.signal, AbortSignal>>();
    return { value: 1, unit };
  });
  server.onRequest("weigh", (_call, unit) => Promise.resolve({ value: 1, unit }));
  server.onRequest("mean", (_call, values) => values.length); // the answer may be a promise, and need not
  server.onRequest("sum", (_call, ...values) => values.length);
  server.onRequest("reset", async () => {}, { description: "Starts anew" });
  server.onRequest("readings", async function* (_call, hz) {
    yield await Promise.resolve({ value: hz, unit: "kg" });
  });
  server.onRequest("ticks", function* () {
    yield 1;
  });
  server.onAction("move", (_call, x, y) => x + y);
  const confirmed = server.request("confirm", "sure?", { concurrency: 10 });
  proves<Same<typeof confirmed, Answers<boolean>>>();
  // @ts-expect-error -- what the server offers is not asked of its clients
  server.request("add", [1, 2]);
  client.onRequest("confirm", (call, text) => {
    call.peer.action("tare");
    return text === "";
  });
  client.onAction("show", (_call, text) => text.length);

  // @ts-expect-error -- no such name
  server.onRequest("wiegh", () => 1);
  // @ts-expect-error -- the answer is of another type
  server.onRequest("add", () => "1");
  // @ts-expect-error -- the argument is of another type
  server.onRequest("add", (_call, a: string) => a.length);
  // @ts-expect-error -- a stream gives more than one part
  server.onRequest("ticks", () => 1);
  // @ts-expect-error -- its parts are of another type
  server.onRequest("ticks", async function* () {
    yield await Promise.resolve("tick");
  });
  // @ts-expect-error -- what the client offers is answered there
  server.onRequest("confirm", () => true);
  // @ts-expect-error -- and what the server offers here
  client.onRequest("add", (_call: unknown, a: number, b: number) => a + b);
  // @ts-expect-error -- no such option
  server.onAction("tare", () => {}, { descripton: "x" });
}

/** Checked and never called. */
function views(): void {
  const client = createClient<Scale>("memory://views", {
    onConnect: (peer) => void peer.request("weigh", "kg"),
    // @ts-expect-error -- no such name
    onDisconnect: (peer) => void peer.request("wiegh", "kg"),
    limits: { requestMs: 5 },
  });
  proves<Same<typeof client, TypedClient<Scale>>>();
  const started = client.start();
  proves<Same<typeof started, Promise<TypedClient<Scale>>>>();
  const server = createServer<Scale>("memory://views", {
    maxPeers: 1,
    onInitialize: (server) => server.onAction("tare", () => {}),
    onConnect: (peer) => void peer.action("show", "hello"),
    onFail: (error, peer) => {
      proves<Same<typeof error, Error>>();
      proves<Same<typeof peer, TypedPeer<Reverse<Scale>> | undefined>>();
    },
  });
  server.use({ onReceive: (_message, peer) => peer.send(peer.address) });
  for (const peer of server.peers) void peer.request("confirm", "sure?");
  // @ts-expect-error -- no such option
  createServer<Scale>("memory://views", { maxPears: 1 });
  // @ts-expect-error -- a contract has other parts
  createServer<{ calls: { add(): void } }>("memory://views");

  // Interfaces will do as well as type aliases, and an empty contract allows nothing.
  interface Written extends Contract {
    requests: { now(): number };
  }
  const now = createClient<Written>("memory://views").request("now");
  proves<Same<typeof now, Promise<number>>>();
  // @ts-expect-error -- nothing is offered
  createServer<Written>("memory://views").peers.forEach((peer) => peer.request("now"));
}

/** Checked and never called: what has no contract stays as it is. */
function untyped(client: Client): void {
  const answer = client.request("anything", { at: "all" });
  proves<Same<typeof answer, Promise<any>>>();
  const number = client.request<number>("anything", [1, 2]);
  proves<Same<typeof number, Promise<number>>>();
  client.onRequest("anything", (call, a, b: string) => {
    proves<Same<typeof call, Call>>();
    proves<Same<typeof call.peer, Peer>>();
    proves<Same<typeof a, any>>();
    return b;
  });
  const made = createClient("memory://untyped", {
    onConnect: (peer) => {
      proves<Same<typeof peer, Peer>>();
    },
  });
  proves<Same<typeof made, Client>>();
  // @ts-expect-error -- no such option
  createClient("memory://untyped", { onRecieve: () => {} });
  new Handlers().onAction("anything", (call: Call, ...args: string[]) => [call, args]);
}

Deno.test("A contract types both ends, and what is called and answered is what it says", async () => {
  for (const [check] of [[calls], [handlers], [views], [untyped]]) assert.equal(typeof check, "function");
  const shared = new Handlers<Scale>();
  shared.onRequest("sum", (_call, ...values) => values.reduce((sum, value) => sum + value, 0));
  shared.onRequest("mean", (_call, values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  // @ts-expect-error -- the answer is of another type
  shared.onRequest("find", () => 5);
  await using server = await listen<Scale>("tcp://127.0.0.1:0", { handlers: shared });
  server.onRequest("weigh", async (call, unit, digits = 1) => {
    const sure = await call.peer.request("confirm", `in ${unit}?`);
    return { value: sure ? digits : 0, unit };
  });
  const moved = Promise.withResolvers<number[]>();
  server.onAction("move", (_call, x, y) => moved.resolve([x, y]));

  server.onRequest("reset", (_call, hard) => void hard, { args: [flag] });

  await using client: TypedClient<Scale> = createClient<Scale>(server.address);
  client.onRequest("confirm", (_call, text) => text === "in kg?");
  const started: TypedClient<Scale> = await client.start();
  assert.equal(started, client);
  assert.deepEqual(await client.request("weigh", "kg"), { value: 1, unit: "kg" });
  assert.deepEqual(await client.request("weigh", ["kg", 3]), { value: 3, unit: "kg" });
  assert.deepEqual(await client.request("weigh", "lb", { timeoutMs: 5000 }), { value: 0, unit: "lb" });
  assert.equal(await client.request("sum"), 0);
  assert.equal(await client.request("sum", [1, 2, 3]), 6);
  assert.equal(await client.request("mean", [[1, 2]]), 1.5);
  await assert.rejects(client.request("reset", "hard" as never), {
    code: "bad_args",
    message: /: argument 1 "hard": a flag is wanted/,
  });
  await client.action("move", [1, 2]);
  assert.deepEqual(await moved.promise, [1, 2]);
  const [peer] = server.peers;
  assert.equal(await peer.request("confirm", "no"), false);
});

Deno.test("connect with a contract gives the very client that it gives without", async () => {
  await using server = await listen<Scale>("memory://contract-same");
  server.onRequest("add", (_call, a, b) => a + b);
  await using typed = await connect<Scale>("memory://contract-same");
  await using plain = await connect("memory://contract-same");
  assert.equal(Object.getPrototypeOf(typed), Object.getPrototypeOf(plain));
  assert.equal(await typed.request("add", [1, 2]), await plain.request("add", [1, 2]));
});
