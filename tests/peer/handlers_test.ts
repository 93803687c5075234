import { connect, Handlers, listen, type RemoteError } from "@parley/parley";
import { mergeDescriptions } from "../../src/peer/handler_description.ts";
import assert from "node:assert/strict";
import { Seen } from "./seen.ts";

Deno.test("Handlers get their arguments as they were given: a list, one value, none, and named ones", async () => {
  const handlers = new Handlers();
  handlers.onRequest("what", (call, ...args) => ({ args, kwargs: call.kwargs, name: call.name }));
  for (const address of ["tcp://127.0.0.1:0", "memory://arguments"]) {
    await using server = await listen(address, { handlers });
    await using client = await connect(server.address);
    const given: [args: unknown, seen: unknown[]][] = [
      [undefined, []],
      [[], []],
      [7, [7]],
      ["text", ["text"]],
      [Uint8Array.of(1, 2), [Uint8Array.of(1, 2)]],
      [null, [null]],
      [[1, "two", null], [1, "two", null]],
      [[[1, 2, 3]], [[1, 2, 3]]],
      [{ a: 1 }, [{ a: 1 }]],
    ];
    for (const [args, seen] of given) {
      assert.deepEqual(await client.request("what", args), { args: seen, kwargs: {}, name: "what" });
    }
    const kwargs = { unit: "C", digits: 2 };
    assert.deepEqual(await client.request("what", [1], { kwargs }), { args: [1], kwargs, name: "what" });
    assert.deepEqual(await client.request("what", undefined, { kwargs }), { args: [], kwargs, name: "what" });
  }
});

Deno.test("Handlers of an endpoint come before the shared ones, and either side may have some", async () => {
  const shared = new Handlers();
  shared.onRequest("who", () => "shared");
  shared.onRequest("common", () => "shared");
  await using server = await listen("memory://shared", { handlers: shared });
  server.onRequest("who", () => "server");
  await using client = await connect(server.address, { handlers: shared });
  assert.equal(await client.request("who"), "server");
  assert.equal(await client.request("common"), "shared");
  assert.equal(await [...server.peers][0].request("who"), "shared");
  shared.onRequest("common", () => "replaced");
  assert.equal(await client.request("common"), "replaced");
  assert.equal(shared.remove("common"), true);
  assert.equal(shared.remove("common"), false);
  await assert.rejects(client.request("common"), { code: "not_found" });
  assert.deepEqual(shared.names, { actions: [], requests: ["who"] });
});

Deno.test("Handlers: an action is called with the peer, its errors go to onFail, an unknown one too", async () => {
  const called = new Seen<unknown>();
  const failed = new Seen<Error & { code?: string; handler?: string }>();
  await using server = await listen("memory://actions", { onFail: failed.add });
  server.onAction(
    "move",
    (call, x, y) => called.add([x, y, call.kwargs, call.peer === [...server.peers][0]]),
  );
  server.onAction("sync", () => {
    throw new Error("sync broke");
  });
  server.onAction("async", () => Promise.reject(new Error("async broke")));
  await using client = await connect(server.address);
  await client.action("move", [1, 2], { kwargs: { fast: true } });
  assert.deepEqual(await called.next(), [1, 2, { fast: true }, true]);
  for (const name of ["sync", "async"]) {
    await client.action(name);
    const error = await failed.next();
    assert.deepEqual([error.message, error.handler], [`${name} broke`, `action "${name}"`]);
  }
  await client.action("nothing");
  const unknown = await failed.next();
  assert.equal(unknown.code, "not_found");
  assert.match(unknown.message, /^Action "nothing" from \S+ has no handler here$/);
});

Deno.test("Handlers: a request that nobody registered is answered not_found at once", async () => {
  for (const address of ["tcp://127.0.0.1:0", "memory://not-found"]) {
    await using server = await listen(address);
    await using client = await connect(server.address);
    await assert.rejects(client.request("tmie"), {
      name: "RemoteError",
      code: "not_found",
      outcome: "failed",
      message: /^Request "tmie" to \S+ failed: no request of that name is registered there$/,
    });
  }
});

for (const how of ["throws", "rejects"] as const) {
  Deno.test(`Handlers: one that ${how} answers handler_failed with its message and not its stack`, async () => {
    const failed = new Seen<Error & { handler?: string }>();
    await using server = await listen(`memory://handler-${how}`, { onFail: failed.add });
    server.onRequest("fire", () => {
      const error = new Error("no fuel");
      if (how === "throws") throw error;
      return Promise.reject(error);
    });
    await using client = await connect(server.address);
    const error: RemoteError = await client.request("fire").catch((error) => error);
    assert.equal(error.name, "RemoteError");
    assert.equal(error.code, "handler_failed");
    assert.equal(error.outcome, "failed");
    assert.match(error.message, /^Request "fire" to \S+ failed in its handler: no fuel$/);
    assert.ok(!JSON.stringify([error.message, String(error.cause)]).includes("handlers_test"), "their stack");
    const told = await failed.next();
    assert.deepEqual([told.message, told.handler], ["no fuel", 'request "fire"']);
  });
}

