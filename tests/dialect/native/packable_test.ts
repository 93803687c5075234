import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { UsageRangeError, UsageTypeError } from "../../../src/errors.ts";
import { Packr } from "msgpackr";
import { MsgPack } from "../../../src/dialect/native/msgpack.ts";
import { MsgPackWriter } from "../../../src/dialect/native/msgpack_writer.ts";
import { checkPackable } from "../../../src/dialect/native/packable.ts";
import { SendBuffer } from "../../../src/send_buffer.ts";

Deno.test("checkPackable accepts what travels", () => {
  const shared = { x: 1 };
  class Point {
    x = 1;
    get length(): number {
      throw new Error("not an own property");
    }
    toJSON(): never {
      throw new Error("never called");
    }
  }
  const fine: unknown[] = [
    undefined,
    null,
    true,
    "text 🚁",
    "",
    -0,
    NaN,
    -Infinity,
    2n ** 64n - 1n,
    -(2n ** 63n),
    new Date(0),
    new Date(-8.64e15),
    new Uint8Array(3),
    Buffer.from("abc"),
    new ArrayBuffer(3),
    new Uint8Array(200_000), // bytes are one value, however many
    [undefined, , null],
    { none: undefined, constructor: "c", "": 1, "odd key": 2 },
    Object.create(null),
    new Point(),
    new (class Empty {})(),
    [shared, shared, { shared }],
    Object.defineProperty({ [Symbol("s")]: () => {} }, "hidden", { value: () => {} }),
    new (class extends Array {})(),
  ];
  for (const value of fine) assert.equal(packable(value), true);
  assert.equal(packable(fine), true);
});

Deno.test("checkPackable names the path to what cannot travel", () => {
  const callback = () => {};
  const cases: [unknown, string, string][] = [
    [callback, "args", "args is a function"],
    [[1, { motor: { callback } }], "args", "args[1].motor.callback is a function"],
    [{ args: [callback] }, "", "args[0] is a function"],
    [callback, "", "the value is a function"],
    [[[callback]], "", "[0][0] is a function"],
    [{ "odd key": [Symbol("s")] }, "value", 'value["odd key"][0] is a symbol'],
    [{ ["k".repeat(50)]: { "ü_1": { "1a": callback } } }, "v", `v.${"k".repeat(50)}.ü_1["1a"] is a function`],
    [{ ["- ".repeat(50)]: callback }, "v", `v["${"- ".repeat(20)}…"] is a function`],
    [{ first: { fine: [1, 2, 3] }, second: callback }, "v", "v.second is a function"],
  ];
  for (const [value, what, reason] of cases) {
    assert.equal(packable(value), false);
    assert.throws(() => checkPackable(value, what), {
      name: "TypeError",
      message: `Cannot pack a message: ${reason}`,
    });
  }
});

Deno.test("checkPackable says what to pass in place of a class that has no properties", () => {
  class Registry extends Map {}
  const cases: [object, string][] = [
    [new Map(), "is a Map: pass Object.fromEntries(it), or [...it] for pairs"],
    [new Registry(), "is a Registry: pass Object.fromEntries(it), or [...it] for pairs"],
    [new Set(), "is a Set: pass [...it]"],
    [new RangeError("x"), "is a RangeError: pass its message"],
    [/x/, "is a RegExp: pass its source and flags"],
    [Promise.resolve(), "is a Promise: await it first"],
    [new Number(1), "is a Number: pass its valueOf()"],
    [new String("a"), "is a String: pass its valueOf()"],
    [new Boolean(true), "is a Boolean: pass its valueOf()"],
    [Object(1n), "is a BigInt: pass its valueOf()"],
    [Object(Symbol()), "is a Symbol: pass its description"],
    [new Float32Array(1), "is a Float32Array: pass a Uint8Array of its bytes, or a list of its numbers"],
    [
      new Uint8ClampedArray(1),
      "is a Uint8ClampedArray: pass a Uint8Array of its bytes, or a list of its numbers",
    ],
    [
      new DataView(new ArrayBuffer(1)),
      "is a DataView: pass a Uint8Array of its bytes, or a list of its numbers",
    ],
    [new WeakMap(), "is a WeakMap, which has no properties: pass its content as text or as a plain object"],
    [
      new SharedArrayBuffer(1),
      "is a SharedArrayBuffer, which has no properties: pass its content as text or as a plain object",
    ],
    [new URL("tcp://a"), "is a URL, which has no properties: pass its content as text or as a plain object"],
  ];
  for (const [value, reason] of cases) {
    assert.equal(packable(value), false);
    assert.throws(() => checkPackable([value], "args"), {
      name: "TypeError",
      code: "usage",
      message: `Cannot pack a message: args[0] ${reason}`,
    });
  }
});

