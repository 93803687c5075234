import { type Client, connect, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { frame, MAGIC, str } from "../dialect/native/wire.ts";
import { type HandLink, HandServer, nameOf } from "./hand_link.ts";
import { Seen } from "./seen.ts";

const CANCEL = 11;

/** A client that comes back, and the first of its links. */
async function comesBack(server: HandServer): Promise<[Client, HandLink]> {
  const accepted = server.accept();
  const client = await connect(server.address, { reconnect: { minMs: 1, maxMs: 1 } });
  return [client, await accepted];
}

Deno.test("what may have been handled fails after the other side has begun anew, unless it may be repeated", async () => {
  using server = new HandServer();
  const [client, link] = await comesBack(server);
  const outcome = (call: Promise<unknown>) =>
    call.then((value) => `answered ${value}`, (error) => `${error.code} ${error.outcome}`);
  const calls = [
    client.request("safe"),
    client.request("safe too", [], { resend: "safe" }),
    client.request("never", [], { resend: "never" }),
    client.request("always", [], { resend: "always" }),
    client.request("keyed", [], { key: "k" }),
    client.send("acked", { ack: true }),
    client.send("acked, always", { ack: true, resend: "always" }),
    client.action("action", [], { ack: true }),
    client.action("action, always", [], { ack: true, resend: "always" }),
  ].map(outcome);
  await link.take(9);
  const next = server.accept();
  link.close();
  using again = await next;
  const frames = await again.take(4);
  assert.deepEqual(frames.map((frame) => [frame.seq, nameOf(frame)]), [
    [1, "always"],
    [2, "keyed"],
    [3, ""],
    [4, "action, always"],
  ]);
  await again.answer(frames.map(({ id }) => id));
  assert.deepEqual(await Promise.all(calls), [
    "unknown_outcome unknown",
    "unknown_outcome unknown",
    "unknown_outcome unknown",
    "answered undefined",
    "answered undefined",
    "unknown_outcome unknown",
    "answered undefined",
    "unknown_outcome unknown",
    "answered undefined",
  ]);
  await client.close();
});

Deno.test("the error of a call whose outcome is unknown says what to do about it", async () => {
  using server = new HandServer();
  const [client, link] = await comesBack(server);
  const asked = assert.rejects(client.request("pay"), {
    name: "BrokenError",
    message: new RegExp(
      '^Request "pay" to \\S+ was under way when the other side was lost: nobody knows whether it was handled; ' +
        'give it a "key", or resend: "always", to have it sent again$',
    ),
  });
  await link.next();
  const next = server.accept();
  link.close();
  using _again = await next;
  await asked;
  await client.close();
});

Deno.test("calls that are made while the link is down go out once, on the next one, whatever follows", async () => {
  using server = new HandServer();
  const [client, link] = await comesBack(server);
  const down = new Seen<void>();
  client.use({ onDisconnect: () => down.add() });
  link.close();
  await down.next();
  assert.equal(client.state, "down");
  const asked = [
    client.request("a"),
    client.request("b", [], { resend: "never" }),
    client.send("c", { ack: true }),
  ];
  using again = await server.accept(); // knows nothing of the session
  const frames = await again.take(3);
  assert.deepEqual(frames.map((frame) => [frame.seq, nameOf(frame)]), [[1, "a"], [2, "b"], [3, ""]]);
  await again.answer(frames.map(({ id }) => id));
  await Promise.all(asked);
  await client.close();
});

Deno.test("a session that goes on repeats what is missing, and not what must never be", async () => {
  using server = new HandServer();
  const [client, link] = await comesBack(server);
  const never = assert.rejects(client.request("never", [], { resend: "never" }), {
    code: "unknown_outcome",
    outcome: "unknown",
  });
  const safe = client.request("safe");
  const [, second] = await link.take(2);
  const dialed = server.dialed();
  link.close();
  using again = await dialed;
  const session = `${str("sid")} ${str("5e55")} ${str("epoch")} ${str("first")}`;
  const resumed = `86 ${str("v")} 01 ${str("resumed")} c3 ${str("rx")} 00 ${str("caps")} 91 ${
    str("resume")
  } ${session}`;
  await again.write(MAGIC + frame(3, 1, 0, resumed));
  await never;
  const frames = await again.take(2);
  assert.deepEqual(frames.map(({ type, seq }) => [type, seq]), [[CANCEL, 1], [second.type, 2]]);
  assert.equal(nameOf(frames[1]), "safe");
  await again.answer([frames[1].id]);
  await safe;
  await client.close();
});

Deno.test("resend is one of three words, where there is an answer to wait for", async () => {
  await using server = await listen("memory://resend-usage");
  server.onRequest("get", () => 1);
  server.onAction("go", () => {});
  server.use({ onReceive: () => {} });
  await using client = await connect(server.address);
  for (const resend of ["safe", "always", "never"] as const) {
    assert.equal(await client.request("get", [], { resend }), 1);
    await client.send("x", { ack: true, resend });
    await client.action("go", [], { ack: true, resend });
  }
  const odd = { resend: "sometimes" as "safe" };
  const { messagesOut } = client.counts;
  for (
    const call of [
      () => client.request("get", [], odd),
      () => client.send("x", { ...odd, ack: true }),
      () => client.action("go", [], { ...odd, ack: true }),
    ]
  ) {
    await assert.rejects(async () => await call(), {
      name: "TypeError",
      code: "usage",
      message: /^Cannot use "sometimes" as "resend" of \w+\(\): one of "safe", "always", "never" is wanted$/,
    });
  }
  assert.equal(client.counts.messagesOut, messagesOut);
});
