import assert from "node:assert/strict";
import { serpy } from "../../src/dialect/serpy/serpy.ts";
import type { Session } from "../../src/session.ts";
import type { SessionEvent } from "../../src/session_event.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { opened, toHex } from "./conversation.ts";
import { type Delivered, recording, scenario, sentBy } from "./wire/recording.ts";

/** What an original has delivered: bytes for text and bytes, `repr()` of anything else. */
function wanted(delivered: readonly Delivered[] = []): unknown[] {
  return delivered.filter(({ event }) => event === "receive").map(({ hex, repr }) => hex ?? PYTHON.get(repr));
}

/** The objects in the recordings, by what Python says of them. */
const PYTHON: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["{'a': [1, 2.5, None, True, 'é']}", { __proto__: null, a: [1, 2.5, null, true, "é"] }],
  ["[1, 'two', {'three': 3}]", [1, "two", { __proto__: null, three: 3 }]],
]);

function values(events: readonly SessionEvent[]): unknown[] {
  return events.flatMap((event) => event.kind === "message" ? [event.value] : []);
}

/** Text and bytes alike as their bytes. */
function asHex(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === "string" ? toHex(new TextEncoder().encode(value)) : value;
}

for (const recorded of recording("serpy").scenarios) {
  const { name, delivered, raw } = recorded;
  for (const [dir, end] of [["c2s", "server"], ["s2c", "client"]] as const) {
    Deno.test(`recording ${name}: the ${end} hands over what the original did, however it is cut`, () => {
      const bytes = sentBy(recorded, dir);
      const random = new SeededRandom(7);
      const cuts = [[bytes.length], bytes.map(() => 1)];
      for (let split = 0; split < 10; split++) cuts.push(random.sizes(bytes.length));
      for (const sizes of cuts) {
        const session = opened(serpy({ encoding: raw.encoding }), end);
        const events: SessionEvent[] = [];
        let at = 0;
        for (const size of sizes) events.push(...session.receive(bytes.slice(at, at += size), 0));
        events.push(...session.receiveEnd(0));
        assert.deepEqual(values(events).map(asHex), wanted(delivered[end]));
        // Answers to what the other end of the recording has asked are strays here.
        const faults = events.flatMap((event) => event.kind === "fault" ? [event.error.code] : []);
        assert.deepEqual(faults.filter((code) => code !== "stray_answer"), []);
      }
    });
  }
}

Deno.test("text arrives as strings, bytes as Uint8Array, pickles as values", () => {
  const hear = (name: string, payload?: "bytes") => {
    const recorded = scenario("serpy", name);
    const session = opened(serpy({ encoding: recorded.raw.encoding }), "server", { payload });
    return values(session.receive(sentBy(recorded, "c2s"), 0));
  };
  assert.deepEqual(hear("mode_0"), ["hello", "42", "1.5", "1e+22", "a b\tc\n"]);
  assert.deepEqual(hear("utf8"), ["é ✓", "é ✓"]);
  assert.deepEqual(hear("mode_2")[3], Uint8Array.of(0xff));
  assert.deepEqual(hear("mode_5"), [
    [1, "two", { __proto__: null, three: 3 }],
    new TextEncoder().encode("hello"),
  ]);
  assert.deepEqual(hear("mode_1", "bytes")[0], new TextEncoder().encode("hello"));
  assert.equal((hear("mode_4", "bytes")[0] as Uint8Array)[0], 0x80); // the pickle itself
});

/** What the applications of the recordings have sent: from which end, what, and in which mode. */
type Call = readonly ["client" | "server", unknown, number];
const data = Uint8Array.of(0, 1, 4, 0x1f, 0xff);
const CALLS: ReadonlyMap<string, readonly Call[]> = new Map<string, readonly Call[]>([
  ["mode_0", ["hello", 42, 1.5, 1e22, "a b\tc\n"].map((value): Call => ["client", value, 0])],
  ["mode_1", ["hello", "", "world"].map((value): Call => ["client", value, 1])],
  [
    "mode_2",
    ["hello", data, new Uint8Array(4), Uint8Array.of(0xff)].map((value): Call => ["client", value, 2]),
  ],
  ["mode_3", ["hello", data, new Uint8Array(0)].map((value): Call => ["client", value, 3])],
  ["mode_4", [["client", { a: [1, 2.5, null, true, "é"] }, 4], ["client", "hello", 4]]],
  ["mode_5", [["client", [1, "two", { three: 3 }], 5], ["client", "hello", 5]]],
  ["mode_changes", [
    ["client", "zero", 0],
    ["client", "one", 1],
    ["client", "two", 2],
    ["client", "again", 2],
    ["client", "three", 3],
    ["client", "zero", 0],
  ]],
  ["both_directions", [["client", "up", 1], ["server", "down", 3], ["client", "up again", 1]]],
  ["utf8", [["client", "é ✓", 0], ["client", "é ✓", 1]]],
  ["wrong_mode_bytes", [["client", Uint8Array.of(0x1f, 4), 0], ["client", Uint8Array.of(0x1f, 4), 1]]],
]);

/** Lets both ends talk until they are silent; returns what each has written. */
function talk(client: Session, server: Session): { c2s: string; s2c: string } {
  const written = { c2s: "", s2c: "" };
  for (;;) {
    const [up, down] = [client.takeOutput().slice(), server.takeOutput().slice()];
    if (up.length + down.length === 0) return written;
    written.c2s += toHex(up);
    written.s2c += toHex(down);
    server.receive(up, 0);
    client.receive(down, 0);
  }
}

for (const recorded of recording("serpy").scenarios) {
  const calls = CALLS.get(recorded.name);
  if (recorded.isBug) continue;
  Deno.test(`recording ${recorded.name}: the same calls write the same bytes, both ways`, () => {
    const dialect = serpy({ encoding: recorded.raw.encoding });
    for (const inARow of [false, true]) {
      const ends = { client: opened(dialect, "client"), server: opened(dialect, "server") };
      const written = { c2s: "", s2c: "" };
      for (const [end, value, mode] of calls!) {
        ends[end].send(value, mode);
        if (inARow) continue; // then all but the first wait here for their turn
        const { c2s, s2c } = talk(ends.client, ends.server);
        written.c2s += c2s;
        written.s2c += s2c;
      }
      const { c2s, s2c } = talk(ends.client, ends.server);
      if (inARow && recorded.name === "both_directions") continue; // whose answers come between is another order
      assert.equal(written.c2s + c2s, toHex(sentBy(recorded, "c2s")));
      assert.equal(written.s2c + s2c, toHex(sentBy(recorded, "s2c")));
    }
  });
}