Deno.test("checkPackable refuses cycles and names both ends", () => {
  const list: unknown[] = [];
  list.push(list);
  const parent: Record<string, unknown> = { name: "p" };
  parent.children = [{ parent, also: parent }];
  const mutual = { left: { right: {} as Record<string, unknown> } };
  mutual.left.right.left = mutual.left;
  const cases: [unknown, string][] = [
    [list, "v[0] is a cycle: it is v again"],
    [{ list }, "v.list[0] is a cycle: it is v.list again"],
    [parent, "v.children[0].parent is a cycle: it is v again"],
    [mutual, "v.left.right.left is a cycle: it is v.left again"],
  ];
  for (const [value, reason] of cases) {
    assert.equal(packable(value), false);
    assert.throws(() => checkPackable(value, "v"), {
      name: "TypeError",
      message: `Cannot pack a message: ${reason}`,
    });
  }
});

Deno.test("checkPackable refuses numbers and dates out of range with the numbers", () => {
  const cases: [unknown, string][] = [
    [2n ** 64n, "args[0] has 65 bits, a bigint may have 64: pass it as text"],
    [-(2n ** 63n) - 1n, "args[0] has 65 bits, a bigint may have 64: pass it as text"],
    [10n ** 100n, "args[0] has 333 bits, a bigint may have 64: pass it as text"],
    [new Date(NaN), "args[0] is an invalid Date"],
  ];
  for (const [value, reason] of cases) {
    assert.equal(packable(value), false);
    assert.throws(() => checkPackable([value], "args"), {
      name: "RangeError",
      code: "usage",
      message: `Cannot pack a message: ${reason}`,
    });
  }
});

Deno.test("checkPackable refuses half a surrogate pair in texts and keys, and the key __proto__", () => {
  for (const half of ["\ud800", "\udfff", "a\udc00\ud800", "x".repeat(100) + "\ud83d"]) {
    assert.equal(packable([half]) || packable({ [half]: 1 }), false);
    assert.throws(() => checkPackable([half], "args"), /args\[0\] holds half a surrogate pair/);
    assert.throws(
      () => checkPackable({ a: { [half]: 1 } }, "v"),
      /v\.a has a key with half a surrogate pair/,
    );
  }
  const proto = JSON.parse('{"a": {"__proto__": 1}}');
  assert.equal(packable(proto), false);
  assert.throws(() => checkPackable(proto, "v"), /v\.a has a key "__proto__"/);
  checkPackable({ __proto__: { inherited: () => {} } }, "v"); // that is no property
});

Deno.test("checkPackable goes exactly as deep as the reader does", () => {
  for (const wrap of [(value: unknown) => [value], (value: unknown) => ({ a: value })]) {
    let value: unknown = "core";
    for (let depth = 0; depth < 32; depth++) value = wrap(value);
    travels(value);
    const deeper = wrap(value);
    assert.throws(() => checkPackable(deeper, "v"), {
      name: "RangeError",
      message: /^Cannot pack a message: v.* is nested 33 deep, at most 32 is allowed$/,
    });
    assert.equal(packable(deeper), false);
    assert.throws(() => readUnchecked(deeper), /nesting is deeper than 32/);
  }
});

Deno.test("checkPackable allows exactly as many elements as the reader does", () => {
  const list = Array(65_536).fill(1);
  travels(list);
  assert.throws(() => checkPackable([...list, 1], "v"), {
    name: "RangeError",
    message: "Cannot pack a message: v has 65537 elements, at most 65536 are allowed: send it in parts",
  });
  assert.equal(packable([...list, 1]), false);
  assert.throws(() => readUnchecked([...list, 1]), /65537 elements are declared/);
  const record = Object.fromEntries(list.map((_, index) => [`k${index}`, 0]));
  travels({ ...record, none: undefined });
  assert.throws(() => checkPackable({ ...record, more: 0 }, "v"), {
    name: "RangeError",
    message:
      "Cannot pack a message: v has more than 65536 members, at most 65536 are allowed: send it in parts",
  });
  assert.equal(packable({ ...record, more: 0 }), false);
  assert.throws(() => checkPackable(Array(2 ** 32 - 1), "v"), /v has 4294967295 elements/); // all holes
});

