import { BrokenError, connect, listen, type PortInfo, serial, type SerialClient } from "@parley/parley";
import { type VirtualSerialPair, virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { LinkLog } from "./link_log.ts";
import { Seen } from "./seen.ts";

const WITH_PORTS = { ignore: Deno.build.os === "windows" };

/** A list of the near ends of these cables. */
function portsOf(...pairs: VirtualSerialPair[]): () => Promise<PortInfo[]> {
  return () => Promise.resolve(pairs.map(({ a }) => a.info).filter((info) => info !== undefined));
}

/** Something at the far end of a cable that is no LEADS device: what it hears, as text, and what it answers. */
async function other(
  pair: VirtualSerialPair,
  answer?: string,
): Promise<{ line: SerialClient; heard: Seen<string> }> {
  const heard = new Seen<string>();
  const line = await serial(pair.b.path, {
    dialect: "raw",
    onReceive: (bytes: Uint8Array, peer) => {
      heard.add(new TextDecoder().decode(bytes));
      if (answer !== undefined) return peer.send(answer);
    },
  });
  return { line, heard };
}

/** How a port is set, in the words of stty; `-F` is for Linux. */
async function settingsOf(path: string): Promise<string> {
  const flag = Deno.build.os === "darwin" ? "-f" : "-F";
  const { stdout } = await new Deno.Command("stty", { args: [flag, path, "-g"] }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test(
  "serial auto with an identity finds the device, and leaves the other ports as they were",
  WITH_PORTS,
  async () => {
    await using silentPair = virtualSerialPair();
    await using otherPair = virtualSerialPair();
    await using pair = virtualSerialPair();
    const silent = await other(silentPair);
    const wrong = await other(otherPair, "DTC;");
    const told = new Seen<unknown>();
    await using _device = await listen(`serial:${pair.b.path}`, {
      dialect: "leads",
      identity: "WSC",
      onReceive: told.add,
    });
    const paths = [silentPair.a.path, otherPair.a.path];
    const before = await Promise.all(paths.map(settingsOf));
    await using port = await serial("auto", {
      identity: "WSC",
      baudRate: 9600,
      ports: portsOf(silentPair, otherPair, pair),
    });
    assert.equal(port.path, pair.a.path);
    assert.equal(port.dialect, "leads");
    assert.equal(port.settings.baudRate, 9600);
    assert.deepEqual(await Promise.all(paths.map(settingsOf)), before);
    await port.send("speed=12.5");
    assert.equal(await told.next(), "speed=12.5");
    for (const { line, heard } of [silent, wrong]) {
      assert.equal(await heard.next(), "ic;");
      assert.equal(heard.all.length, 1);
      await line.close();
    }
    await using _free = await serial(silentPair.a.path); // closed again: it can be opened
  },
);

Deno.test(
  "a device that is deaf at first is asked again, and what it says twice is told once",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    let questions = 0;
    await using board = await serial(pair.b.path, {
      dialect: "raw",
      onReceive: (bytes: Uint8Array, peer) => {
        questions += new TextDecoder().decode(bytes).split("ic;").length - 1;
        // The first question comes while it begins; by the time it answers there are two.
        if (questions > 1) return peer.send("WSC;");
      },
    });
    const received = new Seen<unknown>();
    await using _port = await serial(pair.a.path, { identity: "WSC", onReceive: received.add });
    for (const part of ["WS", "X;a;W", "SC;b", ";", "WSC", " 2;"]) await board.send(part);
    assert.deepEqual(await received.take(4), ["WSX", "a", "b", "WSC 2"]);
    // It has answered one question less than it was asked: one "WSC" was taken for that answer, and no more are.
    await board.send("WSC;WSC;z;");
    assert.deepEqual(await received.take(3), ["WSC", "WSC", "z"]);
  },
);

Deno.test(
  "what stands behind the answer is received, in parts as well, and nothing of it twice",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    await using board = await serial(pair.b.path, {
      dialect: "raw",
      onReceive: (_, peer) => peer.send("old rest;WSC 1.2;a;WS"),
    });
    const received = new Seen<unknown>();
    await using _port = await serial(`${pair.a.path}?baud=9600`, {
      identity: "WSC",
      dialect: "leads",
      onReceive: received.add,
    });
    assert.equal(await received.next(), "a");
    await board.send("C 1.2;b;");
    assert.deepEqual(await received.take(2), ["WSC 1.2", "b"]);
  },
);

Deno.test("where no port is the device, the error tells what each of them is", WITH_PORTS, async () => {
  await using silentPair = virtualSerialPair();
  await using otherPair = virtualSerialPair();
  await using usedPair = virtualSerialPair();
  await using _user = await serial(usedPair.a.path);
  const wrong = await other(otherPair, "DTC \x1b[2J;");
  const ports = async () => [
    ...await portsOf(silentPair, otherPair, usedPair)(),
    { path: "/dev/does_not_exist" },
  ];
  await assert.rejects(serial("auto", { identity: "WSC", identityMs: 100, ports }), (error) => {
    assert.ok(error instanceof BrokenError);
    assert.equal(error.code, "wrong_device");
    const { message } = error;
    assert.match(message, /^Cannot find the device "WSC" on any serial port: /);
    assert.ok(message.includes(`${silentPair.a.path} did not answer "ic" within 100 ms`), message);
    assert.ok(message.includes(`${otherPair.a.path} answered "DTC [2J"`), message);
    assert.ok(
      message.includes(`${usedPair.a.path} was not asked (it is already open in this process`),
      message,
    );
    assert.ok(message.includes("/dev/does_not_exist was not asked (no such port"), message);
    return true;
  });
  await wrong.line.close();
  await assert.rejects(serial("auto", { identity: "WSC", ports: () => Promise.resolve([]) }), {
    code: "no_such_path",
    message: 'Cannot find the device "WSC": no serial port is there to be asked',
  });
});

Deno.test(
  "a port that another program has open is not asked",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    await using pair = virtualSerialPair();
    const device = await other(pair, "WSC;");
    const holder = new Deno.Command("sh", {
      args: ["-c", `exec 3<"${pair.a.path}"; echo ready; exec cat`],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = holder.stdout.getReader();
    await reader.read();
    await assert.rejects(serial("auto", { identity: "WSC", identityMs: 100, ports: portsOf(pair) }), {
      code: "wrong_device",
      message: new RegExp(`${pair.a.path} is in use by cat \\(process ${holder.pid}\\)`),
    });
    assert.deepEqual(device.heard.all, []);
    await device.line.close();
    await holder.stdin.close();
    while (!(await reader.read()).done);
    await holder.status;
  },
);

Deno.test("a port that is named has to be the device", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const device = await other(pair, "DTC;");
  const before = await settingsOf(pair.a.path);
  await assert.rejects(serial(pair.a.path, { identity: "WSC", identityMs: 100, baudRate: 9600 }), {
    code: "wrong_device",
    message: `Cannot connect to serial:${pair.a.path}: it is not the device "WSC", it answered "DTC"`,
  });
  assert.equal(await settingsOf(pair.a.path), before);
  await using port = await serial(pair.a.path, { identity: "DTC", payload: "bytes" });
  assert.ok(port.isOpen);
  await device.line.close();
});

Deno.test(
  "with reconnect the device is found again, and the others are not asked again",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    await using otherPair = virtualSerialPair();
    const bystander = await other(otherPair, "DTC;");
    const boards = new Seen<string>();
    await using _device = await serial(pair.b.path, {
      dialect: "leads",
      onReceive: (message: string, peer) => {
        boards.add(message);
        if (message === "ic") return peer.send("WSC");
      },
    });
    const log = new LinkLog();
    const ports = portsOf(otherPair, pair);
    await using port = await serial("auto", {
      identity: "WSC",
      ports,
      reconnect: { minMs: 1, maxMs: 1 },
      ...log.callbacks,
    });
    await log.until("connect first");
    const first = port.path;
    const asked = bystander.heard.all.length;
    await pair.a.unplug();
    await log.until("disconnect unplugged retry");
    await pair.a.plug();
    await log.until("connect anew");
    assert.notEqual(port.path, first);
    assert.equal(port.path, pair.a.path);
    await port.send("back");
    while (await boards.next() !== "back");
    assert.equal(bystander.heard.all.length, asked);
    await bystander.line.close();
  },
);

