import assert from "node:assert/strict";
import { float } from "../../src/dialect/float.ts";
import { serpy2 } from "../../src/dialect/serpy2/serpy2.ts";
import { checkDialect, type SaidMessage } from "../../src/testing/check_dialect.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { fromHex, opened, output, outputHex, told } from "./conversation.ts";
import { block, join, str } from "./serpy2_block.ts";
import { type Delivered, recording, type Scenario, sentBy } from "./wire/recording.ts";

const ROLES = { c2s: "client", s2c: "server" } as const;

function say(...values: unknown[]): SaidMessage[] {
  return values.map((value) => ({ kind: "message", value }));
}

/** What the original handed over, as it is here. */
function valueOf({ type, value, text, hex }: Delivered): unknown {
  switch (type) {
    case "int":
      return typeof value === "string" ? BigInt(value) : value;
    case "float":
      return typeof value === "string" ? Number(value.replace("inf", "Infinity")) : value;
    case "str":
      return text;
  }
  return fromHex(hex);
}

/** The values that one end of a scenario was given, by the other end's words for the direction. */
function valuesOf({ delivered }: Scenario, dir: "c2s" | "s2c"): unknown[] {
  return delivered[dir === "c2s" ? "server" : "client"].filter(({ event }) => event === "receive").map(
    valueOf,
  );
}

function received(chunks: Iterable<Uint8Array>, role: "client" | "server"): unknown[] {
  const session = opened(serpy2(), role);
  const events = [...chunks].flatMap((chunk) => session.receive(chunk, 0));
  return [...events, ...session.receiveEnd(0)].flatMap((event) =>
    event.kind === "message" ? [event.value] : []
  );
}

function* cut(bytes: Uint8Array, sizes: Iterable<number>): Iterable<Uint8Array> {
  let at = 0;
  for (const size of sizes) yield bytes.subarray(at, at += size);
}

Deno.test("serpy2 keeps the contract of dialects", () => {
  checkDialect({
    dialect: serpy2(),
    samples: [
      {
        messages: say(0, -1, 2 ** 53 - 1, 2n ** 53n, -(2n ** 63n)),
        bytes: join(
          ...[
            "0000000000000000",
            "ffffffffffffffff",
            "ffffffffffff1f00",
            "0000000000002000",
            "0000000000000080",
          ]
            .map((hex) => block(0x01, fromHex(hex))),
        ),
      },
      {
        messages: say(0.1, -0, NaN, -Infinity, 2 ** 53),
        bytes: join(
          ...["0x1.999999999999ap-4", "-0x0.0p+0", "nan", "-inf", "0x1.0000000000000p+53"].map((text) =>
            block(0x11, text)
          ),
        ),
      },
      { messages: say("", "grüße 🚀\0", "\ufeff"), bytes: join(str(""), str("grüße 🚀\0"), str("\ufeff")) },
      { messages: say(new Uint8Array(0), fromHex("decafecafe"), new Uint8Array(3000)) },
      { messages: say(float(3), 5n), arrives: say(3, 5) },
    ],
    unsayable: [
      ...say(true, null, undefined, {}, [1], new Date(0), 2n ** 63n, -(2n ** 63n) - 1n, "half \ud83d"),
      { kind: "action", name: "go", args: [] },
    ],
  });
});

for (const scenario of recording("serpy2").scenarios) {
  Deno.test(`serpy2 reads the recording ${scenario.name}, whole, byte by byte and cut at random`, () => {
    const random = new SeededRandom(1);
    for (const dir of ["c2s", "s2c"] as const) {
      const bytes = sentBy(scenario, dir);
      const cuts = [[bytes.length], new Array<number>(bytes.length).fill(1), random.sizes(bytes.length)];
      for (const sizes of cuts) {
        for (const role of ["client", "server"] as const) {
          assert.deepEqual(received(cut(bytes, sizes), role), valuesOf(scenario, dir));
        }
      }
    }
  });

  if (scenario.raw.hand_made_chunk === true) continue;
  Deno.test(`serpy2 writes the recording ${scenario.name} byte for byte`, () => {
    for (const dir of ["c2s", "s2c"] as const) {
      const session = opened(serpy2(), ROLES[dir]);
      const floats = scenario.delivered[dir === "c2s" ? "server" : "client"].map(({ type }) =>
        type === "float"
      );
      valuesOf(scenario, dir).forEach((value, index) =>
        session.send(floats[index] ? float(value as number) : value)
      );
      assert.deepEqual(session.takeOutput().slice(), sentBy(scenario, dir));
    }
  });
}

Deno.test("serpy2 quirk 1: an unknown type, invalid UTF-8 and a bad float are told of, and the next block is read", () => {
  const session = opened(serpy2());
  const bytes = join(
    block(0x31, "what?"),
    block(0x21, Uint8Array.of(0xc3, 0x28)),
    block(0x11, ""),
    block(0x11, "0x1p99999 and more than is shown in the error"),
    str("still here"),
  );
  const events = session.receive(bytes, 0);
  assert.deepEqual(events.map((event) => event.kind === "fault" ? event.error.message : told([event])[0]), [
    "Block of 5 bytes dropped: its type 31 is unknown; ints are 01, floats 11, texts 21, bytes 81",
    "Block of 2 bytes dropped: it is to be text, and is no valid UTF-8",
    `Block of 0 bytes dropped: it is to be a float, and Python's float.fromhex refuses ""`,
    "Block of 45 bytes dropped: it is to be a float, and Python's float.fromhex refuses " +
    '"0x1p99999 and more than is shown" …',
    'message "still here"',
  ]);
  assert.equal(session.counts.faults, 4);
});

