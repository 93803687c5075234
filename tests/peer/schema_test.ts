import { connect, Handlers, listen } from "@parley/parley";
import type { StandardSchema } from "../../src/peer/schema.ts";
import assert from "node:assert/strict";
// deno-lint-ignore no-import-prefix -- wanted in this file only
import * as v from "npm:valibot@1.5.0";
// deno-lint-ignore no-import-prefix
import { z } from "npm:zod@4.6.7";
import { Seen } from "./seen.ts";

/** What one library calls the same things; the words of a refusal are its own. */
const LIBRARIES: Record<string, Record<"text" | "count" | "point" | "list" | "rate", StandardSchema>> = {
  valibot: {
    text: v.string(),
    count: v.optional(v.number(), 2),
    point: v.object({ x: v.number(), way: v.optional(v.array(v.object({ y: v.number() }))) }),
    list: v.tupleWithRest([v.string()], v.number()),
    rate: v.object({ rate: v.number() }),
  },
  zod: {
    text: z.string(),
    count: z.number().default(2),
    point: z.object({ x: z.number(), way: z.array(z.object({ y: z.number() })).optional() }),
    list: z.tuple([z.string()], z.number()),
    rate: z.object({ rate: z.number() }),
  },
};

/** The handler that answers with what it was called with. */
// deno-lint-ignore no-explicit-any -- whatever comes
function echo(call: { kwargs: object }, ...args: any[]): unknown {
  return { args, kwargs: call.kwargs };
}

for (const [library, { text, count, point, list, rate }] of Object.entries(LIBRARIES)) {
  Deno.test(`Schemas of ${library}: right arguments reach the handler, with the defaults filled in`, async () => {
    const handlers = new Handlers();
    handlers.onRequest("weigh", echo, { args: [text, count] });
    handlers.onRequest("maybe", echo, {
      args: [library === "zod" ? z.string().optional() : v.optional(v.string())],
    });
    handlers.onRequest("whole", echo, { args: list });
    handlers.onRequest("named", echo, { kwargs: rate });
    await using server = await listen("tcp://127.0.0.1:0", { handlers });
    await using client = await connect(server.address);
    assert.deepEqual(await client.request("weigh", "kg"), { args: ["kg", 2], kwargs: {} });
    assert.deepEqual(await client.request("weigh", ["kg", 3], { kwargs: { any: 1 } }), {
      args: ["kg", 3],
      kwargs: { any: 1 },
    });
    assert.deepEqual(await client.request("maybe"), { args: [], kwargs: {} }, "what was left out stays so");
    assert.deepEqual(await client.request("whole", ["a", 1, 2]), { args: ["a", 1, 2], kwargs: {} });
    assert.deepEqual(await client.request("named", [7], { kwargs: { rate: 1, more: 2 } }), {
      args: [7],
      kwargs: { rate: 1 },
    });
  });

  Deno.test(`Schemas of ${library}: a refusal is bad_args and names the argument and the field`, async () => {
    const handlers = new Handlers();
    const never = () => assert.fail("was called");
    handlers.onRequest("weigh", (_call, _unit, _digits) => never(), { args: [text, count] });
    handlers.onRequest("go", (_call, _point) => never(), { args: [point] });
    handlers.onRequest("pattern", (_call, { x: _x }) => never(), { args: [point] });
    handlers.onRequest("rest", (_call, ..._points) => never(), { args: [text, point] });
    handlers.onRequest("given", never, { args: [text], parameters: ["unit"] });
    handlers.onRequest("whole", (_call, _first, ..._more) => never(), { args: list });
    handlers.onRequest("named", never, { kwargs: rate });
    await using server = await listen("tcp://127.0.0.1:0", { handlers });
    await using client = await connect(server.address);
    const cases: [name: string, args: unknown, place: string][] = [
      ["weigh", [5], 'argument 1 "_unit"'],
      ["weigh", [], 'argument 1 "_unit"'],
      ["weigh", ["g", "many"], 'argument 2 "_digits"'],
      ["go", { x: "left" }, 'argument 1 "_point.x"'],
      ["go", { x: 1, way: [{ y: 1 }, { y: null }] }, 'argument 1 "_point.way[1].y"'],
      ["pattern", { x: "left" }, 'argument 1 "x"'],
      ["rest", ["a", { x: "left" }], 'argument 2 "_points[1].x"'],
      ["given", 5, 'argument 1 "unit"'],
      ["whole", [5], 'argument 1 "_first"'],
      ["whole", ["a", 1, "b"], 'argument 3 "_more[1]"'],
      ["named", [], 'kwargs "rate"'],
    ];
    for (const [name, args, place] of cases) {
      const error = await client.request(name, args).catch((error) => error);
      assert.equal(error.code, "bad_args", `${name} ${JSON.stringify(args)}: ${error.message}`);
      assert.equal(error.outcome, "failed");
      assert.ok(error.message.startsWith(`Request "${name}" to ${client.address} failed`), error.message);
      assert.ok(error.message.includes(`: ${place}: Invalid `), error.message);
    }
    await assert.rejects(client.request("weigh", ["g", 1, 2]), {
      code: "bad_args",
      message: /: argument 3: at most 2 are taken, 3 were given$/,
    });
  });

  Deno.test(`Schemas of ${library}: asynchronous and changing ones work, one after the other`, async () => {
    const known = (unit: string) => Promise.resolve(unit === "g" || unit === "kg");
    const unit = library === "zod"
      ? z.string().refine(known, "unknown unit").transform((unit) => unit.toUpperCase())
      : v.pipeAsync(
        v.string(),
        v.checkAsync(known, "unknown unit"),
        v.transform((unit) => unit.toUpperCase()),
      );
    const handlers = new Handlers();
    handlers.onRequest("weigh", echo, { args: [unit, unit], kwargs: rate, parameters: ["from", "to"] });
    await using server = await listen("memory://schema-async", { handlers });
    await using client = await connect(server.address);
    const options = { kwargs: { rate: 1 } };
    assert.deepEqual(await client.request("weigh", ["g", "kg"], options), {
      args: ["G", "KG"],
      kwargs: { rate: 1 },
    });
    await assert.rejects(client.request("weigh", ["g", "stone"], options), {
      code: "bad_args",
      message: /: argument 2 "to": unknown unit$/,
    });
    await assert.rejects(client.request("weigh", ["g", "kg"]), {
      code: "bad_args",
      message: /: kwargs "rate": /,
    });
  });
}