Deno.test("an attempt that is called off closes every port", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const silent = await other(pair);
  const stop = new AbortController();
  const looking = serial("auto", { identity: "WSC", ports: portsOf(pair), signal: stop.signal });
  await silent.heard.next();
  stop.abort(new Error("enough"));
  await assert.rejects(looking, { message: "enough" });
  await using _free = await serial(pair.a.path);
  await silent.line.close();
});

Deno.test(
  "leads quirk 11 on a serial line: parts are put together; disconnect goes both ways",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    const bytes = new Seen<string>();
    await using port = await serial(pair.a.path, {
      dialect: "raw",
      onReceive: (chunk: Uint8Array) => bytes.add(new TextDecoder().decode(chunk)),
    });
    const received = new Seen<unknown>();
    const device = await serial(pair.b.path, { dialect: "leads", onReceive: received.add });
    for (const part of ["12", ".", "5;", ";", "é", ";disconnect;late;"]) await port.send(part);
    assert.deepEqual(await received.take(3), ["12.5", "", "é"]);
    let heard = "";
    while (heard !== "disconnect;") heard += await bytes.next();
    assert.equal((await device.closed).code, "goodbye");
    assert.equal(received.all.length, 3);
    const again = await serial(pair.b.path, { dialect: "leads" });
    await again.send("bye");
    await again.close();
    heard = "";
    while (heard !== "bye;disconnect;") heard += await bytes.next();
  },
);

