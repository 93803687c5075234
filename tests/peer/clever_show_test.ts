import { connect, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { joined, request, wire } from "../dialect/clever_show_wire.ts";
import { Linked } from "./linked.ts";
import { LinkLog } from "./link_log.ts";
import { Seen } from "./seen.ts";

const SHOW = { dialect: "clever-show" } as const;

Deno.test("a server and a drone of clever-show act and ask, both ways", async () => {
  await using server = await listen("tcp://127.0.0.1:0", SHOW);
  const done = Promise.withResolvers<unknown[]>();
  server.onAction("telemetry", (call, ...args) => done.resolve([args, call.kwargs]));
  server.onRequest("time", () => 1700000000.25);
  await using drone = await connect(server.address, SHOW);
  drone.onRequest("id", () => "copter0001");
  drone.onRequest(
    "sum",
    (call, ...numbers: number[]) => [...numbers, Number(call.kwargs.c)].reduce((a, b) => a + b),
  );
  assert.equal(await drone.request("time"), 1700000000.25);
  const [peer] = server.peers;
  assert.deepEqual(
    await Promise.all([peer.request("id"), peer.request("sum", [1, 2], { kwargs: { c: 3 } })]),
    [
      "copter0001",
      6,
    ],
  );
  await drone.action("telemetry", [2n ** 70n], { kwargs: { battery: NaN } });
  assert.deepEqual(await done.promise, [[2n ** 70n], { battery: NaN }]);
  await assert.rejects(drone.send("plain"), {
    code: "usage",
    message: /it has no plain messages; use action\(\)/,
  });
});

Deno.test("clever-show quirk 1: what this side does not answer is told here once, with the link and the reason", async () => {
  const log = new LinkLog();
  await using server = await listen("tcp://127.0.0.1:0", { ...SHOW, ...log.callbacks });
  server.onRequest("throws", () => {
    throw new RangeError("Too high");
  });
  server.onRequest("set", () => new Set([1]));
  await using client = await connect(server.address, SHOW);
  for (const name of ["nobody", "throws", "set"]) {
    const asked = client.request(name, [], { timeoutMs: 60_000 }).catch(() => {});
    await log.until("fail");
    void asked;
  }
  const [nobody, throws, set, ...rest] = log.errors.map(({ message }) => message);
  assert.match(nobody, /^Request "nobody" gets no answer: no request of that name is registered there/);
  assert.match(
    nobody,
    /\(not_found\); the dialect "clever-show" has no error answers \(asked by tcp:\/\/127/,
  );
  assert.equal(throws, "Too high");
  assert.equal(set, "Cannot send a message: the answer is a Set: pass [...it]");
  assert.deepEqual(rest, []);
  // The link lives, and others have nothing to wait for.
  server.onRequest("id", () => 1);
  assert.equal(await client.request("id"), 1);
  await assert.rejects(client.request("nobody", [], { timeoutMs: 20 }), {
    code: "timeout",
    message:
      /within 20 ms; clever-show peers do not answer unknown names, nor when a handler fails or a file cannot be read$/,
  });
});

Deno.test("an original is answered byte for byte, however its bytes come", async () => {
  await using server = await listen("tcp://127.0.0.1:0", SHOW);
  server.onRequest("id", () => "copter0001");
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  connection.setNoDelay(true);
  for (const byte of request("id", "2201")) await connection.write(Uint8Array.of(byte));
  const answer = '\0\xad{"byteorder": "little", "content-type": "json", "content-encoding": "utf-8", ' +
    '"content-length": 23, "message-type": "response", "requested_value": "id", "request_id": "2201"}' +
    '{"value": "copter0001"}';
  assert.equal(await readText(connection, answer.length), answer);
});

Deno.test("every connection from one address is a peer of its own", async () => {
  await using server = await listen("tcp://127.0.0.1:0", SHOW);
  await using first = await connect(server.address, SHOW);
  await using second = await connect(server.address, SHOW);
  first.onRequest("id", () => 1);
  second.onRequest("id", () => 2);
  await Promise.all(
    [first.request("x", [], { timeoutMs: 10 }), second.request("x", [], { timeoutMs: 10 })].map((asked) =>
      assert.rejects(asked)
    ),
  );
  const ids = await Promise.all([...server.peers].map((peer) => peer.request("id")));
  assert.deepEqual(ids.sort(), [1, 2]);
});

Deno.test("clever-show quirk 11: what was said before close arrives, all of it", async () => {
  const seen = new Seen();
  await using server = await listen("tcp://127.0.0.1:0", { ...SHOW, onDisconnect: () => seen.add("gone") });
  server.onAction("count", (_call, number) => seen.add(String(number)));
  const client = await connect(server.address, SHOW);
  for (let number = 0; number < 500; number++) client.action("count", [number, "x".repeat(500)]);
  await client.close();
  const all = await seen.take(501);
  assert.deepEqual(all, [...Array.from({ length: 500 }, (_, number) => String(number)), "gone"]);
});

Deno.test("clever-show quirk 6: with resend a drone asks again on its new link, with its arguments", async () => {
  await using linked = await Linked.up({ ...SHOW, limits: { closeMs: 20 } }, { ...SHOW, resend: true });
  const { server, client } = linked;
  const asked = Promise.withResolvers<void>();
  server.onRequest("slow", () => {
    asked.resolve();
    return new Promise<never>(() => {});
  });
  const answer = client.request("slow", [1], { kwargs: { k: 2 } });
  await asked.promise;
  await linked.lose();
  const later = client.request("later");
  server.onRequest("later", () => "came later");
  const again: unknown[] = [];
  server.onRequest("slow", (call, ...args) => {
    again.push(args, call.kwargs);
    return "at last";
  });
  await linked.restore();
  assert.deepEqual(await Promise.all([answer, later]), ["at last", "came later"]);
  assert.deepEqual(again, [[1], { k: 2 }]);
});

Deno.test("without resend a drone is told that nobody knows what became of its request", async () => {
  await using linked = await Linked.up({ ...SHOW, limits: { closeMs: 20 } }, SHOW);
  const asked = Promise.withResolvers<void>();
  linked.server.onRequest("slow", () => {
    asked.resolve();
    return new Promise<never>(() => {});
  });
  const answer = linked.client.request("slow");
  await asked.promise;
  const failed = assert.rejects(answer, { outcome: "unknown" });
  await linked.lose();
  await failed;
  await linked.restore();
});

Deno.test("requests that are never answered are not kept for ever by a drone that comes back", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { ...SHOW, onFail: () => {} });
  server.onRequest("id", () => "copter0001");
  await using drone = await connect(server.address, {
    ...SHOW,
    reconnect: true,
    resend: true,
    limits: { maxReplayBytes: 4096 },
  });
  for (let asked = 0; asked < 100; asked++) {
    const stop = new AbortController();
    const answer = drone.request("nobody", ["x".repeat(100)], { signal: stop.signal });
    stop.abort();
    await assert.rejects(answer, { code: "cancelled" });
  }
  assert.equal(await drone.request("id"), "copter0001");
});

