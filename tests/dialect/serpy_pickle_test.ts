import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { PickleRefusal } from "../../src/dialect/serpy/pickle_error.ts";
import { readPickle as read } from "../../src/dialect/serpy/pickle_reader.ts";
import { writePickle } from "../../src/dialect/serpy/pickle_writer.ts";
import { float } from "../../src/dialect/float.ts";
import { fromHex, toHex } from "./conversation.ts";

const { values } = JSON.parse(
  Deno.readTextFileSync(new URL("../fixtures/pickles.json", import.meta.url)),
) as {
  values: { python: string; pickles: string[] }[];
};

const dict = (members: object) => ({ __proto__: null, ...members });
const bytes = (text: string) => new TextEncoder().encode(text);

/** What the values of the fixture are here, by the Python expression that made them. */
const HERE: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["None", null],
  ["True", true],
  ["False", false],
  ["2**31-1", 2 ** 31 - 1],
  ["-2**31", -(2 ** 31)],
  ["2**31", 2 ** 31],
  ["2**53-1", 2 ** 53 - 1],
  ["2**53", 2n ** 53n],
  ["-2**63", -(2n ** 63n)],
  ["-128*2**32", -128 * 2 ** 32],
  ["2**200", 2n ** 200n],
  ["float('inf')", Infinity],
  ["float('-inf')", -Infinity],
  ["''", ""],
  ["'a'", "a"],
  ["'é✓😀'", "é✓😀"],
  ["'x'*255", "x".repeat(255)],
  ["'x'*256", "x".repeat(256)],
  ["'a\\n\\\\b'", "a\n\\b"],
  ["b''", bytes("")],
  ["b'a\\x00'", bytes("a\0")],
  ["b'x'*256", bytes("x".repeat(256))],
  ["bytearray(b'ab')", bytes("ab")],
  ["[1, 2.5, None, True, 'é']", [1, 2.5, null, true, "é"]],
  ["[[], [[]], {}]", [[], [[]], dict({})]],
  ["()", []],
  ["(1,)", [1]],
  ["(1, 2, 3, 4)", [1, 2, 3, 4]],
  ["{}", dict({})],
  ["{'a': 1}", dict({ a: 1 })],
  ["{'a': 1, 'b': {'c': []}}", dict({ a: 1, b: dict({ c: [] }) })],
  ["{1: 'x', None: 0}", new Map<unknown, unknown>([[1, "x"], [null, 0]])],
  ["{7}", new Set([7])],
  ["set()", new Set()],
  ["frozenset([7])", new Set([7])],
  ["['a', 'a']", ["a", "a"]],
  ["list(range(5))", [0, 1, 2, 3, 4]],
]);

/** The value of a pickle; a refusal is thrown. */
function readPickle(bytes: Uint8Array): unknown {
  const result = read(bytes);
  if (result instanceof PickleRefusal) throw Object.assign(new Error(result.message), { code: result.code });
  return result.value;
}

function here(python: string): unknown {
  return HERE.has(python) ? HERE.get(python) : JSON.parse(python);
}

