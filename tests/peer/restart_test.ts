import { listen, type Server } from "@parley/parley";
import assert from "node:assert/strict";
import { Linked } from "./linked.ts";
import { Seen } from "./seen.ts";

/** The link is lost, and the next one leads to a server that knows nothing of the session. */
async function restart(link: Linked, next: Server): Promise<void> {
  link.proxy.cut();
  link.proxy.target = next.port;
  link.proxy.forward();
  await link.here.until("connect anew");
}

const UNKNOWN = { name: "BrokenError", code: "unknown_outcome", outcome: "unknown" };

Deno.test("after a server restart each call is sent, sent again, or fails, as it was asked for", async () => {
  await using link = await Linked.up();
  const handled: string[] = [];
  await using next = await listen("tcp://127.0.0.1:0", {
    onReceive: (text) => void handled.push(text as string),
  });
  for (const server of [link.server, next]) {
    server.onRequest("note", (_call, text: string) => (handled.push(text), text));
    server.onAction("note", (_call, text: string) => handled.push(text));
  }
  const { client, proxy, here } = link;
  proxy.hold();
  const failed = [
    client.request("note", "sent"),
    client.request("note", "never", { resend: "never" }),
    client.send("acked", { ack: true }),
    client.action("note", "acted", { ack: true }),
  ].map((call) => assert.rejects(call, UNKNOWN));
  const again = [
    client.request("note", "keyed", { key: "k1" }),
    client.request("note", "always", { resend: "always" }),
    client.send("acked always", { ack: true, resend: "always" }),
  ];
  await link.lose();
  const later = [
    client.request("note", "later"),
    client.request("note", "later never", { resend: "never" }),
    client.send("later acked", { ack: true }),
    client.action("note", "later acted", { ack: true }),
    client.send("later queued", { queue: true }),
  ];
  here.take();
  await restart(link, next);
  await Promise.all(failed);
  assert.deepEqual(await Promise.all(again), ["keyed", "always", undefined]);
  assert.deepEqual(await Promise.all(later), ["later", "later never", undefined, undefined, undefined]);
  await client.request("note", "end");
  assert.deepEqual(handled, [
    "keyed",
    "always",
    "acked always",
    "later",
    "later never",
    "later acked",
    "later acted",
    "later queued",
    "end",
  ]);
  assert.deepEqual(here.take().filter((line) => !/^(retry|fail)/.test(line)), [
    'reset request "note", request "note", message, action "note"',
    "up anew",
    "connect anew",
  ]);
});

Deno.test("the error of a call with an unknown outcome says what to do about it", async () => {
  await using link = await Linked.up();
  await using next = await listen("tcp://127.0.0.1:0");
  link.proxy.hold();
  const call = link.client.request("fire");
  const failed = assert.rejects(call, {
    ...UNKNOWN,
    message:
      /^Request "fire" to tcp:.*nobody knows whether it was handled; give it a "key", or resend: "always"/,
  });
  await link.lose();
  await restart(link, next);
  await failed;
});

Deno.test("after a server restart the handlers that still run for it are told so, and their answers stay here", async () => {
  await using link = await Linked.up();
  const { client, peer } = link;
  const running = new Seen<AbortSignal>();
  const go = Promise.withResolvers<string>();
  client.onRequest("slow", (call) => {
    running.add(call.signal);
    return go.promise;
  });
  peer.request("slow").catch(() => {});
  const signal = await running.next();
  await using next = await listen("tcp://127.0.0.1:0");
  await link.lose();
  assert.equal(signal.aborted, false);
  await restart(link, next);
  assert.equal(signal.aborted, true);
  assert.match(String(signal.reason), /has begun anew: nobody waits any more/);
  const [nextPeer] = next.peers;
  const second = nextPeer.request<string>("slow");
  await running.next();
  go.resolve("answer");
  assert.equal(await second, "answer");
  assert.equal(nextPeer.counts.lateAnswers, 0);
});

Deno.test("after a server restart a stream fails, and its reader hears so behind the parts that came", async () => {
  await using link = await Linked.up();
  link.server.onRequest("parts", async function* () {
    yield 1;
    yield 2;
    await new Promise(() => {});
  });
  const parts = link.client.stream<number>("parts");
  assert.deepEqual([(await parts.next()).value, (await parts.next()).value], [1, 2]);
  const third = assert.rejects(parts.next(), UNKNOWN);
  await using next = await listen("tcp://127.0.0.1:0");
  await link.lose();
  await restart(link, next);
  await third;
});

Deno.test("a request with a key survives restarts until it is answered", async () => {
  await using link = await Linked.up();
  const running = new Seen<string>();
  await using second = await listen("tcp://127.0.0.1:0");
  await using third = await listen("tcp://127.0.0.1:0");
  const never = (name: string) => () => (running.add(name), new Promise(() => {}));
  link.server.onRequest("work", never("first"));
  second.onRequest("work", never("second"));
  third.onRequest("work", () => (running.add("third"), "done"));
  const call = link.client.request("work", [], { key: "job 1" });
  assert.equal(await running.next(), "first");
  await link.lose();
  await restart(link, second);
  assert.equal(await running.next(), "second");
  await restart(link, third);
  assert.equal(await call, "done");
  assert.deepEqual(running.all, ["first", "second", "third"]);
});

Deno.test("the session after a restart is resumed like the first one", async () => {
  await using link = await Linked.up();
  const { client, proxy, here } = link;
  await using next = await listen("tcp://127.0.0.1:0");
  const running = new Seen<void>();
  const go = Promise.withResolvers<string>();
  next.onRequest("slow", () => (running.add(), go.promise));
  await link.lose();
  const call = client.request("slow");
  await restart(link, next);
  await running.next();
  proxy.cut();
  await here.until("connect resumed");
  go.resolve("once");
  assert.equal(await call, "once");
  assert.equal(running.all.length, 1);
});

Deno.test("a server that closes and starts on the same port is found again", async () => {
  await using link = await Linked.up();
  const { client, server, here } = link;
  const running = new Seen<void>();
  server.onRequest("slow", () => (running.add(), new Promise(() => {})));
  const lost = assert.rejects(client.request("slow"), { outcome: "unknown" });
  await running.next();
  const { address } = server;
  await server.close();
  await here.until("down goodbye retry");
  assert.equal((await link.peer.closed).willRetry, false);
  await using next = await listen(address);
  next.onRequest("slow", () => "quick");
  await here.until("connect anew");
  await lost;
  assert.equal(await client.request("slow"), "quick");
});