Deno.test("a link that ends in the middle of a message is told so", async () => {
  const log = new LinkLog();
  await using server = await listen("tcp://127.0.0.1:0", { ...SHOW, ...log.callbacks });
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const message = wire({ "message-type": "message", action: "a" });
  await connection.write(message.subarray(0, -4));
  await connection.closeWrite();
  await log.until("fail truncated");
  assert.match(
    log.errors[0].message,
    /in the middle of a message: 4 of 26 bytes of a content are missing \(from tcp/,
  );
});

Deno.test("nonsense between good messages is reported and does no harm", async () => {
  const log = new LinkLog();
  await using server = await listen("tcp://127.0.0.1:0", { ...SHOW, ...log.callbacks });
  server.onRequest("id", () => 7);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await connection.write(joined(wire({ "message-type": "hello" }), request("id", "0001")));
  await log.until("fail unknown_type");
  assert.match(await readText(connection, 150), /"message-type": "respon/);
});

Deno.test("the options of clever-show are checked", async () => {
  const wrong = (options: object) => connect("tcp://127.0.0.1:1", options as never);
  await assert.rejects(wrong({ ...SHOW, resend: "yes" }), {
    code: "usage",
    message: /one of true, false is wanted/,
  });
  await assert.rejects(wrong({ ...SHOW, whoami: "root" }), {
    code: "usage",
    message: /"computer", "pi" is wanted/,
  });
  await assert.rejects(wrong({ resume: true }), {
    code: "usage",
    message: /it is for the dialect "clever-show"/,
  });
});

async function readText(connection: Deno.Conn, length: number): Promise<string> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await connection.read(bytes.subarray(at));
    if (count === null) break;
    at += count;
  }
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

Deno.test("kwargs and names that no original could take are refused here", async () => {
  await using server = await listen("tcp://127.0.0.1:0", SHOW);
  await using client = await connect(server.address, SHOW);
  for (const kwargs of [[1], "x", 5, null]) {
    const options = { kwargs } as unknown as { kwargs: Record<string, unknown> };
    const wrong = { code: "usage", message: /as "kwargs" of (action|request)\(\): an object such as/ };
    await assert.rejects(async () => await client.request("a", [], options), wrong);
    await assert.rejects(async () => await client.action("a", [], options), wrong);
  }
  await assert.rejects(client.action(5 as unknown as string), { code: "usage", message: /^Cannot call 5/ });
  await assert.rejects(client.describe(), /it has no list of handlers$/);
});

Deno.test("requests beyond limits.maxHandling wait on the way, since nobody could be told that they are refused", async () => {
  const go = Promise.withResolvers<void>();
  let most = 0;
  let now = 0;
  await using server = await listen("tcp://127.0.0.1:0", { ...SHOW, limits: { maxHandling: 4 } });
  server.onRequest("slow", async (_call, number: number) => {
    most = Math.max(most, ++now);
    if (number === 0) go.resolve();
    await go.promise;
    now--;
    return number;
  });
  await using drone = await connect(server.address, SHOW);
  const filler = "x".repeat(20_000); // so that a read holds only a few
  const numbers = Array.from({ length: 100 }, (_, number) => number);
  const answers = await Promise.all(numbers.map((number) => drone.request("slow", [number, filler])));
  assert.deepEqual(answers, numbers);
  assert.ok(most < 16, `${most} at once`);
});
