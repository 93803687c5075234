import { BrokenError, ClosedError, connect, createClient, lengthPrefix, serial, slip } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { LinkLog } from "./link_log.ts";
import { Seen } from "./seen.ts";

const WITH_PORTS = { ignore: Deno.build.os === "windows" };

Deno.test("a serial link is a link: lines, ask, receive, for await, callbacks", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await using device = await serial(pair.b.path, { onReceive: (line, peer) => peer.send(`${line}!`) });
  const told = new Seen<unknown>();
  await using port = await connect(`serial://${pair.a.path}?baud=9600&parity=even`, { onReceive: told.add });
  assert.equal(port.dialect, "lines");
  assert.equal(await port.ask("*IDN?"), "*IDN?!");
  await port.send("a");
  await port.send("b");
  assert.deepEqual([await port.receive(), await port.receive()], ["a!", "b!"]);
  await port.send("c");
  for await (const line of port) {
    assert.equal(line, "c!");
    break;
  }
  assert.deepEqual(await told.take(4), ["*IDN?!", "a!", "b!", "c!"]);
  assert.equal(port.path, pair.a.path);
  assert.equal(device.settings.baudRate, 115_200);
  assert.equal(port.settings.parity, "even");
  assert.equal(Deno.inspect(port), `SerialClient { ${port.address} 9600 8E1 lines open }`);
});

Deno.test("raw bytes and codecs of one's own go over a serial line", WITH_PORTS, async () => {
  for (const codec of [slip(), lengthPrefix(2)]) {
    await using pair = virtualSerialPair();
    await using a = await serial(pair.a.path, { codec });
    await using b = await serial(pair.b.path, { codec });
    const frame = Uint8Array.from({ length: 256 }, (_, value) => value);
    await a.send(frame);
    assert.deepEqual(await b.receive(), frame);
    await b.send(frame.subarray(192, 220));
    assert.deepEqual(await a.receive(), frame.slice(192, 220));
  }
  await using pair = virtualSerialPair();
  await using a = await serial(pair.a.path, { dialect: "raw" });
  await using b = await serial(pair.b.path, { dialect: "raw" });
  await a.send(Uint8Array.of(0, 13, 10, 17, 19, 3, 4, 26, 127, 128, 255));
  assert.deepEqual(await b.receive(), Uint8Array.of(0, 13, 10, 17, 19, 3, 4, 26, 127, 128, 255));
});

Deno.test(
  "what only a serial line can be asked is refused clearly where the port has it not",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    await using port = await serial(pair.a.path);
    await using device = await serial(pair.b.path);
    const unsupported = { name: "BrokenError", code: "unsupported" };
    await assert.rejects(port.setSignals({ dtr: false }), unsupported);
    await assert.rejects(port.getSignals(), unsupported);
    await assert.rejects(port.pulse("dtr", 1), unsupported);
    await port.sendBreak(0); // a virtual port takes it, and does nothing
    await port.send("still here");
    assert.equal(await device.receive(), "still here");
    await assert.rejects(serial(pair.a.path, { lock: false, dtr: false }), unsupported);
  },
);

Deno.test("wrong use is refused with what is wanted", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await using port = await serial(pair.a.path);
  // deno-lint-ignore no-explicit-any -- what a program without types may do
  const loose = port as any;
  const cases: [() => Promise<unknown>, RegExp][] = [
    [() => loose.setSignals({ dts: true }), /Unknown option "dts" of setSignals\(\).*"dtr"/],
    [() => loose.setSignals(), /Cannot set no lines: .*such as \{ dtr: false \}/],
    [() => loose.setSignals({ dtr: 1 }), /Cannot use 1 as "dtr" of setSignals\(\): true or false is wanted/],
    [() => loose.setSignals({ dtr: null }), /Cannot use null as "dtr"/],
    [() => loose.pulse("dts"), /Cannot pulse "dts": "dtr", "rts" or "break" is wanted/],
    [() => loose.pulse("dtr", "1"), /Cannot use 1 as the time of pulse\(\): milliseconds are wanted/],
    [() => loose.pulse("dtr", -1), /0 to 60000 ms are wanted/],
    [() => loose.pulse("dtr", NaN), /0 to 60000 ms are wanted/],
    [() => loose.flush("all"), /Cannot flush "all": "input", "output" or "both" is wanted/],
    [
      () => loose.drain({ timeoutMS: 5 }),
      /Unknown option "timeoutMS" of drain\(\); did you mean "timeoutMs"/,
    ],
    [() => loose.drain({ timeoutMs: -5 }), /Cannot use -5 as "timeoutMs" of drain\(\)/],
    [() => loose.update({ baud: 9600 }), /Unknown option "baud" of update\(\)/],
    [() => loose.update({}), /Cannot use undefined as "baudRate": a number is wanted/],
    [() => loose.update({ baudRate: 0 }), /Cannot use 0 as "baudRate"/],
    [() => loose.update(), /baudRate|update/],
    [
      () => serial(pair.b.path, { baud: 9600 } as object),
      /Unknown option "baud" .*did you mean "baudRate"\?/,
    ],
    [
      () => serial("auto", { ports: () => Promise.resolve(5 as never) }),
      /what "ports" has returned \(number\): a list of ports is wanted/,
    ],
    [() => serial("id:x", { ports: () => undefined as never }), /what "ports" has returned \(undefined\)/],
  ];
  for (const [work, text] of cases) {
    await assert.rejects(work, (error: Error & { code?: string }) => {
      assert.match(error.message, text);
      assert.equal(error.code, "usage");
      return true;
    });
  }
});

