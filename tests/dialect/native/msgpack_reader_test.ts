import assert from "node:assert/strict";
import { ProtocolError } from "../../../src/errors.ts";
import { MsgPackReader } from "../../../src/dialect/native/msgpack_reader.ts";
import vectors from "../../fixtures/msgpack_vectors.json" with { type: "json" };

Deno.test("MsgPackReader accepts every valid vector", () => {
  for (const { name, hex } of vectors.valid) {
    const bytes = Uint8Array.fromHex(hex);
    assert.doesNotThrow(() => new MsgPackReader().read(bytes, 0, bytes.length), name);
  }
});

Deno.test("MsgPackReader refuses every invalid vector with its code and reason", () => {
  for (const { name, hex, code, reason } of vectors.invalid) {
    const error = refusal(Uint8Array.fromHex(hex));
    assert.equal(error.code, code, name);
    assert.ok(error.message.includes(reason), `${name}: "${error.message}" does not say "${reason}"`);
  }
});

Deno.test("MsgPackReader looks at nothing outside of its range", () => {
  for (const { name, hex } of vectors.valid) {
    const inner = Uint8Array.fromHex(hex);
    // 0xc1 on both sides: reading one byte too many or too few is an error.
    const bytes = Uint8Array.of(0xc1, 0xc1, 0xc1, ...inner, 0xc1, 0xc1);
    assert.doesNotThrow(() => new MsgPackReader().read(bytes, 3, 3 + inner.length), name);
    assert.throws(() => new MsgPackReader().read(bytes, 3, 4 + inner.length), ProtocolError, name);
  }
});

Deno.test("MsgPackReader refuses every valid vector that is cut off at any byte", () => {
  for (const { name, hex } of vectors.valid) {
    const bytes = Uint8Array.fromHex(hex);
    for (let end = 0; end < bytes.length; end++) {
      const reason = /the (value|map) is cut off|declared, \d+ (bytes )?are left/;
      assert.throws(
        () => new MsgPackReader().read(bytes, 0, end),
        { name: "ProtocolError", message: reason },
        `${name} cut to ${end}`,
      );
    }
  }
});

Deno.test("MsgPackReader counts offsets from the start of the value", () => {
  const bytes = Uint8Array.of(0, 0, 0, 0, 0x92, 0x01, 0xc1);
  assert.equal(refusal(bytes, 4).message, "Refused a msgpack value at byte 2 of 3: 0xc1 is reserved");
});

Deno.test("MsgPackReader names a key that stands there twice, shortened", () => {
  const long = `d940${"61".repeat(64)}`;
  const { message } = refusal(Uint8Array.fromHex(`82${long}01${long}02`));
  assert.equal(
    message,
    `Refused a msgpack value at byte 68 of 135: the key "${"a".repeat(40)}"… (64 bytes) stands there twice`,
  );
});

Deno.test("MsgPackReader takes lists of 65536 elements and refuses 65537", () => {
  const head = Uint8Array.of(0xdd, 0, 1, 0, 0);
  const bytes = new Uint8Array(5 + 65_537);
  bytes.set(head);
  new MsgPackReader().read(bytes, 0, 5 + 65_536);
  bytes[4] = 1;
  assert.match(refusal(bytes).message, /65537 elements are declared, at most 65536 are allowed/);
});

Deno.test("MsgPackReader takes 100000 values in all and refuses 100001", () => {
  // A list of two lists: 1 + 2 + 50,000 + 49,997 values.
  const bytes = new Uint8Array(1 + 3 + 50_000 + 3 + 49_998);
  bytes.set([0x92, 0xdc, 50_000 >> 8, 50_000 & 0xff]);
  bytes.set([0xdc, 49_997 >> 8, 49_997 & 0xff], 4 + 50_000);
  new MsgPackReader().read(bytes, 0, bytes.length - 1);
  bytes[4 + 50_000 + 2]++;
  assert.match(refusal(bytes).message, /more than 100000 values/);
});

Deno.test("MsgPackReader finds a key that stands twice in maps of any size", () => {
  for (const count of [2, 3, 8, 16, 31, 32, 33, 34, 100, 1000]) {
    new MsgPackReader().read(map(count), 0, map(count).length);
    for (const twin of [0, (count - 1) >> 1, count - 2]) {
      const bytes = map(count);
      bytes.set(bytes.subarray(3 + twin * 5, 3 + twin * 5 + 4), 3 + (count - 1) * 5);
      assert.match(refusal(bytes).message, /stands there twice/, `key ${twin} of ${count}`);
    }
  }
});

Deno.test("MsgPackReader keeps the keys of nested maps apart", () => {
  const same = "81a161"; // {"a": …
  new MsgPackReader().read(Uint8Array.fromHex(same.repeat(32) + "c0"), 0, 97);
  // {"a": {"a": 1, "b": 2}, "b": {"a": 1}} and then one more "a" outside
  const inner = "a16182a16101a16202a16281a16101";
  new MsgPackReader().read(Uint8Array.fromHex("82" + inner), 0, 1 + inner.length / 2);
  assert.match(refusal(Uint8Array.fromHex("83" + inner + "a161c0")).message, /"a" stands there twice/);
  // {"a": {"b": 1}, "a": 2}
  assert.match(refusal(Uint8Array.fromHex("82a16181a16201a16102")).message, /"a" stands there twice/);
});

