import assert from "node:assert/strict";
import { ArqLine, type LineOptions } from "../../src/arq/arq_line.ts";
import { KIND, REFUSAL } from "../../src/arq/packet.ts";
import { fromHex, packet, packetsIn, type Said, TAG } from "./notation.ts";
import { SimulatedLine } from "./simulated_line.ts";

/** A line whose connection has the tag of the samples and whose bytes begin at `start`. */
function lineOf(role: LineOptions["role"], start = 100, options: Partial<LineOptions> = {}): ArqLine {
  const chances = role === "client" ? [TAG, start] : [0, start, 0, start, 0, start];
  return new ArqLine({ role, address: "serial:/dev/x", chance: () => chances.shift()!, ...options }, 0);
}

/** A server to which a client has spoken; the client's bytes begin at 500. */
function served(start = 100): ArqLine {
  const line = lineOf("server", start);
  line.receive(packet({ kind: KIND.open, offset: 500, window: 8192 }), 0);
  said(line, 0);
  return line;
}

function said(line: ArqLine, now: number): Said[] {
  return packetsIn([line.takeOutput(now)]);
}

function data(count: number): Uint8Array {
  return new Uint8Array(count).fill(7);
}

Deno.test("a client says OPEN until it is answered", () => {
  const client = lineOf("client");
  const [open, ...more] = said(client, 0);
  assert.deepEqual(more, []);
  const { kind, tag, offset, window, fromServer } = open;
  assert.deepEqual({ kind, tag, offset, window, fromServer }, {
    kind: KIND.open,
    tag: TAG,
    offset: 100,
    window: 8192,
    fromServer: false,
  });
  assert.deepEqual(said(client, 249), []);
  for (const at of [250, 500, 750]) {
    assert.equal(client.nextTickAt, at);
    client.tick(client.nextTickAt);
    assert.deepEqual(said(client, at).map(({ kind }) => kind), [KIND.open]);
  }
  assert.equal(client.pipe!.isOpen, false);
  client.receive(packet({ kind: KIND.opened, fromServer: true, ack: 99, offset: 7, window: 10 }), 3000);
  assert.equal(client.pipe!.isOpen, false, "the answer to another OPEN");
  client.receive(packet({ kind: KIND.opened, fromServer: true, ack: 100, offset: 7, window: 10 }), 3000);
  assert.equal(client.pipe!.isOpen, true);
  assert.equal(client.nextTickAt, Infinity);
});

Deno.test("a server answers every OPEN of the same connection, and a new one ends the old", () => {
  const server = served();
  const { pipe } = server;
  server.receive(packet({ kind: KIND.open, offset: 500, window: 8192 }), 10);
  assert.deepEqual(said(server, 10).map(({ kind, ack, offset }) => [kind, ack, offset]), [[
    KIND.opened,
    500,
    100,
  ]]);
  assert.equal(server.pipe, pipe);
  server.receive(packet({ kind: KIND.open, tag: 9, offset: 1, window: 8192 }), 20);
  assert.notEqual(server.pipe, pipe);
  assert.equal(pipe!.failure!.code, "reset");
  assert.match(pipe!.failure!.message, /Link serial:\/dev\/x is lost: the other side has restarted/);
  server.receive(packet({ number: 1, offset: 500, data: [1] }), 30);
  assert.equal(server.pipe!.read(), undefined, "of the run before");
  assert.deepEqual(
    said(server, 30).map(({ kind, tag, data }) => [kind, tag, data[0]]),
    [[KIND.reset, TAG, REFUSAL.unknown], [KIND.opened, 9, undefined]],
  );
});

Deno.test("a client whose server restarted is told so", () => {
  const client = lineOf("client");
  client.receive(packet({ kind: KIND.opened, fromServer: true, ack: 100, window: 8192 }), 0);
  client.receive(packet({ kind: KIND.reset, fromServer: true, tag: 5, data: [0, 1] }), 0);
  assert.equal(client.pipe!.failure, undefined, "RESET of another connection");
  client.receive(packet({ kind: KIND.reset, fromServer: true, data: [0, 1] }), 0);
  assert.match(client.pipe!.failure!.message, /does not know it any more; it has probably restarted/);
});

