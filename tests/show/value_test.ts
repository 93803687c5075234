import assert from "node:assert/strict";
import fc from "fast-check";
import { showValue } from "../../src/show/value.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

const control =
  // deno-lint-ignore no-control-regex
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]/u;
// deno-lint-ignore no-control-regex
const colour = /\x1b\[\d{1,2}m/g;

/** The same text in every place of a value where it could be printed from. */
function everywhere(text: string): unknown[] {
  class Named {}
  Object.defineProperty(Named, "name", { value: text });
  const named = () => {};
  Object.defineProperty(named, "name", { value: text });
  const error = new Error(text, { cause: new Error(text, { cause: text }) });
  error.name = text;
  Object.assign(error, { code: text, outcome: text, [text]: text });
  return [
    text,
    bytes(text),
    Symbol(text),
    error,
    new Named(),
    Named,
    named,
    { [text]: text, [Symbol(text)]: [text], nested: { error, named, bytes: bytes(text), Named } },
    new Map([[text, new Set([text])]]),
    { [Symbol.toStringTag]: text },
    new Proxy({ [text]: text }, {}),
    { [Symbol.for("Deno.customInspect")]: () => text },
    {
      [Symbol.for("Deno.customInspect")]: () => {
        throw new Error(text);
      },
    },
    [/x/, new Date(NaN), Promise.resolve(text)],
  ];
}

function checkSafe(value: unknown): void {
  const plain = showValue(value, { stack: true });
  assert.doesNotMatch(plain, control);
  const coloured = showValue(value, { colors: true });
  assert.doesNotMatch(coloured.replace(colour, ""), control);
  assert.equal(coloured.replace(colour, ""), showValue(value));
}

Deno.test("showValue shows text in double quotes with its escapes", () => {
  assert.equal(showValue("HELLO"), '"HELLO"');
  assert.equal(showValue('say "hi"\r\n\tC:\\ \x1b'), '"say \\"hi\\"\\r\\n\\tC:\\\\ \\x1b"');
  assert.equal(showValue("温度 é"), '"温度 é"');
});

Deno.test("showValue folds a long text", () => {
  assert.equal(showValue("x".repeat(10_007)), `"${"x".repeat(10_000)}"…(+7 chars)`);
});

Deno.test("showValue shows bytes that are text as text", () => {
  assert.equal(showValue(bytes("hello")), 'Uint8Array(5) "hello"');
  assert.equal(showValue(bytes("OK\r\n")), 'Uint8Array(4) "OK\\r\\n"');
  assert.equal(showValue(bytes("温")), 'Uint8Array(3) "温"');
  assert.equal(showValue(new Uint8Array()), 'Uint8Array(0) ""');
  assert.equal(showValue(bytes("é".repeat(6000))), `Uint8Array(12000) "${"é".repeat(5000)}"…(+2000 bytes)`);
});

Deno.test("showValue shows other bytes in hexadecimal, with the words in them", () => {
  assert.equal(showValue(new Uint8Array([0, 0xff, 0x1b])), "Uint8Array(3) 00 ff 1b");
  assert.equal(showValue(bytes("\x02TEMP\x03")), "Uint8Array(6) 02 54 45 4d 50 03  |.TEMP.|");
  assert.equal(showValue(new Uint8Array(65)), `Uint8Array(65) ${"00 ".repeat(63)}00…(+1 bytes)`);
});

Deno.test("showValue shows bytes by content inside other values too, and leaves no trace", () => {
  const value = { text: bytes("hi"), list: [new Uint8Array([1])] };
  assert.equal(showValue(value), '{ text: Uint8Array(2) "hi", list: [ Uint8Array(1) 01 ] }');
  assert.equal(Deno.inspect(new Uint8Array([1])), "Uint8Array(1) [ 1 ]");
});

Deno.test("showValue shows an error without its stack, with code, outcome and causes", () => {
  const cause = Object.assign(new TypeError("socket gone"), { code: "ECONNRESET" });
  const error = Object.assign(new Error("Cannot send", { cause }), { code: "reset", outcome: "unknown" });
  assert.equal(
    showValue(error),
    "Error [reset]: Cannot send (outcome: unknown)\n  because: TypeError [ECONNRESET]: socket gone",
  );
  assert.match(showValue(error, { stack: true }), /^Error \[reset\].+\n {4}at .+value_test\.ts/);
});

Deno.test("showValue ends a ring of causes", () => {
  const error = new Error("round");
  error.cause = error;
  assert.equal(showValue(error).split("\n").length, 7);
});

Deno.test("showValue runs no getter and no trap", () => {
  let ran = 0;
  const run = () => {
    ran += 1;
    throw new Error("ran");
  };
  const error = new Error("kept");
  for (const key of ["name", "message", "stack", "cause", "code"]) {
    Object.defineProperty(error, key, { get: run });
  }
  const traps = { get: run, ownKeys: run, getPrototypeOf: run, getOwnPropertyDescriptor: run, has: run };
  class Accessors {
    get value() {
      return run();
    }
  }
  for (
    const value of [
      {
        get a() {
          return run();
        },
      },
      new Accessors(),
      error,
      new Proxy({}, traps),
      new Proxy([], traps),
    ]
  ) {
    assert.doesNotThrow(() => showValue(value, { stack: true }));
  }
  assert.equal(ran, 0);
});

Deno.test("showValue gives a line for a value that cannot be shown", () => {
  const throwing = (thrown: unknown) => ({
    [Symbol.for("Deno.customInspect")]: () => {
      throw thrown;
    },
  });
  assert.equal(showValue(throwing(new Error("no"))), "[Cannot show this value: Error: no]");
  assert.equal(showValue(throwing("\x1bno")), "[Cannot show this value: \\x1bno]");
  assert.equal(
    showValue(throwing(Object.create(null))),
    "[Cannot show this value: and what it threw cannot be shown either]",
  );
});

Deno.test("showValue folds a value that would fill many screens", () => {
  const value = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, index]));
  assert.match(showValue(value), /…\(\+\d+ chars\)$/);
  assert.ok(showValue(value).length < 101_000);
});