Deno.test("Schemas of an action: a refusal is told here, and nothing is called", async () => {
  const failed = new Seen<Error & { code?: string }>();
  const called = new Seen<unknown>();
  const handlers = new Handlers();
  handlers.onAction("move", (_call, by) => called.add(by), { args: [v.number()] });
  await using server = await listen("memory://schema-action", { handlers, onFail: failed.add });
  await using client = await connect(server.address);
  await client.action("move", "far");
  await client.action("move", 5);
  assert.equal(await called.next(), 5);
  const error = await failed.next();
  assert.equal(error.code, "bad_args");
  assert.match(error.message, /argument 1 "by": Invalid type: Expected number/);
  assert.deepEqual([called.all.length, failed.all.length], [1, 1]);
});

Deno.test("Schemas that throw or give the wrong thing fail as a handler does", async () => {
  const failed = new Seen<Error>();
  const schema = (validate: StandardSchema["~standard"]["validate"]): StandardSchema => ({
    "~standard": { version: 1, vendor: "test", validate },
  });
  const handlers = new Handlers();
  const broken = schema(() => {
    throw new Error("schema broke");
  });
  handlers.onRequest("throws", echo, { args: [broken] });
  handlers.onRequest("rejects", echo, { args: [schema(() => Promise.reject(new Error("schema broke")))] });
  handlers.onRequest("no list", echo, { args: schema(() => ({ value: 5 })) });
  handlers.onRequest("no object", echo, { kwargs: schema(() => ({ value: null })) });
  handlers.onRequest("several", echo, {
    args: schema(() => ({
      issues: [{ message: "m".repeat(400), path: [{ key: "k".repeat(200) }] }, { message: "" }],
    })),
  });
  await using server = await listen("memory://schema-broken", { handlers, onFail: failed.add });
  await using client = await connect(server.address);
  for (const name of ["throws", "rejects"]) {
    await assert.rejects(client.request(name, 1), { code: "handler_failed", message: /schema broke$/ });
  }
  await assert.rejects(client.request("no list"), { message: /The schema "args" gave number: a list/ });
  await assert.rejects(client.request("no object"), { message: /The schema "kwargs" gave null: an object/ });
  assert.equal((await failed.take(4)).length, 4);
  await assert.rejects(client.request("several"), {
    code: "bad_args",
    message: /arguments "k{100}…": m{300}… \(and 1 more\)$/,
  });
});

Deno.test("Schemas cost nothing where there are none, and cannot be passed by where there are", () => {
  const handlers = new Handlers();
  handlers.onRequest("plain", echo, { description: "as it comes" });
  handlers.onRequest("checked", echo, { args: [v.number()] });
  assert.equal(handlers.request("plain"), echo);
  assert.equal(handlers.entry("request", "plain")?.check, undefined);
  assert.equal(handlers.entry("action", "plain"), undefined);
  assert.notEqual(handlers.request("checked"), echo);
  assert.equal(handlers.entry("request", "checked")?.handler, echo);
});