Deno.test("two clients are told that one has to listen, and an echo is no client", () => {
  const client = lineOf("client");
  client.receive(client.takeOutput(0), 0);
  assert.equal(client.pipe!.failure, undefined);
  assert.match(client.hint, /only what was sent from here came back \(21 bytes\): the line echoes/);
  client.receive(packet({ kind: KIND.open, tag: 77 }), 0);
  assert.equal(client.pipe!.failure!.code, "two_clients");
  assert.equal(
    client.pipe!.failure!.message,
    'Cannot connect to serial:/dev/x: the other side connects as well; one of the two has to listen, as in listen("serial:/dev/x"); ' +
      'a device that sends back what it gets looks the same, and wants the dialect "lines" or "raw"',
  );
});

Deno.test("a server passes over what it hears of itself", () => {
  const server = served();
  server.pipe!.write(data(10));
  server.receive(server.takeOutput(0), 0);
  assert.equal(server.pipe!.failure, undefined);
  assert.equal(server.pipe!.read(), undefined);
});

Deno.test("another version is refused by both sides, with a reason", () => {
  const server = lineOf("server");
  const open = packet({ kind: KIND.open | 0x20, offset: 1, window: 1 }); // 1 << 4 | 0x20: version 3
  server.receive(open, 0);
  assert.equal(server.pipe, undefined);
  const [refusal] = said(server, 0);
  assert.deepEqual([refusal.kind, refusal.tag, ...refusal.data], [KIND.reset, TAG, REFUSAL.version, 1]);
  const client = lineOf("client");
  client.receive(packet({ kind: KIND.reset | 0x20, fromServer: true, data: [REFUSAL.version, 3] }), 0);
  assert.equal(client.pipe!.failure!.code, "version");
  assert.match(client.pipe!.failure!.message, /it speaks version 3 of the serial wire, this side version 1/);
});

Deno.test("a loss is sent again after the first report, it alone, and cut smaller", () => {
  const server = served(0xfff0);
  server.pipe!.write(data(5 * 128));
  const first = said(server, 0);
  assert.deepEqual(
    first.map(({ number, offset, data }) => [number, offset, data.length]),
    [[1, 0xfff0, 128], [2, 0x70, 128], [3, 0xf0, 128], [4, 0x170, 128], [5, 0x1f0, 128]],
  );
  // 2 is missing; 1 and 3 have come.
  server.receive(packet({ ack: 0x70, last: 3, bits: 0b110, window: 8192 }), 5);
  assert.deepEqual(
    said(server, 5).map(({ number, offset, data }) => [number, offset, data.length]),
    [[6, 0x70, 64], [7, 0xb0, 64]],
  );
  // The first half is lost again: 7 came, 6 did not, and all before did.
  server.receive(packet({ ack: 0x70, last: 7, bits: 0b11110, window: 8192 }), 10);
  assert.deepEqual(said(server, 10).map(({ number, offset, data }) => [number, offset, data.length]), [[
    8,
    0x70,
    32,
  ], [9, 0x90, 32]]);
  server.receive(packet({ ack: 0x270, last: 9, bits: 0xff, window: 8192 }), 15);
  assert.deepEqual(said(server, 15), []);
  assert.equal(server.nextTickAt, Infinity);
});