Deno.test("showValue colours what Deno colours, and nothing that hides a sequence of its own", () => {
  assert.equal(showValue({ a: 1 }, { colors: true }), "{ a: \x1b[33m1\x1b[39m }");
  assert.equal(showValue("a", { colors: true }), '\x1b[32m"a"\x1b[39m');
  class Sly {}
  Object.defineProperty(Sly, "name", { value: "\x1b[31mSly" });
  assert.equal(showValue({ a: 1, sly: new Sly() }, { colors: true }), "{ a: 1, sly: \\x1b[31mSly {} }");
});

Deno.test("showValue lets no code unit reach the terminal as a control character", () => {
  for (let block = 0; block < 0x10000; block += 64) {
    const units = Array.from({ length: 64 }, (_, index) => String.fromCharCode(block + index));
    for (
      const value of [units.join(""), units.join("."), {
        [units.join(".")]: units,
        s: Symbol(units.join(".")),
      }]
    ) {
      checkSafe(value);
    }
  }
});

Deno.test("showValue lets no hostile sequence through, wherever in a value it stands", () => {
  const piece = fc.constantFrom(
    "\x1b",
    "\x9b",
    "[2J",
    "]0;t\x07",
    "\r",
    "\n",
    "\t",
    "\u202e",
    "\u2028",
    "31m",
    "\ud800",
    "a",
    "\x00",
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
  fc.assert(fc.property(text, (hostile) => everywhere(hostile).forEach(checkSafe)), {
    numRuns: 500,
    seed: 7,
  });
});

Deno.test("showValue gives of an integer whose digits would take long only the first ones", () => {
  const huge = BigInt(`0x${"ab".repeat(1024 * 1024)}`);
  assert.equal(showValue(huge), `0x${"ab".repeat(16)}… (an integer of 8388608 bits)`);
  assert.equal(showValue(-huge), `-0x${"ab".repeat(16)}… (an integer of 8388608 bits)`);
  assert.equal(showValue(2n ** 64n), "18446744073709551616n");
});

Deno.test("showValue tells of a timer what ends it and when it goes off, and not what it is made of", () => {
  const timer = setInterval(() => {}, 200);
  const once = setTimeout(() => {}, 50);
  try {
    assert.equal(showValue(timer), `Timeout ${Number(timer)} (every 200 ms)`);
    assert.equal(showValue(once), `Timeout ${Number(once)} (in 50 ms)`);
  } finally {
    clearInterval(Number(timer)); // as it is shown
    clearTimeout(once);
  }
  assert.equal(showValue(timer), `Timeout ${Number(timer)} (over)`);
  class Timeout {
    x = 1;
  }
  assert.equal(showValue(new Timeout()), "Timeout { x: 1 }");
});
