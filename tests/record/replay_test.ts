import assert from "node:assert/strict";
import {
  connect,
  findRecorded,
  listen,
  memoryPair,
  parseAddress,
  readRecording,
  type Recording,
  replay,
  replayLink,
  type Transport,
} from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import { WITH_PORTS } from "../transport/serial/open_lines.ts";
import { BENCH, powerSupply, recorded } from "./recordings.ts";

async function dial(address: string): Promise<Transport> {
  const { address: parsed, kind } = parseAddress(address);
  return await (kind.dialer?.(parsed, {}) ?? { connect: (how: object) => kind.connect(parsed, how) }).connect(
    {},
  );
}

Deno.test(
  "our side is said to the real one, over TCP and a serial line, and its answers are compared",
  WITH_PORTS,
  async () => {
    const recording = await readRecording(BENCH);
    await using pair = virtualSerialPair();
    await using net = await powerSupply();
    await using line = await powerSupply(`serial:${pair.a.path}`);
    assert(line.isListening);
    for (const address of [net.address, `serial:${pair.b.path}`]) {
      const transport = await dial(address);
      const pieces: string[] = [];
      const done = await replay(transport, recording, {
        speed: 1000,
        onPiece: ({ step, direction, bytes }) =>
          pieces.push(`${step} ${direction} ${new TextDecoder().decode(bytes)}`),
      });
      assert.deepEqual(done, { steps: 4, bytesOut: 24, bytesIn: 24 });
      assert.deepEqual(pieces.slice(0, 2), ["1 out *IDN?\n", "2 in KORAD KD3305P V4.2\n"]);
      transport.close();
      await transport.released;
    }
  },
);

Deno.test("the pauses are asked for as recorded, and the pace decides when a piece leaves", async () => {
  const recording = await readRecording(BENCH);
  await using supply = await powerSupply();
  const transport = await dial(supply.address);
  const asked: [number, number][] = [];
  await replay(transport, recording, { pace: ({ step, gapMs }) => void asked.push([step, gapMs]) });
  const { connections: [{ entries, ms }] } = recording.links[0];
  const bytes = entries.filter((entry) => entry.kind === "bytes");
  assert.deepEqual(asked, [
    [1, bytes[0].ms - ms],
    [3, bytes[2].ms - bytes[1].ms],
    [3, bytes[3].ms - bytes[2].ms],
  ]);
  transport.close();
});

Deno.test("an answer that differs, is missing, or never comes is told with its step", async (t) => {
  const recording = await readRecording(BENCH);
  const cases: [string, (line: string, send: (text: string) => void, end: () => void) => void, object][] = [
    ["it differs", (_line, send) => send("KORAD KD3305P V4.3"), {
      name: "MismatchError",
      step: 2,
      line: 6,
      message:
        /^psu: mismatch at step 2 \(line 6 of .*\): the other side was to say "KORAD KD3305P V4.2\\n", and "KORAD KD3305P V4.3\\n" came; byte 18 is 0x33 \(3\), not 0x32 \(2\)$/,
    }],
    ["it ends", (_line, _send, end) => end(), {
      name: "MismatchError",
      step: 2,
      message: /nothing came; the other side has ended/,
    }],
    ["it is silent", () => {}, {
      name: "TimeoutError",
      message: /^psu: no answer at step 2 .*was to say "KORAD.*", and nothing came within 50 ms$/,
    }],
  ];
  for (const [what, answer, expected] of cases) {
    await t.step(what, async () => {
      await using server = await listen("tcp://127.0.0.1:0", {
        dialect: "lines",
        onReceive: (line, peer) => answer(line, (text) => peer.send(text), () => peer.close()),
      });
      const transport = await dial(server.address);
      await assert.rejects(replay(transport, recording, { speed: Infinity, timeoutMs: 50 }), expected);
      transport.close();
    });
  }
});

Deno.test("the side of a server is played to whoever connects, and the side of its peer to a server", async () => {
  const supply = await powerSupply();
  const psu = await connect(supply.address, { dialect: "lines" });
  const recording = await recorded({ supply }, () => psu.ask("VOUT1?"));
  await psu.close();
  const transport = await dial(supply.address);
  await replay(transport, recording, { says: "in", speed: Infinity });
  transport.close();
  await supply.close();

  const { address, kind } = parseAddress("tcp://127.0.0.1:0");
  const listener = await kind.listen!(address);
  await using client = await connect(listener.address, { dialect: "lines" });
  const accepted = (await listener.accept())!;
  const playing = replay(accepted, recording, { speed: Infinity, untilEnd: true });
  assert.equal(await client.ask("VOUT1?"), "5.00");
  await client.close();
  assert.deepEqual(await playing, { steps: 2, bytesOut: 5, bytesIn: 7 });
  accepted.close();
  listener.close();
});

