import { Client, connect, Handlers, listen, Server } from "@parley/parley";
import assert from "node:assert/strict";
import { REAL_WORLD, type World } from "../../src/peer/world.ts";
import { call, frame } from "../dialect/native/wire.ts";
import { HandLink, textOf } from "./hand_link.ts";

/** The world as it is, but every link comes from another machine. */
function farAway(): World {
  return {
    ...REAL_WORLD,
    resolve: (address) => {
      const { address: parsed, kind } = REAL_WORLD.resolve(address);
      const listen: typeof kind.listen = async (...args) => {
        const listener = await kind.listen!(...args);
        const accept = listener.accept.bind(listener);
        listener.accept = async () => {
          const transport = await accept();
          if (transport !== null) Object.defineProperty(transport, "isLocal", { value: false });
          return transport;
        };
        return listener;
      };
      return { address: parsed, kind: { ...kind, listen } };
    },
  };
}

Deno.test("describe lists actions and requests of the endpoint and of shared tables, in either direction", async () => {
  const shared = new Handlers();
  shared.onRequest("time", () => 0, { description: "Milliseconds since 1970." });
  shared.onRequest("twice", () => 0, { description: "Hidden by the endpoint's own." });
  for (const address of ["tcp://127.0.0.1:0", "memory://describe"]) {
    await using server = await listen(address, { handlers: shared });
    server.onAction("led", (_call, _on, _colour) => {});
    server.onRequest("twice", (_call, _value) => 0, { parameters: ["value"] });
    await using client = await connect(server.address);
    client.onAction("blink", () => {});
    assert.deepEqual(await client.describe(), [
      { name: "led", kind: "action", parameters: ["_on", "_colour"] },
      { name: "time", kind: "request", description: "Milliseconds since 1970.", parameters: [] },
      { name: "twice", kind: "request", parameters: ["value"] },
    ]);
    const [peer] = server.peers;
    assert.deepEqual(await peer.describe(), [{ name: "blink", kind: "action", parameters: [] }]);
    server.onRequest("later", () => 0);
    assert.equal((await client.describe()).length, 4, "as they are now");
  }
});

Deno.test("describe of an endpoint without handlers is an empty list", async () => {
  await using server = await listen("memory://describe-none");
  await using client = await connect(server.address);
  assert.deepEqual(await client.describe(), []);
});

Deno.test("describe and suggestions are refused where they are not wanted", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { discoverable: false });
  server.onRequest("time", () => 0);
  server.onAction("led", () => {});
  await using client = await connect(server.address);
  await assert.rejects(client.describe(), {
    name: "RemoteError",
    code: "not_found",
    outcome: "failed",
    message:
      /^The question for the handlers to \S+ failed: its handlers are not listed \(option discoverable\)$/,
  });
  const bare = /no (request|action) of that name is registered there$/;
  await assert.rejects(client.request("tiem"), { code: "not_found", message: bare });
  await assert.rejects(client.action("lde", [], { ack: true }), { code: "not_found", message: bare });
  assert.equal(await client.request("time"), 0);
});

Deno.test("not_found suggests a near name of its kind where discovery is allowed", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("time", () => 0);
  server.onAction("timer", () => {});
  await using client = await connect(server.address);
  await assert.rejects(client.request("tiem"), { code: "not_found", message: /; did you mean "time"\?$/ });
  await assert.rejects(client.action("tiemr", [], { ack: true }), { message: /; did you mean "timer"\?$/ });
  await assert.rejects(client.request("something else"), { message: /is registered there$/ });
});

Deno.test("by default only peers on this machine may discover", async () => {
  const cases: [discoverable: boolean | undefined, allowed: boolean][] = [[undefined, false], [true, true], [
    false,
    false,
  ]];
  for (const [discoverable, allowed] of cases) {
    await using server = new Server("tcp://127.0.0.1:0", { discoverable }, farAway());
    await server.start();
    server.onRequest("time", () => 0);
    await using client = await new Client(server.address).start();
    if (allowed) {
      assert.deepEqual(await client.describe(), [{ name: "time", kind: "request", parameters: [] }]);
      await assert.rejects(client.request("tiem"), { message: /did you mean "time"/ });
    } else {
      await assert.rejects(client.describe(), { code: "not_found" });
      await assert.rejects(client.request("tiem"), { message: /is registered there$/ });
    }
    assert.equal(await client.request("time"), 0);
  }
});

Deno.test("describe has a deadline and a signal, and ends with the link", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  await using client = await connect(server.address);
  const gone = AbortSignal.abort(new Error("enough"));
  await assert.rejects(client.describe({ signal: gone }), {
    code: "cancelled",
    outcome: "not-sent",
    message: /^The question for the handlers to \S+ was cancelled: enough$/,
  });
  await assert.rejects(async () => await client.describe({ timeoutMs: 0 }), { name: "RangeError" });
  await client.close();
  await assert.rejects(client.describe(), { code: "closed", outcome: "not-sent" });
});

Deno.test("by hand: a request without a name is the question for the handlers", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("time", () => 0);
  using hand = await HandLink.dial(server.port);
  await hand.request(4, "");
  const answer = (await hand.next())!;
  assert.deepEqual([answer.type, answer.kind, answer.id], [9, 1, 4]);
  assert.match(textOf(answer), /name.*time.*kind.*request.*parameters/);
  await hand.write(frame(8, 0x80, 5, call(0, "", "016b")));
  assert.equal((await hand.next())?.type, 9, "with a key as well");
});

Deno.test("describe says so where the dialect has no requests", async () => {
  await using server = await listen("memory://describe-lines", { dialect: "lines" });
  await using client = await connect(server.address, { dialect: "lines" });
  await assert.rejects(client.describe(), {
    name: "TypeError",
    code: "usage",
    message:
      'Cannot send the question for the handlers in the dialect "lines": it has no requests; use ask()',
  });
  assert.equal(client.counts.bytesOut, 0);
});
