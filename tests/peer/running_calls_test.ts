import { connect, defineDialect, lines, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { Seen } from "./seen.ts";

Deno.test("requests are answered as their handlers end, not in the order in which they came", async () => {
  const gates = [1, 2, 3].map(() => Promise.withResolvers<void>());
  await using server = await listen("memory://out-of-order");
  server.onRequest("wait", async (_call, i: number) => {
    await gates[i].promise;
    return i;
  });
  await using client = await connect(server.address);
  const done: number[] = [];
  const answers = [0, 1, 2].map((i) => client.request("wait", i).then((value: number) => done.push(value)));
  for (const i of [2, 0, 1]) {
    gates[i].resolve();
    await answers[i];
  }
  assert.deepEqual(done, [2, 0, 1]);
});

Deno.test("a request beyond maxHandling is answered busy, and there is room again when one has ended", async () => {
  const gate = Promise.withResolvers<void>();
  await using server = await listen("memory://busy", { limits: { maxHandling: 2 } });
  server.onRequest("wait", () => gate.promise);
  server.onRequest("quick", () => "done");
  await using client = await connect(server.address);
  const waiting = [client.request("wait"), client.request("wait")];
  await assert.rejects(client.request("quick"), {
    name: "RemoteError",
    code: "busy",
    message: /2 calls are being handled already/,
  });
  gate.resolve();
  await Promise.all(waiting);
  assert.equal(await client.request("quick"), "done");
});

for (const when of ["at once", "later"]) {
  Deno.test(`a callback that asks back ${when} gets its answer though maxHandling callbacks run`, async () => {
    const answers = new Seen<unknown>();
    await using server = await listen("memory://ask-back", {
      limits: { maxHandling: 2, requestMs: 5000 },
      onReceive: async (_message, peer) => {
        if (when === "later") await Promise.resolve();
        answers.add(await peer.request("who").catch((error) => error.message));
      },
    });
    await using client = await connect(server.address);
    client.onRequest("who", () => "client");
    for (let i = 0; i < 6; i++) client.send(i);
    assert.deepEqual(await answers.take(6), Array(6).fill("client"));
  });
}

Deno.test("callbacks that go on asynchronously stop the reading at maxHandling, and nothing is lost", async () => {
  const gate = Promise.withResolvers<void>();
  const begun: unknown[] = [];
  const ended = new Seen<unknown>();
  await using server = await listen("memory://many-callbacks", {
    dialect: "raw",
    limits: { maxHandling: 3 },
    onReceive: async ([n]: Uint8Array) => {
      begun.push(n);
      await gate.promise;
      ended.add(n);
    },
  });
  await using client = await connect(server.address, { dialect: "raw" });
  for (let i = 0; i < 10; i++) {
    await client.send(Uint8Array.of(i));
    for (let turn = 0; turn < 20; turn++) await Promise.resolve(); // a chunk of its own for each
  }
  assert.ok(begun.length <= 4, `${begun.length} callbacks at once`);
  gate.resolve();
  const all: unknown[] = [];
  while (all.length < begun.length || ended.all.length < begun.length) all.push(await ended.next());
  assert.equal(begun[0], 0);
});

Deno.test("a handler keeps its place until it really ends, also when the caller has given up", async () => {
  const gate = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  await using server = await listen("memory://place", { limits: { maxHandling: 1 } });
  server.onRequest("wait", async () => {
    await gate.promise;
    ended.resolve();
  });
  server.onRequest("quick", () => "done");
  await using client = await connect(server.address);
  await assert.rejects(client.request("wait", [], { timeoutMs: 10 }), { name: "TimeoutError" });
  await assert.rejects(client.request("quick"), { code: "busy" });
  gate.resolve();
  await ended.promise;
  assert.equal(await client.request("quick"), "done");
  assert.equal(client.counts.lateAnswers, 1);
});

/** Has requests and answers, but no words for failures. */
const blunt = defineDialect<string>({
  name: "blunt",
  correlation: "id",
  open: ({ limits }) => ({
    codec: lines({ maxFrameBytes: limits.maxFrameBytes }),
    read: (line) => {
      const [kind, number, text] = line.split(" ");
      const id = Number(number);
      return kind === "?"
        ? { kind: "request", id, name: text, args: [] }
        : { kind: "answer", id, value: text };
    },
    write: (message) => {
      if (message.kind === "request") return `? ${message.id} ${message.name}`;
      if (message.kind === "answer") return `= ${message.id} ${message.value}`;
      throw new TypeError(`No words for a ${message.kind}`);
    },
  }),
});

Deno.test("a handler that fails where the dialect has no words for it is reported and ends nothing", async () => {
  const failed = new Seen<Error>();
  await using server = await listen("memory://blunt", { dialect: blunt, onFail: failed.add });
  server.onRequest("sync", () => {
    throw new Error("sync broke");
  });
  server.onRequest("async", () => Promise.reject(new Error("async broke")));
  server.onRequest("fine", () => "yes");
  await using client = await connect(server.address, { dialect: blunt });
  for (const name of ["sync", "async", "nobody"]) {
    await assert.rejects(client.request(name, [], { timeoutMs: 10 }), { name: "TimeoutError" });
  }
  assert.deepEqual(failed.all.map((error) => error.message), [
    ...["No words for a failure", "sync broke", "No words for a failure", "async broke"],
    "No words for a failure",
  ]);
  assert.equal(await client.request("fine"), "yes");
});