Deno.test("checkPackable allows exactly as many values in all as the reader does", () => {
  const full = [Array(50_000).fill(0), Array(49_996).fill(0), { a: 1 }];
  assert.equal(1 + 3 + 50_000 + 49_996, 100_000);
  full[2] = 0 as never;
  travels(full);
  const over = [full[0], full[1], [1]];
  assert.throws(() => checkPackable(over, "v"), {
    name: "RangeError",
    message: "Cannot pack a message: it holds more than 100000 values, passed in v[2]",
  });
  assert.equal(packable(over), false);
  assert.throws(() => readUnchecked(over), /more than 100000 values/);
  // Shared parts count as often as they are sent: 2^31 of them must not be walked.
  let doubled: unknown = 1;
  for (let depth = 0; depth < 31; depth++) doubled = [doubled, doubled];
  assert.throws(() => checkPackable(doubled, "v"), /more than 100000 values/);
  assert.equal(packable(doubled), false);
});

Deno.test("the writer takes what checkPackable accepts and nothing else, and it arrives as sent", () => {
  const key = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom(...NAMES));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: "small" },
      fc.oneof(
        fc.constantFrom(
          undefined,
          null,
          true,
          -0,
          NaN,
          Infinity,
          2 ** 32,
          2 ** 53,
          -(2 ** 31) - 1,
          "\ufeff" + "x".repeat(90),
        ),
        fc.integer(),
        fc.double(),
        fc.bigInt(),
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), // half pairs too
        fc.uint8Array({ maxLength: 300 }),
        fc.date(),
        fc.constantFrom(() => {}, Symbol("s"), new Map(), /x/),
      ),
      fc.array(tie("value")),
      fc.dictionary(key, tie("value"), { noNullPrototype: false }),
    ),
  }));
  let accepted = 0;
  fc.assert(
    fc.property(value, (sent) => {
      if (packable(sent)) accepted += travels(sent);
    }),
    { seed: 20_261_121, numRuns: 5000 },
  );
  assert.ok(accepted > 1500, `${accepted} accepted`);
});

Deno.test("the writer takes of JavaScript's odd values what checkPackable accepts and nothing else, and the reader too", () => {
  const anything = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
    maxDepth: 3,
  });
  let accepted = 0;
  fc.assert(
    fc.property(anything, (sent) => {
      if (!packable(sent)) return;
      const bytes = new MsgPack().pack(sent);
      new MsgPack().unpack(bytes, 0, bytes.length);
      accepted++;
    }),
    { seed: 4711, numRuns: 5000 },
  );
  assert.ok(accepted > 1000, `${accepted} accepted`);
});

const NAMES = ["__proto__", "constructor", "hasOwnProperty", "toJSON", "length", "\ufeff" + "k".repeat(80)];

/** False for what is refused, by the writer as well; any other error than ours fails the test. */
function packable(value: unknown): boolean {
  const write = () => new MsgPackWriter().write(new SendBuffer(), value, () => {});
  try {
    checkPackable(value, "value");
  } catch (error) {
    assert.ok(error instanceof UsageTypeError || error instanceof UsageRangeError, String(error));
    assert.match(error.message, /^Cannot pack a message: .*[^.]$/s);
    assert.throws(write, UsageTypeError, `the writer took what is refused: ${error.message}`);
    return false;
  }
  assert.doesNotThrow(write);
  return true;
}

/** Packs with a library that checks nothing, and reads with ours. */
function readUnchecked(value: unknown): unknown {
  const bytes = new Packr({ useRecords: false, variableMapSize: true }).pack(value);
  return new MsgPack().unpack(bytes, 0, bytes.length);
}

/** Asserts that a value passes the check, and comes out of pack and unpack as it should; returns 1. */
function travels(value: unknown): 1 {
  checkPackable(value, "value");
  const bytes = new MsgPack().pack(value);
  assert.deepEqual(new MsgPack().unpack(bytes, 0, bytes.length), arrival(value));
  return 1;
}

/** What the other side is to see. */
function arrival(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
  if (typeof value !== "object" || value instanceof Uint8Array || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(arrival);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, arrival(member)]));
}
