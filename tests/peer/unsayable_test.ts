import { cannotSay, type Client, connect, defineDialect, lines, listen } from "@parley/parley";
import assert from "node:assert/strict";

/** Every way to say a value, and what errors call the place where it stands. */
const SAYINGS: [say: (client: Client, value: unknown) => Promise<unknown>, place: string][] = [
  [(client, value) => client.send(value), "value"],
  [(client, value) => client.send(value, { ack: true }), "value"],
  [(client, value) => client.ask(value), "value"],
  [(client, value) => client.action("go", [1, value]), "args[1]"],
  [(client, value) => client.action("go", [value], { ack: true }), "args[0]"],
  [(client, value) => client.request("go", [1, value]), "args[1]"],
  [(client, value) => client.request("go", [], { kwargs: { unit: value } }), "kwargs.unit"],
  [(client, value) => client.request("go", [1, value], { key: "k" }), "args[1]"],
  [(client, value) => client.stream("go", [1, value]).next(), "args[1]"],
];

function cycle(): unknown {
  const value: Record<string, unknown> = {};
  value.me = value;
  return value;
}

Deno.test("what cannot be said rejects before anything is sent, and names the place inside the value", async () => {
  await using server = await listen("memory://unsayable");
  await using client = await connect(server.address);
  const { bytesOut } = client.counts;
  const values: [value: unknown, name: string, path: string, message: string][] = [
    [{ a: [1, () => {}] }, "TypeError", ".a[1]", "is a function"],
    [{ a: { "two words": Symbol() } }, "TypeError", ".a", "is a symbol"],
    [{ big: [2n ** 64n] }, "RangeError", ".big[0]", "has 65 bits, a bigint may have 64"],
    [{ big: [-(2n ** 63n) - 1n] }, "RangeError", ".big[0]", "a bigint may have 64"],
    [cycle(), "TypeError", ".me", ""],
    [[new Map()], "TypeError", "[0]", ""],
    [{ at: new Date(NaN) }, "RangeError", ".at", "is an invalid Date"],
  ];
  for (const [say, place] of SAYINGS) {
    for (const [value, name, path, message] of values) {
      await assert.rejects(say(client, value), (error: Error & { code?: string; outcome?: string }) => {
        assert.deepEqual([error.name, error.code, error.outcome], [name, "usage", "not-sent"]);
        assert.ok(error.message.includes(place + path), `${error.message}: ${place}${path}`);
        assert.ok(error.message.includes(message), error.message);
        return true;
      });
    }
  }
  assert.deepEqual([client.counts.bytesOut, client.pending, client.counts.messagesOut], [bytesOut, 0, 0]);
});

Deno.test("what is above the frame limit rejects before anything is sent, with both numbers", async () => {
  await using server = await listen("memory://too-large", { limits: { maxFrameBytes: 1000 } });
  await using client = await connect(server.address);
  const { bytesOut } = client.counts;
  const values = ["x".repeat(5000), new Uint8Array(5000), ["x".repeat(4995), 1], { a: new Uint8Array(4990) }];
  for (const [say] of SAYINGS) {
    for (const value of values) {
      await assert.rejects(say(client, value), {
        name: "RangeError",
        code: "usage",
        message: /^Cannot send a message of (499\d|5\d\d\d) bytes: the limit of this link is 1000 bytes /,
      });
    }
  }
  assert.deepEqual([client.counts.bytesOut, client.pending], [bytesOut, 0]);
});

Deno.test("an answer that cannot be said or is too large is an error of the request, and the link lives on", async () => {
  const failed: string[] = [];
  await using server = await listen("memory://unsayable-answer", {
    limits: { maxFrameBytes: 1000 },
    onFail: (error) => void failed.push(error.message),
  });
  server.onRequest("bad", () => ({ list: [() => {}] }));
  server.onRequest("large", () => Promise.resolve("x".repeat(5000)));
  server.onRequest("fine", () => "fine");
  await using client = await connect(server.address);
  await assert.rejects(client.request("bad"), {
    name: "RemoteError",
    code: "unserialisable",
    outcome: "failed",
    message: /value\.list\[0\] is a function/,
  });
  await assert.rejects(client.request("large"), {
    name: "RemoteError",
    code: "too_large",
    outcome: "failed",
    message: /5000 bytes: the limit of this link is 1000 bytes/,
  });
  assert.equal(failed.length, 2);
  assert.equal(await client.request("fine"), "fine");
});

Deno.test("on a wire without ids and without words for errors, one failing request holds up no other", async () => {
  const failures: string[] = [];
  const mute = defineDialect<string>({
    name: "mute",
    correlation: "order",
    open: ({ limits }) => ({
      codec: lines({ maxFrameBytes: limits.maxFrameBytes }),
      read: (line) =>
        line.startsWith("? ")
          ? { kind: "request", name: line.slice(2), args: [] }
          : { kind: "answer", value: line },
      write: (message) => {
        if (message.kind === "request") return `? ${message.name}`;
        if (message.kind === "answer") return String(message.value);
        throw cannotSay("mute", message, "it has no words for errors");
      },
    }),
  });
  await using server = await listen("memory://mute", {
    dialect: mute,
    onFail: (error) => failures.push(error.message),
  });
  server.onRequest("good", () => "fine");
  server.onRequest("bad", () => {
    throw new Error("kaput");
  });
  await using client = await connect("memory://mute", { dialect: mute });
  const answers = ["bad", "nobody", "good"].map((name) => client.request(name).catch(() => "none"));
  assert.equal(await answers[0], "fine", "the only answer is the first that comes");
  assert.deepEqual(failures.map((text) => text.replace(/ \(asked by .*/, "")), [
    "kaput",
    'Cannot send a failure in the dialect "mute": it has no words for errors',
  ]);
  client.close();
  await Promise.all(answers);
});
