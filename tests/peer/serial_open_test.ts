import { BrokenError, type Client, createClient, listen, serial, type SerialClient } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { CutProxy } from "./cut_proxy.ts";
import { LinkLog } from "./link_log.ts";

const WITH_PORTS = { ignore: Deno.build.os === "windows" };
/** Attempts follow at once. */
const QUICK = { minMs: 1, maxMs: 1 };

Deno.test("serial resolves when onOpen is done; in it everything works", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  await using device = await serial(pair.b.path, { onReceive: (line, peer) => peer.send(`${line}!`) });
  const steps: unknown[] = [];
  await using port = await serial(pair.a.path, {
    onOpen: async (port: SerialClient) => {
      steps.push(port.state, port.isOpen, port.path === pair.a.path);
      steps.push(await port.ask("reset"));
      await port.send("mode 1");
      steps.push(await port.receive());
      await port.update({ baudRate: 9600 });
      await assert.rejects(port.pulse("dtr"), { code: "unsupported" });
      await port.drain();
    },
  });
  assert.deepEqual(steps, ["connecting", true, true, "reset!", "mode 1!"]);
  assert.equal(port.state, "open");
  assert.ok(device.isOpen);
});

Deno.test("ready, and a second start, wait for onOpen as well", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const opening = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  let isDone = false;
  await using port = createClient(`serial:${pair.a.path}`, {
    onOpen: async () => {
      opening.resolve();
      await go.promise;
      isDone = true;
    },
  });
  const start = port.start();
  await opening.promise;
  const waits = [start, port.start(), port.ready].map((each) => each.then(() => assert.ok(isDone)));
  go.resolve();
  await Promise.all(waits);
});

Deno.test("an onOpen that never ends is given up after limits.openMs", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const hanging = serial(pair.a.path, { onOpen: () => new Promise(() => {}), limits: { openMs: 5 } });
  await assert.rejects(hanging, {
    code: "timeout",
    message: /onOpen of serial:.*within 5 ms \(limits\.openMs\)/,
  });
  await using _free = await serial(pair.a.path);
});

Deno.test(
  "without reconnect an onOpen that fails is what serial rejects with, and the port is free again",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    const log = new LinkLog();
    const failing = serial(pair.a.path, {
      ...log.callbacks,
      onOpen: () => Promise.reject(new RangeError("no answer from the scale")),
    });
    await assert.rejects(failing, (error) => {
      assert.ok(error instanceof BrokenError);
      assert.equal(error.code, "on_open");
      assert.equal(error.message, `onOpen of serial:${pair.a.path} failed: no answer from the scale`);
      assert.ok(error.cause instanceof RangeError);
      return true;
    });
    assert.deepEqual(log.take().slice(0, 2), ["up first", "connect first"]);
    await using port = await serial(pair.a.path, {
      onOpen: () => {
        // nothing to do
      },
    });
    await assert.rejects(
      serial(pair.b.path, {
        onOpen: (port: SerialClient) => port.ask("anyone?", { timeoutMs: 1 }),
      }),
      { name: "TimeoutError", code: "timeout" },
    );
    assert.ok(port.isOpen);
  },
);

Deno.test("with reconnect an onOpen that fails is tried again on another link", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const log = new LinkLog();
  let calls = 0;
  await using port = await serial(pair.a.path, {
    ...log.callbacks,
    reconnect: QUICK,
    onOpen: () => {
      if (++calls < 3) throw new Error(`call ${calls}`);
    },
  });
  assert.equal(calls, 3);
  assert.equal(port.state, "open");
  assert.deepEqual(log.errors.map(({ message }) => message), [
    `onOpen of serial:${pair.a.path} failed: call 1`,
    `onOpen of serial:${pair.a.path} failed: call 2`,
  ]);
});

Deno.test(
  "a device that is unplugged during onOpen: rejects, or with reconnect runs it again",
  WITH_PORTS,
  async () => {
    {
      await using pair = virtualSerialPair();
      const opening = serial(pair.a.path, {
        onOpen: async (port: SerialClient) => {
          await pair.a.unplug();
          await port.receive();
        },
      });
      await assert.rejects(opening, /the device was unplugged/);
    }
    // It may wait for what never comes, or not care that the link is gone.
    const waits = [
      (port: SerialClient) => port.receive(),
      (port: SerialClient) => port.receive().catch(() => {}),
    ];
    for (const wait of waits) {
      await using pair = virtualSerialPair();
      let calls = 0;
      await using port = await serial(pair.a.path, {
        ports: pair.ports,
        reconnect: QUICK,
        onOpen: async (port: SerialClient) => {
          if (++calls > 1) return;
          await pair.a.unplug();
          const waiting = wait(port);
          await pair.a.plug();
          await waiting;
        },
      });
      assert.equal(calls, 2);
      assert.equal(port.path, pair.a.path);
      assert.ok(port.isOpen);
    }
  },
);

Deno.test("onOpen may close the client: start says so, and nothing is left", WITH_PORTS, async () => {
  for (const reconnect of [false, QUICK]) {
    for (const isAwaited of [false, true]) {
      await using pair = virtualSerialPair();
      const port = createClient(`serial:${pair.a.path}`, {
        reconnect,
        onOpen: async (port: Client) => {
          const closing = port.close();
          if (isAwaited) await closing;
        },
      });
      const ready = assert.rejects(port.ready, { code: "closed" });
      await assert.rejects(port.start(), { code: "closed" });
      await ready;
      assert.equal(port.state, "closed");
      await (await serial(pair.a.path)).close();
    }
  }
});

Deno.test("onOpen runs on every kind of link, each time it comes up", async () => {
  await using server = await listen("tcp://127.0.0.1:0");
  server.onRequest("login", (_call, name: string) => `hello ${name}`);
  await using proxy = new CutProxy(server.port);
  const log = new LinkLog();
  const greetings: unknown[] = [];
  const opened = createClient(proxy.address, {
    ...log.callbacks,
    reconnect: QUICK,
    onOpen: async (client: Client) => void greetings.push(await client.request("login", "me")),
  });
  await opened.start();
  assert.deepEqual(greetings, ["hello me"]);
  proxy.cut();
  await log.until("disconnect");
  await opened.ready;
  assert.deepEqual(greetings, ["hello me", "hello me"]);
  await opened.close();
});

Deno.test("an onOpen that is no function is refused", () => {
  // deno-lint-ignore no-explicit-any -- what a program without types may do
  assert.throws(() => createClient("tcp://127.0.0.1:1", { onOpen: 5 as any }), {
    message: 'Cannot use 5 as "onOpen": a function is wanted',
  });
});
