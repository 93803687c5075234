import assert from "node:assert/strict";
import { type Callbacks, connect, type Direction, listen, type Traffic } from "../../mod.ts";
import { orderDialect } from "../dialect/order_dialect.ts";

/** What was said, in a line each; times are left out. */
function log(): { lines: string[]; callbacks: Callbacks } {
  const lines: string[] = [];
  const callbacks = {
    onTraffic: ({ bytes, ...traffic }: Traffic) => {
      assert.ok(bytes >= 0);
      if ("ms" in traffic) assert.ok(traffic.ms! >= 0);
      const { direction, kind, name, value, args, code } = traffic as Record<string, unknown>;
      lines.push([direction, kind, name, JSON.stringify(args ?? value), code].filter(Boolean).join(" "));
    },
  };
  return { lines, callbacks };
}

Deno.test("onTraffic sees everything that is said, at both ends", async () => {
  const here = log();
  const there = log();
  await using server = await listen("tcp://127.0.0.1:0", { onReceive: () => {} });
  server.use(there.callbacks);
  server.onRequest("add", (_call, a: number, b: number) => a + b);
  server.onAction("led", () => {});
  await using client = await connect(server.address, here.callbacks);
  await client.send("hello", { ack: true });
  assert.equal(await client.request("add", [1, 2]), 3);
  await client.action("led", true, { ack: true });
  await assert.rejects(client.request("tiem"));
  server.broadcast("all");
  assert.equal(await client.receive(), "all");
  const said = [
    'out message "hello"',
    "in answer",
    "out request add [1,2]",
    "in answer add 3",
    "out action led [true]",
    "in answer led",
    "out request tiem []",
    "in failure tiem not_found",
    'in message "all"',
  ];
  assert.deepEqual(here.lines, said);
  const mirrored = said.map((line) =>
    line.startsWith("out") ? line.replace("out", "in") : line.replace("in", "out")
  );
  assert.deepEqual(there.lines, mirrored);
});

Deno.test("onTraffic finds the request of an answer where only the order tells", async () => {
  const here = log();
  const there = log();
  await using server = await listen("tcp://127.0.0.1:0", { dialect: orderDialect(), ...there.callbacks });
  server.onRequest("a", () => "1");
  server.onRequest("b", () => "2");
  await using client = await connect(server.address, { dialect: orderDialect(), ...here.callbacks });
  await Promise.all([client.request("a"), client.request("b")]);
  assert.deepEqual(here.lines.filter((line) => line.includes("answer")), [
    'in answer a "1"',
    'in answer b "2"',
  ]);
  assert.deepEqual(there.lines.filter((line) => line.includes("answer")), [
    'out answer a "1"',
    'out answer b "2"',
  ]);
});

Deno.test("onBytes sees the bytes of both directions, from when it is there until it is taken out", async () => {
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: (line, peer) => peer.send(line.toUpperCase()),
  });
  await using client = await connect(server.address, { dialect: "lines" });
  await client.ask("before");
  const seen: [Direction, string][] = [];
  const stop = client.use({
    onBytes: (bytes, direction) => seen.push([direction, new TextDecoder().decode(bytes)]),
  });
  await client.ask("hello");
  stop();
  await client.ask("after");
  assert.deepEqual(seen, [["out", "hello\n"], ["in", "HELLO\n"]]);
});

Deno.test("what onTraffic throws goes to onFail and hurts nobody", async () => {
  const failures: string[] = [];
  await using server = await listen("tcp://127.0.0.1:0", {
    onReceive: (message, peer) => peer.send(message),
  });
  await using client = await connect(server.address, {
    onTraffic: () => {
      throw new Error("kaput");
    },
    onFail: (error) => failures.push(error.message),
  });
  assert.equal(await client.ask("hello"), "hello");
  assert.deepEqual(failures, ["kaput", "kaput"]);
});