Deno.test("identity is for leads, on serial ports, and its options are checked", WITH_PORTS, async () => {
  const refused = (attempt: Promise<unknown>, message: RegExp) =>
    assert.rejects(attempt, { code: "usage", message });
  const ports = () => Promise.resolve([]);
  await refused(
    connect("tcp://127.0.0.1:1", { dialect: "leads", identity: "WSC" }),
    /only serial ports are asked/,
  );
  await refused(
    serial("auto", { ports, dialect: "lines", identity: "WSC" }),
    /it is for the dialect "leads"/,
  );
  await refused(serial("auto", { ports, identity: "" }), /a text of at least one character is wanted/);
  await refused(serial("auto", { ports, identity: "W;" }), /begins the separator/);
  await refused(serial("auto", { ports, identity: "W", identityMs: 0 }), /from 1 to 60000 is wanted/);
  await refused(serial("auto", { ports, identityMs: 100 }), /without "identity"/);
});

Deno.test("a board that has not heard all questions may say its tag again", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  let asked = 0;
  await using _board = await serial(pair.b.path, {
    dialect: "leads",
    onReceive: (message, peer) => { // deaf for the first question, as one that begins anew when it is opened
      if (message === "ic" && ++asked > 1) return peer.send("WSC board");
    },
  });
  await using port = await serial(pair.a.path, { identity: "WSC" });
  assert.equal(await port.ask("ic", { timeoutMs: 2000 }), "WSC board");
});

Deno.test(
  "a port that says something without an end, as a board that boots, is asked again",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    let hasBooted = false;
    await using _board = await serial(pair.b.path, {
      dialect: "raw",
      onReceive: (_bytes, peer) => peer.send(hasBooted ? "WSC board;" : "booting\r\n"),
    });
    const whys = new Seen<string>();
    await using port = await serial("auto", {
      identity: "WSC",
      identityMs: 50,
      reconnect: { minMs: 1, maxMs: 1 },
      ports: portsOf(pair),
      onFail: (error) => {
        hasBooted = true;
        whys.add(error.message);
      },
    });
    assert.match(await whys.next(), /did not answer "ic" within 50 ms, but said "booting/);
    assert.equal(port.path, pair.a.path);
  },
);
