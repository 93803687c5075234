import assert from "node:assert/strict";
import { connect, listen } from "../../mod.ts";
import { ObjectIds } from "../../src/web/object_ids.ts";
import type { PageBatch } from "../../src/web/page/wire.ts";
import { PageStream } from "../../src/web/page_stream.ts";
import { LookedAt } from "./looked_at.ts";

Deno.test("A page that does not read costs a bounded queue, and is told how much was left out", async () => {
  await using looked = new LookedAt();
  await using server = await listen("tcp://127.0.0.1:0", { dialect: "lines" });
  const link = looked.add("psu", await connect(server.address, { dialect: "lines" }));
  const ended = Promise.withResolvers<void>();
  const stream = new PageStream(looked.source, new ObjectIds(), { after: 0, wire: false }, ended.resolve);
  const say = (value: string) =>
    looked.book.push({
      at: Date.now(),
      link,
      peer: link,
      traffic: { direction: "in", bytes: 10, kind: "message", value },
      isOwn: false,
    });
  for (let line = 1; line <= 50_000; line++) say(`line ${line}`);
  const reader = stream.body.getReader();
  const read = async () => JSON.parse(new TextDecoder().decode((await reader.read()).value)) as PageBatch;
  const batch = await read();
  assert.equal(batch.said!.length, 400);
  assert.equal(batch.skipped, 49_600);
  assert.equal(batch.said!.at(-1)!.value, "line 50000");
  assert.deepEqual(batch.links!.map(({ name }) => name), ["psu"]);
  say("one more");
  const next = await read();
  assert.deepEqual(next.said!.map(({ value, seq }) => [value, seq]), [["one more", 50_001]]);
  assert.equal(next.skipped, undefined);
  await reader.cancel();
  await ended.promise;
});

Deno.test("A page that comes back hears what it has missed, once", async () => {
  await using looked = new LookedAt();
  await using server = await listen("tcp://127.0.0.1:0", { dialect: "lines" });
  const client = looked.add("psu", await connect(server.address, { dialect: "lines" }));
  for (const text of ["one", "two", "three"]) await client.send(text);
  const stream = new PageStream(looked.source, new ObjectIds(), { after: 1, wire: false }, () => {});
  const reader = stream.body.getReader();
  const { value } = await reader.read();
  const { said } = JSON.parse(new TextDecoder().decode(value)) as PageBatch;
  assert.deepEqual(said!.map(({ value, direction, linkName }) => [value, direction, linkName]), [
    ["two", "out", "psu"],
    ["three", "out", "psu"],
  ]);
  await reader.cancel();
});

Deno.test("The bytes on the wire are told to who wishes them, and looked at only for as long", async () => {
  await using looked = new LookedAt();
  await using server = await listen("tcp://127.0.0.1:0", { dialect: "lines" });
  const client = looked.add("psu", await connect(server.address, { dialect: "lines" }));
  const stream = new PageStream(looked.source, new ObjectIds(), { after: 0, wire: true }, () => {});
  await client.send("hi");
  const reader = stream.body.getReader();
  const seen: string[] = [];
  while (seen.length < 2) {
    const { said = [] } = JSON.parse(new TextDecoder().decode((await reader.read()).value)) as PageBatch;
    for (const { kind, value } of said) seen.push(`${kind} ${JSON.stringify(value)}`);
  }
  assert.deepEqual(seen.sort(), ['bytes {"$bytes":"aGkK"}', 'message "hi"']);
  await reader.cancel();
});
