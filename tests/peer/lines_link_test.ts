import assert from "node:assert/strict";
import { Linked } from "./linked.ts";
import { Seen } from "./seen.ts";

/** A client and a server that speak lines: there is no session that could go on. */
function lines(onServer = {}, onClient = {}): Promise<Linked> {
  return Linked.up({ dialect: "lines", ...onServer }, { dialect: "lines", ...onClient });
}

Deno.test("a client that speaks lines comes back with its callbacks, to a server that takes it for somebody new", async () => {
  const received = new Seen<string>();
  await using link = await lines(
    { onReceive: (line: string, peer: { send(line: string): void }) => peer.send(line.toUpperCase()) },
    { onReceive: received.add },
  );
  const { client, peer, server, here, there } = link;
  await client.send("one");
  assert.equal(await received.next(), "ONE");
  await link.lose();
  assert.equal((await peer.closed).willRetry, false);
  await link.restore();
  await client.send("two");
  assert.equal(await received.next(), "TWO");
  const told = ["down eof retry", "disconnect eof retry", "retry 1", "up anew", "connect anew"];
  assert.deepEqual(here.lines.slice(2), told);
  assert.deepEqual(there.lines.slice(2), ["down eof", "disconnect eof", "up first", "connect first"]);
  assert.notEqual([...server.peers][0], peer);
});

Deno.test("a question that has no answer when its link is lost fails, and nobody knows what became of it", async () => {
  const asked = new Seen<string>();
  await using link = await lines({ onReceive: asked.add });
  const failed = assert.rejects(link.client.ask("anybody?"), {
    name: "BrokenError",
    code: "disconnected",
    outcome: "unknown",
    message: /^Link tcp:.* ended before the message was answered: /,
  });
  await asked.next();
  await link.lose();
  await failed;
  assert.equal(link.client.pending, 0);
  await link.restore();
});

Deno.test("receive and for await go on over the links, and what came before is not lost", async () => {
  await using link = await lines();
  const { client, peer, server } = link;
  const received = new Seen<string>();
  const reading = (async () => {
    for await (const line of client) {
      received.add(line);
      if (line === "last") return;
    }
  })();
  await peer.send("before");
  assert.equal(await received.next(), "before");
  await link.lose();
  await link.restore();
  await [...server.peers][0].send("behind");
  await [...server.peers][0].send("last");
  await reading;
  assert.deepEqual(received.all, ["before", "behind", "last"]);
  const next = client.receive();
  await link.lose();
  await link.restore();
  await [...server.peers][0].send("next");
  assert.equal(await next, "next");
});

Deno.test("what waits in the inbox stays there when the link is lost", async () => {
  const received = new Seen<string>();
  await using link = await lines({}, { onReceive: received.add });
  const { client, peer } = link;
  await peer.send("kept");
  await received.next();
  await link.lose();
  assert.equal(await client.receive(), "kept");
});

Deno.test("while the link is down lines are refused, or wait when they may", async () => {
  const received = new Seen<string>();
  await using link = await lines({ onReceive: received.add });
  const { client } = link;
  await link.lose();
  const refused = { name: "BrokenError", code: "not_connected", outcome: "not-sent" };
  await assert.rejects(client.send("plain"), refused);
  await assert.rejects(client.ask("anybody?"), refused);
  const queued = client.send("queued", { queue: true });
  await link.restore();
  await queued;
  await client.send("last");
  assert.deepEqual(await received.take(2), ["queued", "last"]);
});

Deno.test("half a line of one link is not glued to the next", async () => {
  const received = new Seen<string>();
  const strangers = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using link = await lines({}, { onReceive: received.add });
  link.proxy.target = strangers.addr.port;
  link.proxy.cut();
  const half = await strangers.accept();
  await half.write(new TextEncoder().encode("whole\nhal"));
  assert.equal(await received.next(), "whole");
  half.close();
  const whole = await strangers.accept();
  await whole.write(new TextEncoder().encode("line\n"));
  assert.equal(await received.next(), "line");
  whole.close();
  strangers.close();
});

Deno.test("a loop over a link ends with its signal, and takes no message with it", async () => {
  await using link = await lines();
  const { client, peer } = link;
  const stop = new AbortController();
  const received: string[] = [];
  const loop = (async () => {
    for await (const line of { [Symbol.asyncIterator]: () => client[Symbol.asyncIterator](stop.signal) }) {
      received.push(line);
    }
  })();
  stop.abort();
  await loop;
  await peer.send("for whoever asks next");
  assert.equal(await client.receive(), "for whoever asks next");
  assert.deepEqual(received, []);
});