/** Types that name a function of Python in old protocols. */
const NAMES_CODE = /^(b'|bytearray|set|frozenset|\{7)/;

for (const { python, pickles } of values) {
  Deno.test(`readPickle: ${python} in every protocol, or a refusal where old ones name code`, () => {
    for (const [protocol, hex] of pickles.entries()) {
      const isOld = protocol < (python.startsWith("b'") ? 3 : python.startsWith("bytearray") ? 5 : 4);
      if (NAMES_CODE.test(python) && isOld) {
        assert.throws(() => readPickle(fromHex(hex)), { code: "unsafe_pickle" });
      } else {
        assert.deepEqual(readPickle(fromHex(hex)), here(python));
      }
    }
  });

  Deno.test(`writePickle: ${python} as Python writes it`, () => {
    if (/^(\(|frozenset|bytearray)/.test(python)) return; // there are no tuples here, and one kind of set and of bytes
    assert.equal(toHex(writePickle(here(python))), pickles[5]);
  });
}

Deno.test("readPickle refuses whatever is no plain data, and says what it names", () => {
  const cases: [string, RegExp][] = [
    ["63 6f730a 73797374656d0a", /names "os\.system"/], // GLOBAL
    ["8c026f73 8c0673797374656d 93", /names "os\.system"/], // STACK_GLOBAL
    ["4e 4e 93", /names a class or a function/],
    ["28 69 6f730a 73797374656d0a", /names "os\.system"/], // INST
    ["4e 4e 52", /calls a function/],
    ["4e 4e 62", /sets the state/],
    ["4e 4e 81", /makes an object/],
    ["4e 4e 4e 92", /makes an object/],
    ["28 4e 6f", /makes an object/],
    ["50 780a", /names an object outside/],
    ["4e 51", /names an object outside/],
    ["82 01", /names a registered class/],
    ["97", /wants a buffer/],
    ["4e 98", /wants a buffer/],
    [`63 ${"1b".repeat(70)}0a 5b0a`, /names "\?{60}…"/], // nothing that a terminal obeys
  ];
  for (const [hex, message] of cases) {
    assert.throws(() => readPickle(fromHex(`8005 ${hex} 2e`)), {
      code: "unsafe_pickle",
      message,
    });
  }
});

Deno.test("readPickle refuses what is broken, wherever it is cut off", () => {
  const whole = fromHex(values.find(({ python }) => python.startsWith("{'a': 1, 'b'"))!.pickles[5]);
  for (let length = 0; length < whole.length; length++) {
    assert.throws(() => readPickle(whole.subarray(0, length)), { code: "bad_pickle" });
  }
  const cases: [string, RegExp][] = [
    ["8006 4e 2e", /protocol 6 is unknown/],
    ["2e", /nothing is there for the instruction before byte 1/],
    ["ff", /0xff at byte 0 is no instruction/],
    ["28 2e", /nothing is there/], // what lies below a mark is not there
    ["65 2e", /no mark is there/],
    ["5d 28 4e 90 2e", /no set is there/],
    ["7d 28 4e 75 2e", /no dict is there for the keys and values/],
    ["68 00 2e", /nothing was remembered as 0/],
    ["8c ff 61 2e", /255 bytes are declared at byte 2, 2 are left/],
    ["8d ffffffffffffff7f 2e", /bytes are declared/],
    ["95 ff00000000000000 4e 2e", /255 bytes are declared/],
    ["8c 01 ff 2e", /the text at byte 2 is no UTF-8/],
    ["8b ff ff ff ff", /4294967295 bytes are declared/],
    ["49 31", /the line at byte 1 has no end/],
    ["49 78 0a 2e", /"x" is no int/],
    ["46 78 0a 2e", /"x" is no float/],
    ["53 78 0a 2e", /"x" is no text in quotes/],
    ["67 78 0a 2e", /"x" is no place in the memo/],
    ["55 01 e9 2e", /is no ASCII/],
  ];
  for (const [hex, message] of cases) {
    assert.throws(() => readPickle(fromHex(hex)), { code: "bad_pickle", message });
  }
});

Deno.test("readPickle reads what Python 2 wrote, and forgets what was popped", () => {
  assert.equal(readPickle(fromHex("53 27615c6e5c7834315c2727 0a 2e")), "a\nA'");
  assert.equal(readPickle(fromHex("55 02 6869 2e")), "hi");
  assert.equal(readPickle(fromHex("4b01 4b02 30 2e")), 1);
  assert.equal(readPickle(fromHex("4b01 28 4b02 31 2e")), 1);
  assert.equal(readPickle(fromHex("4b01 28 30 2e")), 1);
  assert.deepEqual(readPickle(fromHex("56 5c7530303431 5c5530303031663630300a 2e")), "A😀");
});

Deno.test("readPickle makes one object of what is one in Python, and refuses what holds itself", () => {
  const shared = readPickle(fromHex("80055d94285d944b01616801652e")) as unknown[];
  assert.deepEqual(shared, [[1], [1]]);
  assert.equal(shared[0], shared[1]);
  assert.throws(() => readPickle(fromHex("80055d946800612e")), {
    code: "bad_pickle",
    message: /it holds itself/,
  });
});

Deno.test("readPickle gives a dict with a key __proto__ as a Map, and no object a prototype", () => {
  const hostile = "80057d9428 8c095f5f70726f746f5f5f 7d 8c0161 4b01 73 8c0162 4b02 752e";
  const map = readPickle(fromHex(hostile)) as Map<string, unknown>;
  assert.deepEqual([...map.keys()], ["__proto__", "b"]);
  assert.equal((readPickle(fromHex("7d2e")) as object).toString, undefined);
});

Deno.test("readPickle is bounded: depth, values, what stands in many places, ints", () => {
  const nested = (depth: number) => `${"28".repeat(depth)}${"6c".repeat(depth)}2e`;
  assert.doesNotThrow(() => readPickle(fromHex(nested(64))));
  assert.throws(() => readPickle(fromHex(nested(65))), { message: /nested deeper than 64/ });
  const deep = `${"28".repeat(40)}${"6c".repeat(40)} 94 30`; // remembered: 40 deep where it stands
  assert.doesNotThrow(() =>
    readPickle(fromHex(`${deep} 28 6800 ${"28".repeat(23)} 6800 ${"6c".repeat(24)} 2e`))
  );
  assert.throws(() => readPickle(fromHex(`${deep} 28 6800 ${"28".repeat(24)} 6800 ${"6c".repeat(25)} 2e`)), {
    message: /nested deeper than 64/,
  });
  // Ten lists, each with the one before ten times: 10 ** 10 values when they are walked through.
  const laughs = Array.from(
    { length: 10 },
    (_, at) => `5d94 28 ${`68${hex2(at - 1)}`.repeat(at === 0 ? 0 : 10)} 65`,
  );
  assert.throws(() => readPickle(fromHex(`${laughs.join(" ")} 2e`)), {
    message: /holds more than 200000 values/,
  });
  assert.throws(() => readPickle(fromHex(`28${"4e".repeat(200_001)}6c2e`)), {
    message: /more than 200000 values/,
  });
  const long = "61".repeat(1024 * 1024);
  const many = `5d 28 58 00001000 ${long} 94 ${"6800".repeat(64)} 65 2e`;
  assert.throws(() => readPickle(fromHex(many)), {
    message: /holds more than 67108864 bytes of text and bytes/,
  });
  assert.throws(() => readPickle(fromHex(`8b 00001000 ${long} 2e`)), {
    message: /an int of 1048576 bytes stands at byte 5, at most 1786 are read/,
  });
  assert.throws(() => readPickle(fromHex(`49 ${"31".repeat(5000)} 0a 2e`)), {
    message: /has 5000 characters, at most/,
  });
  assert.equal(
    (readPickle(fromHex(`8b fa060000 ${"ff".repeat(1785)}7f 2e`)) as bigint).toString().length,
    4301,
  );
});

Deno.test("writePickle ends frames, splits long lists, and writes what is the same once, as Python does", () => {
  const range = (count: number) => Array.from({ length: count }, (_, at) => at);
  const numbered = (count: number) => Object.fromEntries(range(count).map((at) => [`k${at}`, at]));
  // hashlib.sha256(pickle.dumps(value, 5)).hexdigest()[:16]
  const cases: [unknown, string][] = [
    [range(2000), "471853c3b9791101"],
    [range(2001), "ffd4d2982d78da32"],
    [numbered(1000), "8ed5f1258fc14f3c"],
    [numbered(1001), "b57fb0451f0769ab"],
    ["x".repeat(65_535), "4079a7690a909353"],
    ["x".repeat(65_536), "2da9fa420af33a93"],
    [[new Uint8Array(70_000).fill(7), "end"], "da1f17dd655d4322"],
    [range(40_000), "a7a65aaccd7c9ecf"],
    [range(900).map((at) => `t${at % 300}`), "a6b6b8a8461562e8"],
  ];
  for (const [value, wanted] of cases) {
    assert.equal(createHash("sha256").update(writePickle(value)).digest("hex").slice(0, 16), wanted);
  }
  const shared = [1];
  assert.equal(toHex(writePickle([shared, shared])), "8005950c000000000000005d94285d944b01616801652e");
});

Deno.test("half surrogate pairs arrive as they are: Python has them in names of files", () => {
  assert.equal(readPickle(fromHex("8c 05 61 ed b3 bf 62 2e")), "a\udcffb");
  assert.equal(readPickle(fromHex("8c 05 c3 a9 ed a0 80 2e")), "é\ud800");
  for (const hex of ["8c 02 ed a0 2e", "8c 03 ed a0 41 2e", "8c 04 ed a0 80 ff 2e"]) {
    assert(read(fromHex(hex)) instanceof PickleRefusal, hex);
  }
});

Deno.test("in lines of protocol 0 two backslashes make no escape of what follows", () => {
  const line = (text: string) => readPickle(new TextEncoder().encode(`V${text}\n.`));
  assert.equal(line("\\\\u0041"), "\\\\u0041");
  assert.equal(line("\\\\\\u0041"), "\\\\A");
});

Deno.test("what float() makes is a float in Python, as a value and as a key", () => {
  assert.equal(toHex(writePickle(float(1))), "8005950a00000000000000473ff00000000000002e");
  assert.deepEqual(readPickle(writePickle(new Map([[float(1), [float(2)]]]))), new Map([[1, [2]]]));
});

Deno.test("writePickle refuses what Python would not read, and what is no plain data", () => {
  const self: unknown[] = [];
  self.push([self]);
  const cases: [unknown, RegExp][] = [
    [[1, () => 1], /value\[1\] is a function/],
    [{ a: { b: Symbol("s") } }, /value\["a"\]\["b"\] is a symbol/],
    [self, /value\[0\]\[0\] holds itself/],
    [new Date(0), /value is a Date: pass its getTime\(\)/],
    [[new Error("x")], /value\[0\] is a Error: pass its message/],
    [Promise.resolve(), /is a Promise: await it first/],
    [["\ud800"], /value\[0\] holds half a surrogate pair/],
    [new Set([[1]]), /value\[0\] is an object, which Python takes for no key/],
    [new Map([[{}, 1]]), /is an object, which Python takes for no key/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => writePickle(value), { name: "TypeError", message });
  }
  let deep: unknown = [];
  for (let i = 0; i < 64; i++) deep = [deep];
  assert.throws(() => writePickle(deep), { name: "RangeError", message: /is nested deeper than 64/ });
  assert.throws(() => writePickle(new Array(200_000)), {
    name: "RangeError",
    message: /more than 200000 values/,
  });
  assert.throws(() => writePickle([1n << 14_300n]), {
    name: "RangeError",
    message: /bigint of 1788 bytes, at most 1786/,
  });
  assert.throws(() => writePickle(["x".repeat(100), 1], 50), {
    name: "RangeError",
    message: /more than 50 bytes/,
  });
});

Deno.test("what writePickle writes reads back equal", () => {
  const value = {
    numbers: [0, -1, 1.5, 2 ** 40, -(2 ** 40), 2n ** 64n, -0, NaN],
    map: new Map<unknown, unknown>([[1, "one"], [bytes("k"), new Set(["a", 2])]]),
    buffer: new Uint8Array(70_000).fill(7),
    nothing: undefined,
  };
  const { nothing: _, ...there } = value;
  assert.deepEqual(readPickle(writePickle(value)), dict(there));
});

function hex2(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