Deno.test(
  "before it is started and after it is closed a serial client says that it is not open",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    const port = createClient(`serial:${pair.a.path}`, { baudRate: 19_200 });
    assert.equal(port.path, undefined);
    assert.equal(port.settings.baudRate, 19_200);
    for (const state of ["idle", "closed"]) {
      for (
        const work of [
          () => port.setSignals({ dtr: true }),
          () => port.getSignals(),
          () => port.flush(),
          () => port.drain(),
          () => port.update({ baudRate: 9600 }),
        ]
      ) {
        await assert.rejects(work, (error) => {
          assert.ok(error instanceof ClosedError);
          assert.match(error.message, new RegExp(`the line is not open \\(${state}\\)`));
          return true;
        });
      }
      if (state === "idle") {
        await port.start();
        await port.close();
      }
    }
  },
);

Deno.test("update keeps the rate, flush drops what has come", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await using port = await serial(pair.a.path, { baudRate: 9600 });
  await using device = await serial(pair.b.path);
  await port.send("slow");
  await port.update({ baudRate: 250_000 });
  assert.equal(port.settings.baudRate, 250_000);
  await port.send("fast");
  await port.drain();
  assert.deepEqual([await device.receive(), await device.receive()], ["slow", "fast"]);
  await port.flush();
  assert.equal(port.isOpen, true);
});

Deno.test(
  "a line that stands still is drained for so long only, and a change of its rate waits no longer",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    const port = await serial(pair.a.path, { dialect: "raw", limits: { sendMs: 20, closeMs: 1 } });
    pair.b.stall();
    await port.send(new Uint8Array(1_000_000));
    const stuck = (ms: number) => ({
      name: "TimeoutError",
      code: "timeout",
      message: `Cannot drain serial:${pair.a.path}: no byte has left for ${ms} ms; does the other side read?`,
    });
    await assert.rejects(port.drain({ timeoutMs: 10 }), stuck(10));
    await assert.rejects(port.drain(), stuck(20));
    await assert.rejects(port.update({ baudRate: 9600 }), stuck(20));
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(port.drain({ signal }), { code: "cancelled", message: /: enough$/ });
    const stop = new AbortController();
    const draining = assert.rejects(port.drain({ signal: stop.signal, timeoutMs: 60_000 }), {
      code: "cancelled",
    });
    stop.abort();
    await draining;
    assert.equal(port.isOpen, true);
    await port.close();
  },
);

Deno.test("a link that is lost says that the device was unplugged, and closes", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const log = new LinkLog();
  await using port = await serial(pair.a.path, log.callbacks);
  const asking = port.ask("anyone?");
  const failed = assert.rejects(asking, { code: "disconnected", message: /the device was unplugged/ });
  await pair.a.unplug();
  const reason = await port.closed;
  assert.equal(reason.code, "unplugged");
  assert.ok(reason.error instanceof BrokenError);
  assert.match(reason.message, /the device was unplugged/);
  await failed;
  assert.deepEqual(log.take(), ["up first", "connect first", "down unplugged", "disconnect unplugged"]);
  await assert.rejects(port.send("x"), { code: "not_connected", message: /the device was unplugged/ });
});

Deno.test(
  "a stalled device is noticed to be unplugged while much waits to be written",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    await using other = virtualSerialPair();
    pair.a.stall();
    await using port = await serial(pair.a.path, { dialect: "raw" });
    await using near = await serial(other.a.path);
    await using far = await serial(other.b.path, { onReceive: (line, peer) => peer.send(line) });
    const sending = (async () => {
      for (;;) await port.send(new Uint8Array(1024 * 1024));
    })();
    const failed = assert.rejects(sending, { name: "BrokenError", message: /the device was unplugged/ });
    assert.equal(await near.ask("meanwhile"), "meanwhile");
    await pair.a.unplug();
    assert.equal((await port.closed).code, "unplugged");
    await failed;
    assert.equal(await near.ask("afterwards"), "afterwards");
    assert.ok(far.isOpen);
  },
);

Deno.test(
  "unplugging is told while nobody takes what has come, and nothing of that is lost",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    await using device = await serial(pair.b.path, { dialect: "raw" });
    await using port = await serial(pair.a.path, { limits: { maxInboxMessages: 4 } });
    await device.send("1\n2\n3\n4\n5\n6\n");
    assert.equal(await port.receive(), "1");
    await pair.a.unplug();
    assert.equal((await port.closed).code, "unplugged");
    const left: unknown[] = [];
    for (let i = 2; i <= 6; i++) left.push(await port.receive());
    assert.deepEqual(left, ["2", "3", "4", "5", "6"]);
  },
);
