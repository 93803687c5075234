import { type Call, Client } from "@parley/parley";
import assert from "node:assert/strict";
import { type BareFrame, BareServer } from "./bare_server.ts";
import { HandClock } from "./hand_clock.ts";
import { LinkLog } from "./link_log.ts";
import { Linked } from "./linked.ts";
import { Seen } from "./seen.ts";

Deno.test("calls of both sides whose handlers run when the link is lost are answered, and handled once", async () => {
  await using link = await Linked.up();
  const { client, peer, server } = link;
  const running = new Seen<string>();
  const go = Promise.withResolvers<void>();
  const handler = async (call: Call, text: string) => {
    running.add(`${call.name} ${text}`);
    await go.promise;
    assert.equal(call.signal.aborted, false);
    return text.toUpperCase();
  };
  server.onRequest("shout", handler);
  server.onAction("note", handler);
  client.onRequest("shout", handler);
  const calls = [
    client.request("shout", "a"),
    client.action("note", "b", { ack: true }),
    peer.request("shout", "c"),
  ];
  await running.take(3);
  await link.lose();
  await link.restore();
  assert.equal(client.pending + peer.pending, 3);
  go.resolve();
  assert.deepEqual(await Promise.all(calls), ["A", undefined, "C"]);
  assert.deepEqual(running.all.toSorted(), ["note b", "shout a", "shout c"]);
});

Deno.test("handlers that end while the link is down answer on the next one", async () => {
  await using link = await Linked.up();
  const running = new Seen<void>();
  const go = Promise.withResolvers<void>();
  const done = new Seen<string>();
  for (const end of [link.server, link.client]) {
    end.onRequest("slow", async (_call, text: string) => {
      running.add();
      await go.promise;
      done.add(text);
      if (text === "bad") throw new Error("no luck");
      return text;
    });
  }
  const calls = [
    link.client.request("slow", "to the server"),
    link.peer.request("slow", "to the client"),
    assert.rejects(link.client.request("slow", "bad"), { code: "handler_failed", message: /no luck/ }),
  ];
  await running.take(3);
  await link.lose();
  go.resolve();
  await done.take(3);
  await link.restore();
  assert.deepEqual(await Promise.all(calls), ["to the server", "to the client", undefined]);
  assert.equal(running.all.length, 3);
});

Deno.test("calls that were lost on their way are sent again, in order and once", async () => {
  const received = new Seen<unknown>();
  await using link = await Linked.up({ onReceive: received.add });
  const { client, peer, proxy, server } = link;
  server.onRequest("add", (_call, a: number, b: number) => (received.add(`${a}+${b}`), a + b));
  server.onAction("note", (_call, text: string) => received.add(text));
  client.onRequest("twice", (_call, n: number) => (received.add(`twice ${n}`), 2 * n));
  proxy.hold();
  const calls = [
    client.send("first", { ack: true }),
    client.request("add", [1, 2]),
    client.action("note", "third", { ack: true }),
    client.request("add", [3, 4]),
  ];
  const back = peer.request("twice", 21);
  await link.lose();
  assert.deepEqual(received.all, []);
  await link.restore();
  assert.deepEqual(await Promise.all(calls), [undefined, 3, undefined, 7]);
  assert.equal(await back, 42);
  const toServer = received.all.filter((text) => text !== "twice 21");
  assert.deepEqual(toServer, ["first", "1+2", "third", "3+4"]);
  assert.ok(link.here.lines.includes("resumed 4"));
  assert.ok(link.there.lines.includes("resumed 1"));
});

Deno.test("answers that were lost on their way are sent again, and nothing is handled again", async () => {
  const received = new Seen<unknown>();
  await using link = await Linked.up({ onReceive: received.add });
  const { client, proxy, server } = link;
  let handled = 0;
  server.onRequest("count", () => ++handled);
  proxy.hold("down");
  const calls = [client.request("count"), client.send("one", { ack: true }), client.request("count")];
  assert.equal(await received.next(), "one");
  await link.lose();
  await link.restore();
  assert.deepEqual(await Promise.all(calls), [1, undefined, 2]);
  assert.equal(handled, 2);
  assert.deepEqual(received.all, ["one"]);
});

Deno.test("a plain message is sent at most once: it is not repeated on the next link", async () => {
  const received = new Seen<unknown>();
  await using link = await Linked.up({ onReceive: received.add });
  link.proxy.hold();
  await link.client.send("plain");
  const acked = link.client.send("acked", { ack: true });
  await link.lose();
  await link.restore();
  await acked;
  await link.client.send("last");
  assert.deepEqual(await received.take(2), ["acked", "last"]);
});