Deno.test("an acknowledgement waits 20 ms for company, and not for a third packet or after a gap", () => {
  const server = served();
  server.receive(packet({ number: 1, offset: 500, data: [1] }), 0);
  assert.deepEqual(said(server, 0), []);
  assert.equal(server.nextTickAt, 20);
  server.tick(20);
  assert.deepEqual(said(server, 20).map(({ ack, last, bits }) => [ack, last, bits]), [[501, 1, 1]]);
  server.receive(packet({ number: 2, offset: 501, data: [2] }), 30);
  assert.deepEqual(said(server, 30), []);
  server.receive(packet({ number: 3, offset: 502, data: [3] }), 31);
  assert.deepEqual(said(server, 31).map(({ ack, last, bits }) => [ack, last, bits]), [[503, 3, 0b111]]);
  server.receive(packet({ number: 5, offset: 504, data: [5] }), 40);
  assert.deepEqual(said(server, 40).map(({ ack, last, bits }) => [ack, last, bits]), [[503, 5, 0b11110]]);
  server.receive(packet({ number: 6, offset: 503, data: [4] }), 50);
  assert.deepEqual(said(server, 50).map(({ ack, last, bits }) => [ack, last, bits]), [[505, 6, 0b111101]]);
  assert.deepEqual(server.pipe!.read(), Uint8Array.of(1, 2, 3, 5 - 1, 5));
  server.receive(packet({ number: 7, offset: 503, data: [4] }), 60);
  assert.equal(said(server, 60).length, 1, "what came before is acknowledged at once");
});

Deno.test("acknowledging what was never sent ends the pipe, an old acknowledgement does nothing", () => {
  for (const [field, head] of [["byte", { ack: 111 }], ["packet", { ack: 110, last: 2 }]] as const) {
    const server = served();
    server.pipe!.write(data(10));
    said(server, 0);
    server.receive(packet({ ...head, window: 100 }), 0);
    assert.equal(server.pipe!.failure?.code, "bad_ack", field);
    assert.match(server.pipe!.failure!.message, /was acknowledged, and was never sent/);
    assert.deepEqual(said(server, 0).map(({ kind, data }) => [kind, data[0]]), [[
      KIND.reset,
      REFUSAL.gaveUp,
    ]]);
  }
  const server = served();
  server.pipe!.write(data(10));
  said(server, 0);
  server.receive(packet({ ack: 110, last: 1, window: 100 }), 0);
  server.receive(packet({ ack: 104, last: 0, window: 1 }), 0);
  assert.equal(server.pipe!.failure, undefined);
  assert.equal(server.nextTickAt, Infinity);
});

Deno.test("nothing is sent beyond the room of the other side, and a probe asks for more", () => {
  const server = lineOf("server");
  server.receive(packet({ kind: KIND.open, offset: 500, window: 20 }), 0);
  said(server, 0);
  server.pipe!.write(data(100));
  assert.deepEqual(said(server, 0).map(({ data }) => data.length), [20]);
  server.receive(packet({ ack: 120, last: 1, window: 0 }), 10);
  assert.deepEqual(said(server, 10), []);
  const at = server.nextTickAt;
  server.tick(at);
  assert.deepEqual(said(server, at).map(({ kind }) => kind), [KIND.probe]);
  server.receive(packet({ ack: 120, last: 1, window: 1000 }), at + 5);
  assert.deepEqual(said(server, at + 5).map(({ offset, data }) => [offset, data.length]), [[120, 80]]);
});

Deno.test("a gap is told at once, also behind another hole", () => {
  const server = served();
  server.receive(packet({ number: 2, offset: 501, data: [2] }), 0);
  assert.equal(said(server, 0).length, 1);
  server.receive(packet({ number: 4, offset: 503, data: [4] }), 1);
  assert.deepEqual(said(server, 1).map(({ ack, last, bits }) => [ack, last, bits]), [[500, 4, 0b1010]]);
});

Deno.test("after silence one packet is sent again and nothing else, until something is heard", () => {
  const server = served();
  server.pipe!.write(data(300));
  assert.deepEqual(said(server, 0).map(({ number }) => number), [1, 2, 3]);
  const at = server.nextTickAt;
  server.tick(at);
  server.pipe!.write(data(300));
  assert.deepEqual(said(server, at).map(({ number, offset, data }) => [number, offset, data.length]), [[
    4,
    100,
    64,
  ]]);
  const next = server.nextTickAt;
  server.tick(next);
  assert.deepEqual(said(server, next).map(({ number, offset, data }) => [number, offset, data.length]), [[
    4,
    100,
    32,
  ]]);
  server.receive(packet({ ack: 132, last: 4, bits: 0, window: 8192 }), next + 1);
  assert.deepEqual(
    said(server, next + 1).map(({ number, offset, data }) => [number, offset, data.length]),
    Array.from({ length: 8 }, (_, index) => [5 + index, 132 + 32 * index, 32]),
    "all that was sent before is lost, and eight packets are under way",
  );
});

