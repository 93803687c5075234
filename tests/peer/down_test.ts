import { type Client, connect, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { Linked } from "./linked.ts";
import { Seen } from "./seen.ts";

Deno.test("calls made while the link is down leave with the next one, in order", async () => {
  const received = new Seen<unknown>();
  await using link = await Linked.up({ onReceive: received.add });
  const { client, peer, server } = link;
  server.onRequest("add", (_call, a: number, b: number) => (received.add(`${a}+${b}`), a + b));
  server.onAction("note", (_call, text: string) => received.add(text));
  client.onRequest("name", () => "client");
  await link.lose();
  const calls = [
    client.request("add", [1, 2]),
    client.send("acked", { ack: true }),
    client.action("note", "noted", { ack: true }),
    peer.request("name"),
  ];
  assert.equal(client.pending, 3);
  await link.restore();
  assert.deepEqual(await Promise.all(calls), [3, undefined, undefined, "client"]);
  assert.deepEqual(received.all, ["1+2", "acked", "noted"]);
  assert.ok(link.here.lines.includes("resumed 0"), "what never left is not sent again");
});

Deno.test("a stream opened while the link is down begins with the next one", async () => {
  await using link = await Linked.up();
  link.server.onRequest("count", function* (_call, n: number) {
    for (let at = 1; at <= n; at++) yield at;
  });
  await link.lose();
  const parts: number[] = [];
  const reading = (async () => {
    for await (const part of link.client.stream<number>("count", 3)) parts.push(part);
  })();
  await link.restore();
  await reading;
  assert.deepEqual(parts, [1, 2, 3]);
});

Deno.test("plain messages, actions and questions reject at once while the link is down, and were not sent", async () => {
  const received = new Seen<unknown>();
  await using link = await Linked.up({ onReceive: received.add });
  const { client, peer } = link;
  await link.lose();
  const refused = { name: "BrokenError", code: "not_connected", outcome: "not-sent" };
  await assert.rejects(client.send("plain"), {
    ...refused,
    message: /^Cannot send message to tcp:.*the link is down \(.*\); it is being restored$/,
  });
  await assert.rejects(client.action("note", "plain"), refused);
  await assert.rejects(client.ask("anybody?"), refused);
  await assert.rejects(peer.send("plain"), refused);
  assert.equal(link.server.broadcast("to all"), 0);
  await link.restore();
  await client.send("last", { ack: true });
  assert.deepEqual(received.all, ["last"]);
});

Deno.test("a message with queue waits for the next link, in order, on both sides", async () => {
  const [received, returned] = [new Seen<unknown>(), new Seen<unknown>()];
  await using link = await Linked.up({ onReceive: received.add }, { onReceive: returned.add });
  await link.lose();
  const sent = ["one", "two", "three"].map((text) => link.client.send(text, { queue: true }));
  sent.push(link.peer.send("back", { queue: true }));
  await link.restore();
  await Promise.all(sent);
  assert.deepEqual(await received.take(3), ["one", "two", "three"]);
  assert.equal(await returned.next(), "back");
});

Deno.test("a message with queue gives up after its time, and is not sent afterwards", async () => {
  const received = new Seen<unknown>();
  await using link = await Linked.up({ onReceive: received.add }, { limits: { sendMs: 20 } });
  const { client } = link;
  await link.lose();
  const stop = new AbortController();
  const stopped = client.send("stopped", { queue: true, signal: stop.signal, timeoutMs: 60_000 });
  stop.abort();
  await assert.rejects(stopped, { name: "CancelledError", outcome: "not-sent" });
  const late = { name: "TimeoutError", code: "timeout", outcome: "not-sent" };
  await assert.rejects(client.send("early", { queue: true, timeoutMs: 5 }), {
    ...late,
    message: /was not sent: the link was down for 5 ms/,
  });
  await assert.rejects(client.send("late", { queue: true }), late);
  await link.restore();
  await client.send("last", { ack: true });
  assert.deepEqual(received.all, ["last"]);
});

Deno.test("so many messages wait for a link, and no more", async () => {
  await using link = await Linked.up({}, { limits: { maxPending: 2 } });
  const { client } = link;
  await link.lose();
  const waiting = [client.send(1, { queue: true }), client.send(2, { queue: true })];
  await assert.rejects(client.send(3, { queue: true }), {
    code: "busy",
    outcome: "not-sent",
    message: /2 wait for the link already \(limits\.maxPending\)/,
  });
  const calls = [client.request("none"), client.request("none")].map((call) =>
    call.catch((error) => error.code)
  );
  await assert.rejects(client.request("none"), { code: "busy", outcome: "not-sent" });
  await link.restore();
  await Promise.all(waiting);
  assert.deepEqual(await Promise.all(calls), ["not_found", "not_found"]);
});

Deno.test("calls that time out or are cancelled while the link is down were not sent, and never are", async () => {
  const received = new Seen<unknown>();
  await using link = await Linked.up({ onReceive: received.add });
  const { client, server } = link;
  server.onRequest("note", (_call, text: string) => received.add(text));
  server.onAction("note", (_call, text: string) => received.add(text));
  await link.lose();
  const late = { name: "TimeoutError", code: "timeout", outcome: "not-sent" };
  await Promise.all([
    assert.rejects(client.request("note", "a", { timeoutMs: 5 }), { ...late, message: /it was not sent/ }),
    assert.rejects(client.action("note", "b", { timeoutMs: 5, ack: true }), late),
    assert.rejects(client.send("c", { timeoutMs: 5, ack: true }), late),
  ]);
  const stop = new AbortController();
  const stopped = client.request("note", "d", { signal: stop.signal });
  stop.abort();
  await assert.rejects(stopped, { name: "CancelledError", outcome: "not-sent" });
  await link.restore();
  await client.request("note", "last");
  assert.deepEqual(received.all, ["last"]);
});

Deno.test("a call that was sent and times out while the link is down may have been handled", async () => {
  await using link = await Linked.up();
  const { client, server } = link;
  const running = new Seen<AbortSignal>();
  server.onRequest("wait", (call) => {
    running.add(call.signal);
    return new Promise(() => {});
  });
  const call = client.request("wait", [], { timeoutMs: 150 });
  const signal = await running.next();
  await link.lose();
  await assert.rejects(call, { name: "TimeoutError", outcome: "unknown" });
  await link.restore();
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  assert.equal(client.pending, 0);
});

Deno.test("a handler whose caller gave up while the link was down hears so on the next one", async () => {
  await using link = await Linked.up();
  const { client, server } = link;
  const running = new Seen<AbortSignal>();
  server.onRequest("wait", (call) => {
    running.add(call.signal);
    return new Promise(() => {});
  });
  const stop = new AbortController();
  const call = client.request("wait", [], { signal: stop.signal });
  const signal = await running.next();
  await link.lose();
  stop.abort();
  await assert.rejects(call, { name: "CancelledError", outcome: "unknown" });
  await link.restore();
  await assert.rejects(client.request("none"), { code: "not_found" });
  assert.equal(signal.aborted, true);
});

Deno.test("a reader that leaves a stream while the link is down ends it on the next one", async () => {
  await using link = await Linked.up();
  let ended = false;
  link.server.onRequest("endless", async function* () {
    try {
      for (let n = 0;; n++) yield n;
    } finally {
      ended = true;
    }
  });
  const parts = link.client.stream<number>("endless");
  await parts.next();
  await link.lose();
  await parts.return();
  await link.restore();
  await assert.rejects(link.client.request("none"), { code: "not_found" });
  assert.equal(ended, true);
});

Deno.test("what waits for a link leaves when onOpen is done", async () => {
  const heard = new Seen<string>();
  const device = () =>
    listen("memory://queue-behind-open", {
      dialect: "lines",
      onReceive: (line: string, peer) => {
        heard.add(line);
        return peer.send(`${line}!`);
      },
    });
  const answers: unknown[] = [];
  const first = await device();
  await using client = await connect(first.address, {
    dialect: "lines",
    reconnect: { minMs: 1, maxMs: 1 },
    onFail: () => {},
    onOpen: async (link: Client) => answers.push(await link.ask("login")),
  });
  await first.close();
  const queued = client.send("queued", { queue: true });
  await using _second = await device();
  await queued;
  assert.deepEqual(await heard.take(3), ["login", "login", "queued"]);
  assert.deepEqual(answers, ["login!", "login!"]);
});