Deno.test("of several peers of a server one has to be named, and those that said nothing do not count", async () => {
  await using supply = await powerSupply();
  const silent = await connect(supply.address, { dialect: "lines" });
  const one = await connect(supply.address, { dialect: "lines" });
  const two = await connect(supply.address, { dialect: "lines" });
  const recording = await recorded({ supply }, async () => {
    await one.ask("VOUT1?");
    await two.ask("*IDN?");
  });
  for (const client of [silent, one, two]) await client.close();
  const peers = recording.links[0].connections.filter(({ entries }) => entries.length > 0).map(({ peer }) =>
    peer
  );
  assert.throws(() => findRecorded(recording), {
    code: "no_such_link",
    message: new RegExp(`supply has 2 peers, ${peers.join(", ")}; say which \\(--peer\\)`),
  });
  assert.throws(() => findRecorded(recording, { peer: "tcp://x:1" }), {
    message: /no peer tcp:\/\/x:1; it has /,
  });
  const transport = await dial(supply.address);
  assert.equal(
    (await replay(transport, recording, { says: "in", peer: peers[1], speed: Infinity })).bytesIn,
    19,
  );
  transport.close();
});

Deno.test("a signal ends a replay while it pauses and while it waits", async () => {
  const recording = await readRecording(BENCH);
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onReceive: () => stop.abort(why),
  });
  const why = new Error("enough");
  let stop = new AbortController();
  const transport = await dial(server.address);
  await assert.rejects(replay(transport, recording, { signal: stop.signal }), why);
  stop = new AbortController();
  const slow = replay(transport, recording, { speed: 1e-6, signal: stop.signal });
  stop.abort(why);
  await assert.rejects(slow, why);
  await assert.rejects(replay(transport, recording, { signal: stop.signal }), why);
  transport.close();
});

Deno.test("what was said is played on a link that is open, whose own handlers answer", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { onReceive: () => {} });
  let offset = 0;
  server.onRequest("add", (_call, a, b) => a + b + offset);
  server.onRequest("greet", async (call) => `hello ${await call.peer.request("name")}`);
  await using hub = await connect(server.address);
  hub.onRequest("name", () => "hub");
  const recording: Recording = await recorded({ hub }, async () => {
    await hub.request("add", [1, 2]);
    await hub.request("greet");
    await hub.send("bye", { ack: true });
  });
  const heard: string[] = [];
  const options = { speed: Infinity, answers: false, timeoutMs: 1000 };
  const onSaid = (step: number, traffic: { kind: string }) => heard.push(`${step} ${traffic.kind}`);
  assert.equal(await replayLink(hub, recording, { ...options, onSaid }), 8);
  assert.equal(heard[0], "1 request");
  await using bare = await connect(server.address);
  assert.equal(await replayLink(bare, recording, { ...options, answers: true }), 8);
  offset = 1;
  await assert.rejects(replayLink(hub, recording, options), {
    name: "MismatchError",
    message: /mismatch at step 2 .*to say answer "add" 3, and answer "add" 4 came/,
  });
  await using lines = await powerSupply();
  await using psu = await connect(lines.address, { dialect: "lines" });
  await assert.rejects(replayLink(psu, recording), {
    name: "TypeError",
    message: /speaks lines, and the recording native/,
  });
});

Deno.test("bytes that are never the same twice are not played byte by byte", async () => {
  await using server = await listen("tcp://127.0.0.1:0", { onReceive: () => {} });
  await using hub = await connect(server.address);
  const recording = await recorded({ hub }, () => hub.send("x", { ack: true }));
  const transport = await dial(server.address);
  await assert.rejects(replay(transport, recording), {
    code: "by_meaning",
    message: /replayLink\(\) and mockLink\(\) play/,
  });
  transport.close();
});

Deno.test("who says all at once and then only listens gets every answer", async () => {
  const [ours, theirs] = memoryPair();
  const all = new TextEncoder().encode("*IDN?\nVSET1:5.00\nVOUT1?\n");
  await theirs.write(all);
  await theirs.closeWrite();
  const { bytesOut } = await replay(ours, await readRecording(BENCH), {
    says: "in",
    untilEnd: true,
    pace: () => new Promise((resolve) => setTimeout(resolve, 0)), // by then the end of the input has come
  });
  const answers = "KORAD KD3305P V4.2\n5.00\n";
  assert.equal(bytesOut, answers.length);
  let heard = "";
  while (heard.length < answers.length) heard += new TextDecoder().decode((await theirs.read())!);
  assert.equal(heard, answers);
  ours.close();
  theirs.close();
});