Deno.test("bytes that come again do no harm to those that took their place", () => {
  const server = lineOf("server", 100, { windowBytes: 256 });
  server.receive(packet({ kind: KIND.open, offset: 0, window: 8192 }), 0);
  const bytes = Uint8Array.from({ length: 456 }, (_, at) => at * 7 + (at >> 5));
  server.receive(packet({ number: 1, offset: 0, data: bytes.subarray(0, 200) }), 0);
  assert.deepEqual(server.pipe!.read(), bytes.subarray(0, 200));
  server.pipe!.free();
  server.receive(packet({ number: 2, offset: 260, data: bytes.subarray(260, 456) }), 0);
  server.receive(packet({ number: 3, offset: 0, data: bytes.subarray(0, 210) }), 0);
  server.receive(packet({ number: 4, offset: 210, data: bytes.subarray(210, 260) }), 0);
  const read: number[] = [];
  for (let chunk; (chunk = server.pipe!.read()) !== undefined;) read.push(...chunk);
  assert.deepEqual(Uint8Array.from(read), bytes.subarray(200));
  server.receive(packet({ number: 5, offset: 456, data: bytes.subarray(0, 200) }), 0);
  server.receive(packet({ number: 6, offset: 656, data: bytes.subarray(0, 100) }), 0);
  assert.equal(said(server, 0).at(-1)!.last, 5, "what there is no room for has not arrived");
});

Deno.test("room is told as soon as half of the window is free again", () => {
  const server = served();
  for (let at = 0; at < 8; at++) {
    server.receive(packet({ number: 1 + at, offset: 500 + 1024 * at, data: data(1024) }), 0);
  }
  assert.deepEqual(said(server, 0).map(({ window }) => window), [0]);
  const { length } = server.pipe!.read()!;
  assert.ok(length >= 4096);
  assert.deepEqual(said(server, 0), [], "the reader still holds it");
  server.pipe!.free();
  assert.deepEqual(said(server, 0).map(({ ack, window }) => [ack, window]), [[500 + 8192, length]]);
});

Deno.test("nothing is said to whoever has closed but that it was heard", () => {
  const server = served();
  server.pipe!.write(data(3000)); // more than is under way at once
  said(server, 0);
  server.receive(
    packet({ kind: KIND.close, number: 1, offset: 500, ack: 228, last: 1, bits: 1, window: 8192 }),
    5,
  );
  assert.equal(server.pipe!.isPeerGone, true);
  assert.equal(server.pipe!.isAtEnd, true);
  assert.equal(server.pipe!.write(data(1)), 0);
  server.pipe!.finish();
  assert.deepEqual(said(server, 5).map(({ ack, data }) => [ack, data.length]), [[501, 0]]);
  assert.equal(server.nextTickAt, Infinity);
  server.receive(
    packet({ kind: KIND.close, number: 1, offset: 500, ack: 228, last: 1, bits: 1, window: 8192 }),
    5,
  );
  assert.deepEqual(said(server, 5).map(({ ack }) => ack), [501], "our answer was lost");
});

Deno.test("a slow line is given little at once, and enough time", () => {
  const server = lineOf("server", 100, { baudRate: 9600 });
  server.receive(packet({ kind: KIND.open, offset: 500, window: 8192 }), 0);
  said(server, 0);
  server.pipe!.write(data(3000));
  for (let number = 1; number <= 3; number++) {
    assert.deepEqual(said(server, 0).map(({ number }) => number), [number]);
  }
  for (const baudRate of [300, 1200, 9600]) {
    const line = new SimulatedLine(1, { baudRate }, { baudRate });
    line.client.toSay = line.server.toSay = data(3000);
    const isDone = () => line.client.heard.length === 3000 && line.server.heard.length === 3000;
    assert.ok(line.run(3000 * 10 / baudRate * 2000, isDone), `${baudRate} baud`);
    assert.ok(
      line.client.wireBytes < 3000 * 1.5,
      `${line.client.wireBytes} bytes for 3000 at ${baudRate} baud`,
    );
  }
});

