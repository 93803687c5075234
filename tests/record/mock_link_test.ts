import assert from "node:assert/strict";
import {
  type Client,
  connect,
  createClient,
  type LinkMock,
  listen,
  mockLink,
  readRecording,
  type Recording,
  serial,
} from "@parley/parley";
import { BENCH, inTemp, powerSupply, readText, recorded } from "./recordings.ts";
import { virtualSerialPair } from "@parley/parley/testing";
import { WITH_PORTS } from "../transport/serial/open_lines.ts";

/** Runs `work` while a recording stands in, and resolves with the mock when its end was checked. */
async function mocked(recording: Recording, work: () => Promise<unknown>): Promise<LinkMock> {
  const mock = mockLink(recording);
  try {
    await work();
  } finally {
    mock.stop();
  }
  await mock.close();
  return mock;
}

Deno.test("a program runs without its device, over TCP and Unix sockets, and every answer is the recorded one", async () => {
  await inTemp(async (folder) => {
    for (const address of ["tcp://127.0.0.1:0", `unix://${folder}/psu.sock`]) {
      const supply = await powerSupply(address);
      const target = supply.address;
      const program = async () => {
        await using psu = await connect(target, { dialect: "lines" });
        await psu.send("VSET1:7.5");
        return [await psu.ask("*IDN?"), await psu.ask("VOUT1?"), psu.address];
      };
      const psu = createClient(target, { dialect: "lines" });
      const recording = await recorded({ psu }, async () => {
        await psu.start();
        await psu.send("VSET1:7.5");
        await psu.ask("*IDN?");
        await psu.ask("VOUT1?");
        await psu.close();
      });
      await supply.close();
      await mocked(recording, async () => {
        assert.deepEqual(await program(), ["KORAD KD3305P V4.2", "7.5", target]);
      });
      await assert.rejects(program(), { name: "BrokenError" }, "nobody stands in any more");
    }
  });
});

Deno.test("a serial line without a device can do what a serial line can", WITH_PORTS, async () => {
  const pair = virtualSerialPair();
  const supply = await powerSupply(`serial:${pair.a.path}`);
  const path = pair.b.path;
  const program = async () => {
    await using psu = await serial(path, { baudRate: 9600, reconnect: true });
    return await psu.ask("VOUT1?");
  };
  const psu = createClient(`serial:${path}`, { baudRate: 9600 });
  const recording = await recorded({ psu }, async () => {
    await psu.start();
    await psu.ask("VOUT1?");
    await psu.close();
  });
  await supply.close();
  await pair.close();
  assert.equal(await mocked(recording, program).then((mock) => mock.isUsed), true);
  const mock = mockLink(recording);
  await using line = await serial(path, { baudRate: 9600 });
  await line.setSignals({ dtr: false });
  assert.deepEqual(await line.getSignals(), {
    cts: false,
    dsr: false,
    dcd: false,
    ri: false,
    dtr: false,
    rts: true,
  });
  await line.pulse("rts", 1);
  await line.sendBreak(1);
  await line.flush();
  assert.equal(await line.ask("VOUT1?"), "5.00");
  await line.drain();
  await line.update({ baudRate: 19_200 });
  assert.equal(line.settings.baudRate, 19_200);
  assert.equal(line.path, path);
  await line.close();
  await assert.rejects(line.setSignals({ dtr: true }), { code: "closed" });
  await mock.close();
});

Deno.test("a program that says something else fails with the step, and its link ends", async () => {
  const recording = await readRecording(BENCH);
  const failures: Error[] = [];
  const mock = mockLink(recording, { onFail: (error) => failures.push(error) });
  const psu = await connect(recording.links[0].address, { dialect: "lines" });
  assert.equal(await psu.ask("*IDN?"), "KORAD KD3305P V4.2");
  await assert.rejects(psu.ask("VOUT2?"), {
    message: /mismatch at step 3 .*the program was to say "VSET1:5.00\\n", and "VOUT2\?\\n" came/,
  });
  await psu.closed;
  assert.equal(failures.length, 1);
  await assert.rejects(mock.close(), { code: "mismatch" });
});

Deno.test("a program that does not say all of it is told where it has ended", async () => {
  const recording = await readRecording(BENCH);
  const early = mockLink(recording);
  const psu = await connect(recording.links[0].address, { dialect: "lines" });
  await psu.ask("*IDN?");
  assert.match(early.missing!, /^psu: the program has ended at step 3 of the 4 in /);
  await psu.close();
  await assert.rejects(early.close(), {
    code: "mismatch",
    message: /step 3 .*nothing came; the program has ended the link/,
  });
  const never = mockLink(recording);
  assert.equal(never.isUsed, false);
  await never.close();
});

