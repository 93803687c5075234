import { type Client, connect, createClient, listen, type ParleyError } from "@parley/parley";
import assert from "node:assert/strict";
import { Seen } from "./seen.ts";

/** Every call that says something to the other side. */
const CALLS: Record<string, (client: Client, options?: object) => Promise<unknown>> = {
  send: (client, options) => client.send("x", options),
  ack: (client, options) => client.send("x", { ack: true, ...options }),
  action: (client, options) => client.action("hang", [], options),
  acked: (client, options) => client.action("hang", [], { ack: true, ...options }),
  request: (client, options) => client.request("hang", [], options),
  keyed: (client, options) => client.request("hang", [], { key: "k", ...options }),
  stream: (client, options) => client.stream("hang", [], options).next(),
  describe: (client, options) => client.describe(options),
  ask: (client, options) => client.ask("x", options),
};

/** Calls that wait for the other side, and get nothing from a server of these tests. */
const WAITING = ["ack", "acked", "request", "keyed", "stream", "ask"];

async function fate(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "no error";
  } catch (error) {
    const { name, code, outcome } = error as ParleyError;
    assert.ok(error instanceof Error && error.message !== "");
    return `${name} ${code} ${outcome}`;
  }
}

async function fates(client: Client, names: string[], options?: object): Promise<Set<string>> {
  return new Set(await Promise.all(names.map((name) => fate(CALLS[name](client, options)))));
}

/** A server whose handlers never end. */
function hanging(name: string, began: Seen<void> = new Seen()) {
  const hang = () => (began.add(), new Promise(() => {}));
  const handlers = { onRequest: "hang", onAction: "hang" };
  return listen(`memory://${name}`, { limits: { closeMs: 10 } }).then((server) => {
    server.onRequest(handlers.onRequest, hang);
    server.onAction(handlers.onAction, hang);
    return server;
  });
}

Deno.test("calls on a link that is not open, or was closed, tell that nothing was sent", async () => {
  const names = Object.keys(CALLS);
  const client = createClient("memory://outcome-closed");
  assert.deepEqual(await fates(client, names), new Set(["ClosedError not_connected not-sent"]));
  await using _server = await hanging("outcome-closed");
  await client.start();
  await client.close();
  assert.deepEqual(await fates(client, names), new Set(["ClosedError closed not-sent"]));
});

Deno.test("calls on a link that the other side has ended tell that nothing was sent", async () => {
  await using server = await hanging("outcome-ended");
  await using client = await connect(server.address);
  [...server.peers][0].close();
  await client.closed;
  assert.deepEqual(await fates(client, Object.keys(CALLS)), new Set(["BrokenError not_connected not-sent"]));
});

Deno.test("calls whose signal is aborted before tell that nothing was sent", async () => {
  await using server = await hanging("outcome-signal");
  await using client = await connect(server.address);
  const signal = AbortSignal.abort();
  assert.deepEqual(
    await fates(client, Object.keys(CALLS), { signal }),
    new Set(["CancelledError cancelled not-sent"]),
  );
  assert.equal(client.counts.messagesOut, 0);
});

Deno.test("calls that are called off under way tell that nobody knows", async () => {
  const began = new Seen<void>();
  await using server = await hanging("outcome-cancel", began);
  await using client = await connect(server.address);
  const stop = new AbortController();
  const told = fates(client, WAITING, { signal: stop.signal });
  await began.take(4);
  stop.abort();
  assert.deepEqual(await told, new Set(["CancelledError cancelled unknown"]));
});

Deno.test("calls that get no answer in time tell that nobody knows", async () => {
  await using server = await hanging("outcome-timeout");
  await using client = await connect(server.address);
  const told = await fates(client, WAITING, { timeoutMs: 10 });
  told.delete("RemoteError deadline failed"); // the clock of the other side was first
  assert.deepEqual(told, new Set(["TimeoutError timeout unknown"]));
});

Deno.test("calls whose link ends under way tell that nobody knows", async () => {
  for (const who of ["server", "client"]) {
    const began = new Seen<void>();
    await using server = await hanging("outcome-lost", began);
    await using client = await connect(server.address);
    const told = fates(client, WAITING);
    await began.take(4);
    if (who === "server") [...server.peers][0].close();
    else client.close();
    const wanted = who === "server" ? "BrokenError disconnected unknown" : "ClosedError closed unknown";
    assert.deepEqual(await told, new Set([wanted]));
  }
});

Deno.test("calls that the other side refuses tell that they failed, and those that are too many that nothing was sent", async () => {
  await using server = await hanging("outcome-refused");
  server.onRequest("throws", () => Promise.reject(new Error("broke")));
  await using client = await connect(server.address, { limits: { maxPending: 2 } });
  assert.equal(await fate(client.request("nobody")), "RemoteError not_found failed");
  assert.equal(await fate(client.request("throws")), "RemoteError handler_failed failed");
  assert.equal(await fate(client.stream("nobody").next()), "RemoteError not_found failed");
  const waiting = [1, 2].map(() => fate(client.request("hang")));
  const told = await fates(client, ["ack", "acked", "request", "keyed", "stream", "describe"]);
  assert.deepEqual(told, new Set(["ParleyError busy not-sent"]));
  await client.close();
  await Promise.all(waiting);
});
