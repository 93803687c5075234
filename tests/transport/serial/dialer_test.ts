import { BrokenError, type PortChoice, UsageRangeError, UsageTypeError } from "@parley/parley";
import { virtualSerialPair } from "@parley/parley/testing";
import assert from "node:assert/strict";
import type { PortInfo } from "../../../src/transport/serial/port_info.ts";
import { SerialDialer, type SerialOptions } from "../../../src/transport/serial/serial_dialer.ts";
import { parseAddress } from "../../../src/transport/table.ts";
import { WITH_PORTS } from "./open_lines.ts";

function dialer(address: string, options: SerialOptions = {}): SerialDialer {
  return new SerialDialer(parseAddress(address).address, options);
}

/** A device without ids at `path`, which may change. */
function board(place: { path: string }): () => Promise<PortInfo[]> {
  return () => Promise.resolve([{ path: place.path, product: "Board" }]);
}

Deno.test(
  "the device that was opened is opened again, with the rate and the levels last asked for",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    const dials = dialer("serial:usb:1209:0001:A?baud=9600&parity=odd", { ports: pair.ports });
    assert.equal(dials.line, undefined);
    const first = await dials.connect({});
    assert.equal(dials.line, first);
    dials.keepBaudRate(250_000);
    first.close();
    await pair.a.unplug();
    await assert.rejects(dials.connect({}), (error) => {
      assert.ok(error instanceof BrokenError);
      assert.equal(error.code, "no_such_path");
      assert.equal(error.message, `Cannot connect to serial:${first.path}: the device is not plugged in`);
      return true;
    });
    await pair.a.plug();
    const second = await dials.connect({});
    assert.equal(second.path, pair.a.path);
    assert.notEqual(second.path, first.path);
    assert.equal(second.settings.baudRate, 250_000);
    assert.equal(second.settings.parity, "odd");
    dials.keepSignals({ dtr: true, break: true });
    assert.equal(dials.settings.dtr, true);
    assert.equal("break" in dials.settings, false);
    second.close();
  },
);

Deno.test("without ids a device is its path: no other is opened in its place", WITH_PORTS, async () => {
  const choose = (event: Event) => {
    const { ports, answer } = (event as CustomEvent<PortChoice>).detail;
    answer(Promise.resolve(ports[0])); // a port that is built in is never taken unasked
  };
  globalThis.addEventListener("parley:choose-port", choose);
  for (const address of ["serial:auto", "serial:id:board"]) {
    await using pair = virtualSerialPair();
    const place = { path: pair.a.path };
    const dials = dialer(address, { ports: board(place) });
    const line = await dials.connect({}); // while it is open, nobody else gets its number
    await pair.a.unplug();
    place.path = pair.b.path;
    await assert.rejects(dials.connect({}), { code: "no_such_path" }, address);
    line.close();
  }
  globalThis.removeEventListener("parley:choose-port", choose);
});

Deno.test(
  "available waits until the device is there, or nobody wants to know any more",
  WITH_PORTS,
  async () => {
    await using pair = virtualSerialPair();
    const dials = dialer("serial:usb:1209:0001:A", { ports: pair.ports });
    await dials.available(new AbortController().signal);
    await pair.a.unplug();
    let isThere = false;
    const waiting = dials.available(new AbortController().signal).then(() => isThere = true);
    const stop = new AbortController();
    const stopped = dials.available(stop.signal);
    stop.abort();
    await stopped;
    assert.ok(!isThere);
    await pair.a.plug();
    await waiting;
  },
);

Deno.test("an attempt that is not wanted any more leaves nothing open", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const stop = new AbortController();
  const connecting = dialer(`serial:${pair.a.path}`).connect({ signal: stop.signal });
  stop.abort(new Error("not wanted"));
  await assert.rejects(connecting, /not wanted/);
  (await dialer(`serial:${pair.a.path}`).connect({})).close(); // it would be busy
});

Deno.test("a link to a port is followed, as those by id are", WITH_PORTS, async () => {
  await using pair = virtualSerialPair();
  const folder = await Deno.makeTempDir();
  try {
    await Deno.symlink(pair.a.path, `${folder}/my scale`);
    const line = await dialer(`serial:${folder}/my scale`).connect({});
    assert.equal(line.path, pair.a.path);
    line.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("options that make no sense are refused before anything is opened", () => {
  const cases: [string, unknown, RegExp, typeof UsageTypeError | typeof UsageRangeError][] = [
    [
      "serial:x?baud=9600",
      { baudRate: 19_200 },
      /Cannot set "baudRate" to 19200: .* says 9600$/,
      UsageTypeError,
    ],
    ["serial:x", { ports: [] }, /as "ports": a function is wanted/, UsageTypeError],
    ["serial:x", { pacing: 2 }, /Cannot use 2 as "pacing"/, UsageTypeError],
    ["serial:x", { baudRate: 0 }, /Cannot use 0 as "baudRate"/, UsageRangeError],
    ["serial:x?baud=fast", {}, /Cannot use "fast" as "baudRate": a number is wanted/, UsageTypeError],
    ["serial:x?speed=9600", {}, /unknown setting "speed"/, UsageTypeError],
  ];
  for (const [address, options, text, Kind] of cases) {
    assert.throws(() => dialer(address, options as SerialOptions), (error) => {
      assert.ok(error instanceof Kind, String(error));
      assert.match(error.message, text);
      return true;
    });
  }
  dialer("serial:x?baud=9600", { baudRate: 9600 }); // the same twice is fine
});