Deno.test("a probe is answered at once", () => {
  const server = served();
  server.receive(packet({ kind: KIND.probe, ack: 100, window: 10 }), 0);
  assert.deepEqual(said(server, 0).map(({ kind, ack, data }) => [kind, ack, data.length]), [[
    KIND.data,
    500,
    0,
  ]]);
});

Deno.test("silence ends the pipe after giveUpMs, but not before it was asked again", () => {
  const server = lineOf("server", 100, { giveUpMs: 3000 });
  server.receive(packet({ kind: KIND.open, offset: 500, window: 8192 }), 0);
  server.pipe!.write(data(10));
  said(server, 0);
  server.tick(3_600_000); // the machine slept
  assert.equal(server.pipe!.isDone, false);
  assert.deepEqual(said(server, 3_600_000).map(({ number }) => number), [2]);
  let now = 3_600_000;
  const numbers = new Set<number>();
  const failure = () => server.pipe!.failure;
  while (failure() === undefined) {
    now = server.nextTickAt;
    assert.ok(now < 3_610_000);
    server.tick(now);
    for (const { number, kind } of said(server, now)) if (kind === KIND.data) numbers.add(number);
  }
  assert.deepEqual([...numbers], [2], "one number for all tries");
  assert.equal(failure()!.code, "silent");
  assert.match(
    failure()!.message,
    /^Link serial:\/dev\/x is silent: 10 bytes not acknowledged for [\d,]+ ms, sent \d+ times again; is the cable in/,
  );
  assert.equal(server.nextTickAt, Infinity);
});

Deno.test("a cut of ten minutes is survived by whoever is patient enough", () => {
  const line = new SimulatedLine(1, { cut: [1100, 601_100] }, { giveUpMs: 3_600_000 });
  line.client.toSay = data(50_000);
  line.server.toSay = data(50_000);
  line.run(99, () => false);
  line.client.toSay = data(100_000);
  line.server.toSay = data(100_000);
  const isDone = () => line.client.heard.length === 100_000 && line.server.heard.length === 100_000;
  assert.ok(line.run(610_000, isDone), `${line.client.heard.length} ${line.server.heard.length}`);
});

Deno.test("64 KiB without a packet end the pipe, however they are cut, and the line goes on", () => {
  for (const size of [1000, 65_536, 100_000]) {
    const server = served();
    const { pipe } = server;
    for (let left = 100_000; left > 0; left -= size) {
      server.receive(new Uint8Array(Math.min(size, left)).fill(0x55), 0);
    }
    assert.equal(pipe!.failure!.code, "garbage");
    assert.match(
      pipe!.failure!.message,
      /^65,536 bytes came from serial:\/dev\/x and not one packet in them: check the baud rate at both ends, and that the other side speaks native; a device wants the dialect "lines" or "raw"$/,
    );
    assert.equal(server.takeFault(), pipe!.failure);
    assert.equal(server.takeFault(), undefined);
    server.receive(packet({ kind: KIND.open, tag: 3, offset: 500, window: 8192 }), 0);
    assert.equal(server.pipe!.failure, undefined);
  }
});

Deno.test("hints tell what came of the line", () => {
  const client = lineOf("client", 0, { lineText: "115200 8N1" });
  assert.match(
    client.hint,
    /^nothing came: is the other side a Parley that listens\? A device wants the dialect/,
  );
  assert.equal(lineOf("server").hint, "nothing came: is the other side running, and does it connect?");
  client.receive(fromHex("55"), 0);
  assert.match(
    client.hint,
    /^1 byte came and no packet in them: check the baud rate \(here 115200 8N1\) at both ends/,
  );
  client.receive(new Uint8Array(1233).fill(0x55), 0);
  assert.match(client.hint, /^1,234 bytes came and no packet in them/);
  client.receive(packet({ tag: 8, fromServer: true }), 0);
  assert.match(client.hint, /came with 1 packets in them, none of this connection/);
});