Deno.test("MsgPackReader does not take keys that differ in a byte order mark for the same", () => {
  const keys = Array.from({ length: 40 }, (_, index) => `a2${(0x3030 + index).toString(16)}`);
  keys[0] = "a161";
  keys[1] = "a4efbbbf61";
  const bytes = Uint8Array.fromHex("de0028" + keys.map((key) => key + "c0").join(""));
  assert.doesNotThrow(() => new MsgPackReader().read(bytes, 0, bytes.length));
});

Deno.test("MsgPackReader forgets the value it refused", () => {
  const reader = new MsgPackReader();
  const nested = Uint8Array.fromHex("82a16182a16201a16202a16303"); // refused inside of the inner map
  const fine = Uint8Array.fromHex("82a16201a16302");
  for (let round = 0; round < 3; round++) {
    assert.throws(() => reader.read(nested, 0, nested.length), ProtocolError);
    assert.doesNotThrow(() => reader.read(fine, 0, fine.length));
  }
});

Deno.test("MsgPackReader refuses 200 bombs without spending memory on them", () => {
  const table = bombs();
  assert.ok(table.length >= 200, `${table.length} bombs`);
  const before = Deno.memoryUsage().rss;
  for (const [name, bytes] of table) {
    const error = refusal(bytes, 0, name);
    assert.equal(error.code, "bad_msgpack", name);
    assert.match(error.message, /^Refused a msgpack value at byte \d+ of \d+: .*[^.]$/, name);
  }
  const grownMiB = (Deno.memoryUsage().rss - before) / 2 ** 20;
  assert.ok(grownMiB < 64, `${grownMiB.toFixed(1)} MiB more memory after all bombs`);
});

/** What the reader throws, which has to be a ProtocolError that lets the link go on. */
function refusal(bytes: Uint8Array, start = 0, name = bytes.subarray(0, 32).toHex()): ProtocolError {
  try {
    new MsgPackReader().read(bytes, start, bytes.length);
  } catch (error) {
    assert.ok(error instanceof ProtocolError, `${name}: ${error}`);
    assert.equal(error.code, "bad_msgpack", name);
    assert.equal(error.fatal, false, name);
    return error;
  }
  assert.fail(`${name} was accepted`);
}

/** A map of `count` keys of three digits, each with the value 0: five bytes for every entry. */
function map(count: number): Uint8Array {
  const entries = Array.from({ length: count }, (_, index) => `a3${digits(index)}00`);
  return Uint8Array.fromHex(`de${count.toString(16).padStart(4, "0")}${entries.join("")}`);
}

function digits(index: number): string {
  return new TextEncoder().encode(String(index).padStart(3, "0")).toHex();
}

function bombs(): [string, Uint8Array][] {
  const table: [string, Uint8Array][] = [];
  const add = (name: string, ...parts: string[]) => table.push([name, Uint8Array.fromHex(parts.join(""))]);
  const HUGE = ["ffffffff", "80000000", "7fffffff", "40000000", "00ffffff", "00100000", "00010001"];
  for (const token of ["91", "81a161", "dc0001", "dd00000001", "de0001a161", "df00000001a161", "9181a161"]) {
    for (const times of [33, 1000, 20_000]) {
      const name = `${token} x ${times}`;
      add(`${name}, whole`, token.repeat(times), "c0");
      add(`${name}, cut off`, token.repeat(times));
    }
  }
  table.push(["91 x 1000000", new Uint8Array(1_000_000).fill(0x91)]);
  table.push(["90 in 9f x 1000000", new Uint8Array(1_000_000).fill(0x9f)]);
  table.push(["a map of maps as keys", new Uint8Array(1_000_000).fill(0x8f)]);
  for (const count of HUGE) {
    for (const token of ["dd", "df", "c9", "db", "c6"]) {
      add(`${token} ${count}`, token, count);
      add(`${token} ${count} with some bytes`, token, count, "c0".repeat(40));
      add(`${token} ${count} x 40`, (token + count).repeat(40));
    }
  }
  for (const token of ["dcffff", "deffff", "daffff", "c5ffff", "c8ffff"]) {
    add(`${token} alone`, token);
    add(`${token} x 1000`, token.repeat(1000));
  }
  for (const depth of [0, 1, 10, 30]) {
    const around = "81a161".repeat(depth);
    add(`a key twice at depth ${depth}`, around, "82a16101a16102");
    add(`__proto__ at depth ${depth}`, around, "81a95f5f70726f746f5f5f81a161c3");
    add(`__proto__ at depth ${depth} in a string 32`, around, "81db000000095f5f70726f746f5f5fc0");
    add(`a record definition at depth ${depth}`, around, "d4724091a16101");
    add(`a key that is a list at depth ${depth}`, around, "8191c0c0");
  }
  const many = Array.from({ length: 1000 }, (_, index) => `a3${digits(index)}00`).join("");
  add("1001 keys, the last one twice", "de03e9", many, "a339393900");
  add("65536 lists of 65536 elements", "dd00010000", ("dd00010000" + "00".repeat(60)).repeat(1000));
  add("100001 values in lists of 15", "dc1a0b", ("9f" + "00".repeat(15)).repeat(6667));
  // Every prefix of a value that has one of each kind.
  const each =
    "8ba16191c0a162d6ff00000001a163cb3ff8000000000000a164c40101a165da000161a166cf0000000000000001" +
    "a167c5000101a168dc0001c2a169de0001a16101a16ac704ff00000001a16bd90161";
  for (let end = 0; end < each.length; end += 2) add(`cut to ${end / 2} bytes`, each.slice(0, end));
  return table;
}