Deno.test("each connection of a link that was lost is played once, in order", async () => {
  let supply = await powerSupply();
  const { address } = supply;
  const psu = await connect(address, { dialect: "lines", reconnect: { minMs: 1, maxMs: 5 } });
  const recording = await recorded({ psu }, async () => {
    await psu.ask("VOUT1?");
    const down = Promise.withResolvers<void>();
    psu.use({ onDisconnect: () => down.resolve() });
    await supply.close();
    await down.promise;
    supply = await powerSupply(address);
    await psu.ready;
    await psu.ask("*IDN?");
    await psu.close();
  });
  await supply.close();
  const mock = mockLink(recording);
  const again = await connect(address, {
    dialect: "lines",
    reconnect: { minMs: 1, maxMs: 5 },
    onFail: () => {},
  });
  const down = Promise.withResolvers<void>();
  again.use({ onDisconnect: () => down.resolve() });
  assert.equal(await again.ask("VOUT1?"), "5.00");
  await down.promise;
  await again.ready;
  assert.equal(await again.ask("*IDN?"), "KORAD KD3305P V4.2");
  await again.close();
  await assert.rejects(connect(address, { dialect: "lines" }), {
    message: /connected to 3 times, and in .* 2 times/,
  });
  await assert.rejects(mock.close(), { code: "mismatch" });
});