Deno.test("a streaming answer goes on where it was when its link was lost", async () => {
  await using link = await Linked.up();
  const { client, proxy, server } = link;
  const total = 3000;
  let made = 0;
  server.onRequest("numbers", async function* () {
    for (; made < total; made++) yield made;
  });
  const seen: number[] = [];
  for await (const part of client.stream<number>("numbers")) {
    seen.push(part);
    if (part % 1000 === 500) {
      proxy.hold("down");
      await link.lose();
      await link.restore();
    }
  }
  assert.deepEqual(seen, Array.from({ length: total }, (_, n) => n));
  assert.equal(made, total);
  assert.equal(link.here.lines.filter((line) => line === "up resumed").length, 3);
});

Deno.test("a stream that the server reads from the client goes on as well, with parts that were made while down", async () => {
  await using link = await Linked.up();
  const { client, peer } = link;
  const go = Promise.withResolvers<void>();
  const made = Promise.withResolvers<void>();
  client.onRequest("lines", async function* () {
    yield "one";
    await go.promise;
    made.resolve();
    yield "two";
  });
  const parts = peer.stream<string>("lines");
  assert.equal((await parts.next()).value, "one");
  await link.lose();
  const second = parts.next();
  go.resolve();
  await made.promise;
  await link.restore();
  assert.equal((await second).value, "two");
  assert.equal((await parts.next()).done, true);
});

Deno.test("a thousand requests and many cuts: each is answered, each is handled once", async () => {
  await using link = await Linked.up();
  const { client, proxy, server } = link;
  const handled = new Map<number, number>();
  server.onRequest("echo", async (_call, n: number) => {
    handled.set(n, (handled.get(n) ?? 0) + 1);
    if (n % 90 === 45) proxy.cut();
    if (n % 3 === 0) await Promise.resolve();
    return n;
  });
  const numbers = Array.from({ length: 1000 }, (_, n) => n);
  const batches = 10;
  for (let from = 0; from < numbers.length; from += numbers.length / batches) {
    const batch = numbers.slice(from, from + numbers.length / batches);
    assert.deepEqual(await Promise.all(batch.map((n) => client.request("echo", n))), batch);
  }
  assert.equal(handled.size, 1000);
  assert.ok([...handled.values()].every((times) => times === 1));
  assert.ok(link.here.lines.includes("up resumed"));
});

Deno.test("with resend never, a request is not sent again when it may have arrived", async () => {
  await using link = await Linked.up();
  const { client, proxy, server } = link;
  const handled: string[] = [];
  server.onRequest("fire", (_call, what: string) => handled.push(what));
  proxy.hold();
  const lost = client.request("fire", "lost", { resend: "never" });
  const safe = client.request("fire", "safe");
  await link.lose();
  const later = client.request("fire", "later", { resend: "never" });
  await link.restore();
  await assert.rejects(lost, { name: "BrokenError", code: "unknown_outcome", outcome: "unknown" });
  await Promise.all([safe, later]);
  assert.deepEqual(handled, ["safe", "later"]);
});

Deno.test("the deadline of a call that is sent again is what is left of it", async () => {
  await using server = new BareServer();
  const clock = new HandClock();
  const log = new LinkLog();
  const options = { reconnect: { minMs: 1, maxMs: 1 }, ...log.callbacks };
  await using client = new Client(server.address, options, clock.world);
  await client.start();
  const call = client.request("wait", [], { timeoutMs: 9000 });
  const remaining = ({ body }: BareFrame) => new DataView(body.buffer, body.byteOffset).getUint32(0);
  assert.equal(remaining(await server.frames.next()), 9000);
  server.cut();
  await log.until("retry");
  clock.advance(2000);
  await log.until("up resumed");
  const again = await server.frames.next();
  assert.deepEqual([again.seq, remaining(again)], [1, 7000]);
  clock.advance(6000);
  assert.equal(client.pending, 1);
  const late = assert.rejects(call, { name: "TimeoutError", message: /within 9000 ms/ });
  clock.advance(1010);
  await late;
});

Deno.test("a plain message that had not left when the link was lost is not sent on the next one", async () => {
  const received = new Seen<unknown>();
  const limits = { outboxHighBytes: 100_000, maxOutboxBytes: 1_000_000 };
  await using link = await Linked.up({ onReceive: received.add }, { limits });
  const { client, proxy } = link;
  proxy.hold("up");
  const large = new Uint8Array(256 * 1024);
  let isHeld = false;
  for (let n = 0; n < 200 && !isHeld; n++) {
    await client.send(large, { timeoutMs: 200 }).catch(() => isHeld = true);
  }
  assert.equal(isHeld, true);
  const plain = assert.rejects(client.send("plain"), { outcome: "unknown" });
  const acked = client.send("acked", { ack: true });
  await link.lose();
  await plain;
  await link.restore();
  await acked;
  assert.deepEqual(received.all.filter((message) => typeof message === "string"), ["acked"]);
});