Deno.test("Handlers: an answer that cannot be written or is too large is an error there and a report here", async () => {
  const failed = new Seen<Error>();
  await using server = await listen("memory://unwritable", { onFail: failed.add });
  server.onRequest("function", () => () => {});
  server.onRequest("later", () => Promise.resolve({ deep: [Symbol("x")] }));
  server.onRequest("large", () => new Uint8Array(2_000_000));
  server.onRequest("fine", () => 1);
  await using client = await connect(server.address);
  await assert.rejects(client.request("function"), { name: "RemoteError", code: "unserialisable" });
  await assert.rejects(client.request("later"), { name: "RemoteError", code: "unserialisable" });
  await assert.rejects(client.request("large"), { name: "RemoteError", code: "too_large" });
  const told = await failed.take(3);
  assert.deepEqual(told.map((error) => error.name), ["TypeError", "TypeError", "RangeError"]);
  assert.equal(await client.request("fine"), 1);
});

Deno.test("Handlers: an error that is too long for the other side's frames still ends its wait", async () => {
  await using server = await listen("memory://long-error", { onFail: () => {} });
  server.onRequest("sync", () => {
    throw new Error("x".repeat(5000));
  });
  server.onRequest("async", () => Promise.reject(new Error("x".repeat(5000))));
  await using client = await connect(server.address, { limits: { maxFrameBytes: 200 } });
  await assert.rejects(client.request("sync"), { code: "handler_failed" });
  await assert.rejects(client.request("async"), { code: "handler_failed" });
  await assert.rejects(client.request("n".repeat(150)), { code: "not_found" });
});

Deno.test("Handlers refuse names and functions that are none", () => {
  const handlers = new Handlers();
  assert.throws(() => handlers.onAction("", () => {}), {
    name: "TypeError",
    message: 'Cannot use "" as a name in onAction(): a text is wanted',
  });
  assert.throws(() => handlers.onRequest("x", null as never), {
    name: "TypeError",
    message: 'Cannot register null as handler of "x" in onRequest(): a function (call, ...args) is wanted',
  });
});

Deno.test("Handlers describe themselves, sorted, with what was said about them", () => {
  const handlers = new Handlers();
  const add = (_call: unknown, a: number, b: number) => a + b;
  handlers.onRequest("weigh", (_call, unit, ...rest) => [unit, rest]);
  handlers.onRequest("Add", (_call, a, b) => a + b, { description: "Adds two numbers" });
  handlers.onRequest("add", add.bind(null), { parameters: ["a", "b"] });
  handlers.onAction("weigh", () => {});
  handlers.onAction("tare", () => {}, { description: "Sets the scale to zero", parameters: [] });
  assert.deepEqual(handlers.describe(), [
    { name: "tare", kind: "action", description: "Sets the scale to zero", parameters: [] },
    { name: "weigh", kind: "action", parameters: [] },
    { name: "Add", kind: "request", description: "Adds two numbers", parameters: ["a", "b"] },
    { name: "add", kind: "request", parameters: ["a", "b"] },
    { name: "weigh", kind: "request", parameters: ["unit", "...rest"] },
  ]);
});

Deno.test("Handlers of several tables describe themselves as one: the first of a name is the one that is called", () => {
  const own = new Handlers();
  own.onRequest("who", () => {}, { description: "own" });
  const shared = new Handlers();
  shared.onRequest("who", () => {}, { description: "shared" });
  shared.onAction("who", () => {});
  assert.deepEqual(mergeDescriptions([own.describe(), shared.describe()]), [
    { name: "who", kind: "action", parameters: [] },
    { name: "who", kind: "request", description: "own", parameters: [] },
  ]);
});

Deno.test("Handlers keep what was said when they were registered, whatever becomes of the object", () => {
  const handlers = new Handlers();
  const options = { description: "first", parameters: ["a"] };
  handlers.onRequest("x", () => {}, options);
  options.description = "second";
  options.parameters.push("b");
  (handlers.describe()[0].parameters as string[]).push("c");
  assert.deepEqual(handlers.describe(), [
    { name: "x", kind: "request", description: "first", parameters: ["a"] },
  ]);
});

Deno.test("Handlers refuse options that are wrong, and say what is wanted", () => {
  const handlers = new Handlers();
  const schema = "a schema (valibot, zod, any Standard Schema)";
  const refused: [options: unknown, message: string][] = [
    [{ descripton: "x" }, 'Unknown option "descripton" of onRequest(); did you mean "description"?'],
    ["text", 'Cannot use "text" as options of onRequest(): an object is wanted'],
    [{ description: 5 }, 'Cannot use "description" of "x" in onRequest(): a text is wanted'],
    [
      { parameters: "unit" },
      'Cannot use "parameters" of "x" in onRequest(): a list of names such as ["unit"] is wanted',
    ],
    [
      { parameters: [""] },
      'Cannot use "parameters" of "x" in onRequest(): a list of names such as ["unit"] is wanted',
    ],
    [
      { args: ["string"] },
      `Cannot use "args" of "x" in onRequest(): ${schema} for the list of arguments, or a list of one for each is wanted`,
    ],
    [
      { args: {} },
      `Cannot use "args" of "x" in onRequest(): ${schema} for the list of arguments, or a list of one for each is wanted`,
    ],
    [{ kwargs: [] }, `Cannot use "kwargs" of "x" in onRequest(): ${schema} is wanted`],
    [{ kwargs: null }, `Cannot use "kwargs" of "x" in onRequest(): ${schema} is wanted`],
  ];
  for (const [options, message] of refused) {
    assert.throws(() => handlers.onRequest("x", () => {}, options as object), {
      name: "TypeError",
      code: "usage",
      message,
    });
  }
  assert.deepEqual(handlers.names, { actions: [], requests: [] });
});