Deno.test("a serial line without its device comes back at once", async () => {
  const facts = {
    ms: 0,
    event: "link",
    link: "psu",
    address: "serial:/dev/nowhere",
    role: "client",
    dialect: "lines",
  };
  const recording = await readText(
    [
      { format: "parley-recording", version: 1, started: "2026-11-22T00:00:00.000Z" },
      facts,
      { ms: 1, event: "up", link: "psu" },
      { ms: 2, link: "psu", direction: "in", text: "one\n" },
      { ms: 3, event: "down", link: "psu", reason: "unplugged", byUs: false },
      { ms: 4, event: "up", link: "psu" },
      { ms: 5, link: "psu", direction: "in", text: "two\n" },
    ].map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
  const mock = mockLink(recording);
  const psu = createClient("serial:/dev/nowhere", { reconnect: { minMs: 1, maxMs: 5 }, onFail: () => {} });
  const heard: string[] = [];
  const two = Promise.withResolvers<void>();
  psu.use({
    onReceive: (line) => {
      heard.push(line);
      if (line === "two") two.resolve();
    },
  });
  await psu.start();
  await two.promise;
  assert.deepEqual(heard, ["one", "two"]);
  await psu.close();
  await mock.close();
});

Deno.test("what is said by meaning may come in another order, until something has to be said", async () => {
  const server = await listen("tcp://127.0.0.1:0");
  server.onRequest("add", (_call, a, b) => a + b);
  const hub = await connect(server.address);
  const recording = await recorded({ hub }, async () => {
    await Promise.all([hub.request("add", [1, 1]), hub.request("add", [2, 2])]);
    await hub.request("add", [3, 3]);
  });
  await hub.close();
  await server.close();
  await mocked(recording, async () => {
    await using again = await connect(server.address);
    assert.deepEqual(await Promise.all([again.request("add", [2, 2]), again.request("add", [1, 1])]), [4, 2]);
    assert.equal(await again.request("add", [3, 3]), 6);
  });
  const early = mockLink(recording);
  await using again = await connect(server.address);
  await assert.rejects(again.request("add", [3, 3], { timeoutMs: 100 }));
  await assert.rejects(early.close(), { code: "mismatch", message: /step 1 .*to say request "add"\(1, 1\)/ });
});

Deno.test("two recordings stand in for two links to the same address, the second for the second", async () => {
  await using supply = await powerSupply();
  const one = await connect(supply.address, { dialect: "lines" });
  const two = await connect(supply.address, { dialect: "lines" });
  const recording = await recorded({ one, two }, async () => {
    await one.ask("*IDN?");
    await two.ask("VOUT1?");
  });
  await one.close();
  await two.close();
  const mocks = [mockLink(recording, { link: "one" }), mockLink(recording, { link: "two" })];
  const first = await connect(supply.address, { dialect: "lines" });
  const second = await connect(supply.address, { dialect: "lines" });
  assert.equal(await second.ask("VOUT1?"), "5.00");
  assert.equal(await first.ask("*IDN?"), "KORAD KD3305P V4.2");
  await assert.rejects(connect(supply.address, { dialect: "lines" }), {
    message: /a second client connects to it/,
  });
  await first.close();
  await second.close();
  for (const mock of mocks) mock.stop();
});

Deno.test("the native dialect is played by what was said: requests, failures, streams, both ways", async () => {
  const server = await listen("tcp://127.0.0.1:0", {
    onReceive: async (message, peer) => {
      if (message !== "go") return;
      await peer.action("led", [true]);
      await peer.send({ at: new Date(0), bytes: new Uint8Array([1]) });
    },
  });
  server.onRequest("add", (_call, a, b) => a + b);
  server.onRequest("boom", () => {
    throw new Error("kaput");
  });
  server.onRequest("count", async function* (_call, last) {
    for (let step = 0; step < last; step++) yield { step };
  });
  server.onRequest("back", async (call) => `${await call.peer.request("name")}!`);
  const program = async (hub: Client) => {
    const seen: unknown[] = [];
    const lit = Promise.withResolvers<unknown>();
    hub.onAction("led", (_call, on) => lit.resolve(on));
    hub.onRequest("name", () => "hub");
    await hub.start();
    seen.push(await hub.request("add", [1, 2]));
    seen.push(await Promise.all([hub.request("add", [1, 3]), hub.request("add", [2n ** 60n, 2n ** 61n])]));
    seen.push(await hub.request("boom").catch((error) => [error.code, error.message]));
    seen.push(await hub.request("nope").catch((error) => error.code));
    for await (const part of hub.stream("count", 3)) seen.push(part);
    seen.push(await hub.request("back"));
    await hub.send("hello", { ack: true });
    await hub.send("go");
    seen.push(await lit.promise, await hub.receive());
    await hub.close();
    return seen;
  };
  const hub = createClient(server.address);
  let real: unknown;
  const recording = await recorded({ hub }, async () => real = await program(hub));
  await server.close();
  await mocked(recording, async () => assert.deepEqual(await program(createClient(server.address)), real));

  const mock = mockLink(recording);
  await using other = await connect(server.address);
  assert.equal(await other.request("add", [1, 2]), 3);
  const failed = Promise.withResolvers<Error>();
  const wrong = mockLink(recording, { onFail: failed.resolve });
  mock.stop();
  await using bad = await connect(server.address);
  await assert.rejects(bad.request("add", [1, 5], { timeoutMs: 200 }));
  assert.match(
    (await failed.promise).message,
    /mismatch at step 1 .*to say request "add"\(1, 2\), and request "add"\(1, 5\) came/,
  );
  wrong.stop();
});

Deno.test("clever-show is played by what was said", async () => {
  const server = await listen("tcp://127.0.0.1:0", { dialect: "clever-show" });
  server.onRequest("battery", () => 15.9);
  const drone = createClient(server.address, { dialect: "clever-show" });
  const recording = await recorded({ drone }, async () => {
    await drone.start();
    await drone.request("battery");
    await drone.close();
  });
  await server.close();
  await mocked(recording, async () => {
    await using again = await connect(server.address, { dialect: "clever-show" });
    assert.equal(await again.request("battery"), 15.9);
  });
});

Deno.test("what cannot stand in is refused with why", async () => {
  await using supply = await powerSupply();
  await using psu = await connect(supply.address, { dialect: "lines" });
  const recording = await recorded({ supply }, () => psu.ask("VOUT1?"));
  assert.throws(() => mockLink(recording), {
    code: "no_client",
    message: /there it is a server.*parley replay$/,
  });
  const header = '{"format":"parley-recording","version":1,"started":"2026-11-22T00:00:00.000Z"}\n';
  const empty = await readText(header);
  assert.throws(() => mockLink(empty), {
    code: "nothing_recorded",
    message: /it has no link; record while one is open$/,
  });
  const link = {
    ms: 0,
    event: "link",
    link: "a",
    address: "tcp://127.0.0.1:1",
    role: "client",
    dialect: "native",
  };
  const file = { ms: 1, link: "a", direction: "out", said: "file", name: "x", size: 3 };
  const withFile = await readText(`${header}${JSON.stringify(link)}\n${JSON.stringify(file)}\n`);
  assert.throws(() => mockLink(withFile), { code: "by_meaning", message: /a file has passed in line 3/ });
});