Deno.test("serpy2 quirk 2: a wrong checksum is told of; bytes that changed places are not noticed", () => {
  const session = opened(serpy2());
  const [event] = session.receive(str("a", { sum: 98 }), 0);
  assert.equal(event.kind === "fault" && event.error.fatal, false);
  assert.equal(
    event.kind === "fault" && event.error.message,
    "Block of 1 bytes dropped: their sum is 97, its header says 98",
  );
  assert.deepEqual(told(session.receive(str("ba", { sum: 97 + 98 }), 0)), ['message "ba"']);
});

Deno.test("serpy2 quirk 3: behind bytes that are no block the next one is found, however few they are", () => {
  for (const stray of ["?", "thirteen byte", "more than fourteen bytes of something else"]) {
    const session = opened(serpy2());
    assert.deepEqual(told(session.receive(join(stray, str("a"), str("b")), 0)), [
      "fault bad_mark",
      'message "a"',
      'message "b"',
    ]);
  }
});

Deno.test("serpy2 quirk 4: a length above the limit is told of, and the next block is read", () => {
  const session = opened(serpy2());
  const [fault, ...rest] = session.receive(join(str("", { length: 2 ** 32 - 1 }), str("a")), 0);
  assert.equal(
    fault.kind === "fault" && fault.error.message,
    "Frame of 4294967295 bytes exceeds the limit of 1048576 bytes (limits.maxFrameBytes); " +
      "passed over up to the next mark of a block",
  );
  assert.deepEqual(told(rest), ['message "a"']);
});

Deno.test("serpy2 quirk 4: a length that never comes is given up after a pause, and what it swallowed is read", () => {
  const session = opened(serpy2({ pauseMs: 300 }));
  const bytes = join(str("abc", { length: 1000 }), str("swallowed"), str("too"));
  assert.deepEqual(session.receive(bytes, 10), []);
  assert.deepEqual(session.tick(309), []);
  session.tick(310);
  const [fault, ...rest] = session.tick(310);
  assert.equal(
    fault.kind === "fault" && fault.error.message,
    "Block given up: 43 of its 1000 bytes have come, and nothing more has come for 300 ms; " +
      "they are searched for other blocks",
  );
  assert.deepEqual(told(rest), ['message "swallowed"', 'message "too"']);
  assert.equal(session.nextTickAt, Infinity);
  assert.equal(session.inputBytes, 0);
});

Deno.test("serpy2 quirk 4: what a length swallowed is read when the connection ends as well", () => {
  const session = opened(serpy2());
  session.receive(join(str("", { length: 1000 }), str("swallowed")), 0);
  assert.deepEqual(told(session.receiveEnd(0)), ["fault truncated", 'message "swallowed"']);
});

Deno.test("serpy2 quirk 5: an int beyond 64 bits is refused here, and read from others", () => {
  const session = opened(serpy2());
  assert.throws(() => session.send(2n ** 63n), {
    name: "RangeError",
    message: 'Cannot send an int beyond 64 bits in the dialect "serpy2": -2^63 to 2^63 - 1 are allowed; ' +
      "send it as text or bytes",
  });
  assert.equal(output(session), "");
  const ints: [string, number | bigint][] = [
    ["", 0],
    ["ff", -1],
    ["7f", 127],
    ["0080", -32768],
    ["ffffffffffff1f", 2 ** 53 - 1],
    ["010000000000e0", -(2 ** 53) + 1],
    ["000000000000e0", -(2n ** 53n)],
    ["00000000000000000001", 2n ** 72n],
    ["ffffffffffffffffffff", -1],
    ["00".repeat(999) + "80", -(2n ** 7999n)],
  ];
  for (const [hex, value] of ints) assert.deepEqual(received([block(0x01, fromHex(hex))], "server"), [value]);
});

Deno.test("serpy2 quirk 5: what the original refuses is refused, with what is carried", () => {
  const session = opened(serpy2());
  for (
    const [value, kind] of [[true, "a boolean"], [null, "null"], [[], "an object"], [undefined, "undefined"]]
  ) {
    assert.throws(() => session.send(value), {
      name: "TypeError",
      code: "usage",
      message:
        `Cannot send ${kind} in the dialect "serpy2": it carries numbers, bigints, text and Uint8Array, ` +
        "one a message; JSON.stringify makes text of an object",
    });
  }
});

Deno.test("a number travels as an int when it is whole and safe, and as a float otherwise or when marked", () => {
  const session = opened(serpy2());
  const typeOf = (value: unknown) => {
    session.send(value);
    return outputHex(session).slice(10, 12);
  };
  for (const int of [3, 0, -5, 2 ** 53 - 1, 3n, 2n ** 62n]) assert.equal(typeOf(int), "01");
  for (const real of [3.5, -0, 2 ** 53, 1e300, NaN, Infinity, float(3), float(-0)]) {
    assert.equal(typeOf(real), "11");
  }
});

Deno.test("float takes numbers", () => {
  assert.throws(() => float("3" as never), {
    name: "TypeError",
    code: "usage",
    message: /type string as a float/,
  });
  assert.throws(() => float(3n as never), { name: "TypeError" });
  assert.equal(float(3).value, 3);
  assert.ok(Object.isFrozen(float(3)));
});
