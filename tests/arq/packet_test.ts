import assert from "node:assert/strict";
import { KIND, MAX_DATA_BYTES } from "../../src/arq/packet.ts";
import { PacketReader } from "../../src/arq/packet_reader.ts";
import { maxStuffedBytes, stuff, unstuff } from "../../src/arq/stuffing.ts";
import { cobs } from "../../src/codec/cobs.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { fromHex, packet, packetsIn } from "./notation.ts";

/** What docs/serial-wire.md shows, under the names it has there. */
const SAMPLES: Record<string, Parameters<typeof packet>[0]> = {
  OPEN: { kind: KIND.open, offset: 0xfffe, window: 8192 },
  OPENED: { kind: KIND.opened, fromServer: true, offset: 0x0100, ack: 0xfffe, window: 8192 },
  DATA: { number: 1, offset: 0xfffe, ack: 0x0100, window: 8192, data: [0x68, 0x69] },
  ACK: { fromServer: true, ack: 0, last: 1, bits: 1, window: 8190 },
  HOLE: { fromServer: true, ack: 0, last: 3, bits: 0b110, window: 8190 },
  FIN: { kind: KIND.fin, number: 5, offset: 3, ack: 0x0100, window: 8192 },
  CLOSE: {
    kind: KIND.close,
    fromServer: true,
    number: 1,
    offset: 0x0100,
    ack: 4,
    last: 5,
    bits: 0x1d,
    window: 8192,
  },
  PROBE: { kind: KIND.probe, ack: 0x0101, last: 1, bits: 1, window: 8192 },
  RESET: { kind: KIND.reset, fromServer: true, data: [0, 1] },
};

/** The lines `name  hex bytes` of the page. */
async function documented(): Promise<Map<string, Uint8Array>> {
  const page = await Deno.readTextFile(new URL("../../docs/serial-wire.md", import.meta.url));
  const lines = page.matchAll(/^([A-Z]+) +((?:[0-9a-f]{2} )+[0-9a-f]{2})$/gm);
  return new Map([...lines].map(([, name, hex]) => [name, fromHex(hex)]));
}

Deno.test("the samples of docs/serial-wire.md are what is written, and what is read", async () => {
  const samples = await documented();
  assert.deepEqual([...samples.keys()], Object.keys(SAMPLES));
  for (const [name, bytes] of samples) {
    const { fromServer = false, data = [], ...head } = SAMPLES[name];
    assert.deepEqual(packet(SAMPLES[name]), bytes, name);
    const [said, ...more] = packetsIn([bytes]);
    assert.equal(more.length, 0, name);
    assert.equal(said.version, 1);
    assert.equal(said.fromServer, fromServer, name);
    assert.deepEqual(said.data, [...data as number[]], name);
    for (const [field, value] of Object.entries(head)) {
      assert.equal(said[field as keyof typeof said], value, `${name}: ${field}`);
    }
  }
});

Deno.test("packets are the same however the bytes are cut", async () => {
  const random = new SeededRandom(3);
  const noise = fromHex("55 55 00 13 03 00 00 ff 07");
  const big = packet({ number: 9, data: random.bytes(MAX_DATA_BYTES) });
  const all = Uint8Array.from([
    ...noise,
    ...[...(await documented()).values()].flatMap((bytes) => [...bytes]),
    ...big,
    ...noise,
  ]);
  const whole = packetsIn([all]);
  assert.equal(whole.length, Object.keys(SAMPLES).length + 1);
  for (let at = 1; at < all.length; at++) {
    assert.deepEqual(packetsIn([all.subarray(0, at), all.subarray(at)]), whole, `cut at ${at}`);
  }
  assert.deepEqual(packetsIn(Array.from(all, (byte) => Uint8Array.of(byte))), whole, "byte by byte");
});

Deno.test("no packet with a flipped bit, a missing or an added byte is taken for one", () => {
  const good = packet({ number: 1, offset: 7, data: [0, 1, 2, 0, 0, 255] });
  for (let at = 1; at < good.length - 1; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const bad = good.slice();
      bad[at] ^= 1 << bit;
      assert.deepEqual(packetsIn([bad]), [], `bit ${bit} of byte ${at}`);
    }
    const short = [...good.subarray(0, at), ...good.subarray(at + 1)];
    const long = [...good.subarray(0, at), 0x42, ...good.subarray(at)];
    assert.deepEqual(packetsIn([Uint8Array.from(short), Uint8Array.from(long)]), []);
  }
});

Deno.test("garbage is counted until a packet comes, and bounded", () => {
  const reader = new PacketReader(2000);
  const good = packet({ data: [1] });
  packetsIn([Uint8Array.of(1, 2, 3, 0)], reader);
  assert.equal(reader.garbageBytes, 4);
  packetsIn([good], reader);
  assert.equal(reader.garbageBytes, 0);
  packetsIn([new Uint8Array(1999).fill(0x55)], reader);
  assert.equal(reader.garbageBytes, 1999);
  assert.equal(reader.isHopeless, false);
  packetsIn([Uint8Array.of(0x55)], reader);
  assert.equal(reader.isHopeless, true);
  reader.forgive();
  assert.equal(packetsIn([Uint8Array.of(0), good], reader).length, 1, "reading goes on");
  assert.equal(reader.isHopeless, false);
});

Deno.test("a packet with more than 1024 bytes of data is none", () => {
  const body = new Uint8Array(14 + MAX_DATA_BYTES + 1 + 4).fill(7);
  const bytes = cobs().encode(body);
  const reader = new PacketReader(65_536);
  assert.deepEqual(packetsIn([bytes], reader), []);
  assert.equal(reader.badPackets, 1);
});

Deno.test("stuffing is that of the codec cobs, and back", () => {
  const random = new SeededRandom(11);
  const codec = cobs();
  for (let round = 0; round < 700; round++) {
    const length = round < 300 ? random.below(40) : 150 + round % 400; // of every length about full groups
    const frame = Uint8Array.from({ length }, () => random.below(4) === 0 ? 0 : random.below(256));
    if (round >= 350) { for (let at = 0; at < length; at++) frame[at] ||= 1; }
    const stuffed = new Uint8Array(maxStuffedBytes(length));
    const end = stuff(frame, length, stuffed, 0);
    assert.deepEqual(stuffed.subarray(0, end), codec.encode(frame));
    const back = new Uint8Array(600);
    assert.equal(unstuff(stuffed, 0, end - 1, back), length);
    assert.deepEqual(back.subarray(0, length), frame);
    assert.equal(unstuff(stuffed, 0, end - 1, stuffed), length, "in place");
    assert.deepEqual(stuffed.subarray(0, length), frame);
  }
});
