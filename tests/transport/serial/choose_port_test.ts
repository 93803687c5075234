import { createClient, type PortChoice, type PortInfo, serial } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import { SerialClient } from "../../../src/peer/serial_client.ts";
import { HandClock } from "../../peer/hand_clock.ts";
import { WITH_PORTS } from "./open_lines.ts";

/** Answers the question which port `serial:auto` means, as a program of somebody's does; keeps what was asked. */
class Chooser implements Disposable {
  readonly asked: PortInfo[][] = [];
  readonly #answer: ((ports: readonly PortInfo[]) => Promise<PortInfo | undefined>) | undefined;

  constructor(answer?: (ports: readonly PortInfo[]) => Promise<PortInfo | undefined>) {
    this.#answer = answer;
    globalThis.addEventListener("parley:choose-port", this.#listener);
  }

  readonly #listener = (event: Event) => {
    const { ports, answer } = (event as CustomEvent<PortChoice>).detail;
    this.asked.push([...ports]);
    if (this.#answer !== undefined) answer(this.#answer(ports));
  };

  [Symbol.dispose](): void {
    globalThis.removeEventListener("parley:choose-port", this.#listener);
  }
}

Deno.test("auto is the only port on USB, and nobody is asked", WITH_PORTS, async () => {
  using chooser = new Chooser();
  await using pair = virtualSerialPair();
  const ports = async () => (await pair.ports()).slice(0, 1);
  await using port = await serial("auto", { ports });
  assert.equal(port.path, pair.a.path);
  assert.deepEqual(chooser.asked, []);
});

Deno.test("auto leaves out ports without a device on USB where there are others", WITH_PORTS, async () => {
  using chooser = new Chooser();
  await using pair = virtualSerialPair();
  const ports = async () => [{ path: "/dev/ttyS0" }, (await pair.ports())[1], { path: "/dev/ttyS1" }];
  await using port = await serial("auto", { ports });
  assert.equal(port.path, pair.b.path);
  assert.deepEqual(chooser.asked, []);
});

Deno.test("a program is asked which of several ports auto means", WITH_PORTS, async () => {
  using chooser = new Chooser((ports) => Promise.resolve(ports[1]));
  await using pair = virtualSerialPair();
  await using port = await serial("auto", { ports: pair.ports });
  assert.equal(port.path, pair.b.path);
  assert.deepEqual(chooser.asked.map((ports) => ports.map(({ path }) => path)), [[pair.a.path, pair.b.path]]);
});

Deno.test("none chosen, nobody to ask, or nothing there: each is said", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  {
    using _chooser = new Chooser(() => Promise.resolve(undefined));
    await assert.rejects(serial("auto", { ports: pair.ports, reconnect: true }), {
      code: "not_chosen",
      message: "Cannot connect to serial:auto: none of the 2 ports was chosen",
    });
  }
  {
    using _chooser = new Chooser(() => Promise.reject(new Error("the window was closed")));
    await assert.rejects(serial("auto", { ports: pair.ports }), /the window was closed/);
  }
  await assert.rejects(serial("auto", { ports: pair.ports, reconnect: true }), (error: Error) => {
    assert.equal((error as { code?: string }).code, "ambiguous");
    for (const path of [pair.a.path, pair.b.path]) assert.ok(error.message.includes(path), error.message);
    return true;
  });
  await assert.rejects(serial("auto", { ports: () => Promise.resolve([]) }), { code: "no_such_path" });
});

Deno.test("whoever chooses has all the time there is", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const clock = new HandClock();
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<PortInfo>();
  using _chooser = new Chooser(() => (asked.resolve(), answer.promise));
  const port = new SerialClient("serial:auto", { ports: pair.ports }, clock.world);
  const starting = port.start();
  await asked.promise;
  clock.advance(3_600_000);
  answer.resolve(pair.b.info!);
  await starting;
  assert.equal(port.path, pair.b.path);
  await port.close();
});

Deno.test("closing ends the question", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const asked = Promise.withResolvers<void>();
  using _chooser = new Chooser(() => (asked.resolve(), new Promise(() => {})));
  const port = createClient("serial:auto", { ports: pair.ports });
  const starting = assert.rejects(port.start(), { code: "closed" });
  await asked.promise;
  await port.close();
  await starting;
});

Deno.test("a device that was chosen is not asked for again when it comes back", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  using chooser = new Chooser((ports) => Promise.resolve(ports[0]));
  await using port = await serial("auto", { ports: pair.ports, reconnect: { minMs: 1, maxMs: 1 } });
  const down = Promise.withResolvers<void>();
  port.use({ onDisconnect: () => down.resolve() });
  await pair.a.unplug();
  await down.promise;
  await pair.a.plug();
  await port.ready;
  assert.equal(port.path, pair.a.path);
  assert.equal(chooser.asked.length, 1);
});
