// deno-lint-ignore-file camelcase -- the names of the recordings
import assert from "node:assert/strict";
import { cleverShow } from "../../src/dialect/clever_show/clever_show.ts";
import { float } from "../../src/dialect/float.ts";
import type { Role } from "../../src/dialect/dialect.ts";
import type { Session } from "../../src/session.ts";
import type { SessionEvent } from "../../src/session_event.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { opened } from "./conversation.ts";
import { type Delivered, recording, type Scenario, sentBy } from "./wire/recording.ts";

/** What the users of the originals did, at the end that began. */
const BEGUN: Record<string, (session: Session) => void> = {
  action(session) {
    const args = [1, 2.5, "three", null, true, [1], { k: "v" }];
    session.action("test_command", args, { speed: float(1), name: "x" });
    session.action("test_command", []);
  },
  action_reply: (session) => session.action("echo_action", [1], { a: 2 }),
  unknown_action: (session) => session.action("no_such_action", [1]),
  failing_action: (session) => session.action("test_command", [], { connection: 1 }),
  request(session) {
    ask(session, "add", [1, 2], { c: 3 });
    ask(session, "time");
    ask(session, "id");
    ask(session, "echo", ["x"], { y: [1, { z: null }] });
  },
  request_from_server(session) {
    ask(session, "id");
    ask(session, "add", ["a", "b"]);
  },
  unknown_request(session) {
    ask(session, "no_such_request");
    ask(session, "add", [1, 1]);
  },
  failing_request(session) {
    ask(session, "fail");
    ask(session, "add", [1, 1]);
  },
  none_response: (session) => ask(session, "none"),
  nan_response: (session) => ask(session, "nan"),
  unserialisable_response: (session) => ask(session, "unserialisable"),
  unicode(session) {
    session.action("test_command", ["héllo", "✓", "🚀"], { "ключ": "значение" });
    ask(session, "add", ["é", "✓"]);
  },
  escapes: (session) => session.action("test_command", ['"\\/\b\f\n\r\t\0\x1f\x7f\u2028']),
  numbers: (session) =>
    session.action("test_command", [9007199254740993n, 10n ** 30n, float(1), -0, 1e16, 1e-7, 0.1, 1e22]),
  send_file(session) {
    sendFile(session, "got_small.bin", SMALL);
    sendFile(session, "got_empty.bin", new Uint8Array(0));
    sendFile(session, "got_large.bin", Uint8Array.from({ length: 5000 }, (_, at) => at));
  },
  send_file_unicode_name: (session) => sendFile(session, "gotten_é.bin", SMALL),
  get_file(session) {
    session.requestFile("small.bin", TIMING, undefined);
    session.requestFile("empty.bin", TIMING, undefined);
  },
  get_file_missing: (session) => void session.requestFile("missing.bin", TIMING, undefined),
  large_content: (session) => session.action("test_command", ["x".repeat(3000)]),
  burst(session) {
    for (let number = 0; number < 5; number++) session.action("test_command", [number]);
  },
};

/** Where what is handed over here is not what an original handed over there. */
const DELIVERED: Record<string, Delivered[]> = {
  // Python's 1.0 is the number 1, and the recording's own JSON cannot say large integers.
  numbers: [{
    event: "action",
    action: "test_command",
    args: [9007199254740993n, 10n ** 30n, 1, -0, 1e16, 1e-7, 0.1, 1e22],
    kwargs: {},
  }],
  // What the originals only write to their log comes to the callbacks: the links report it.
  unknown_action: [{ event: "action", action: "no_such_action", args: [1], kwargs: {} }],
  failing_action: [{ event: "action", action: "test_command", args: [], kwargs: { connection: 1 } }],
  unknown_request: [
    { event: "request", value: "no_such_request", args: [], kwargs: {} },
    { event: "request", value: "add", args: [1, 1], kwargs: {} },
  ],
  get_file: [{ event: "file-request", name: "small.bin" }, { event: "file-request", name: "empty.bin" }],
  get_file_missing: [{ event: "file-request", name: "missing.bin" }],
};

const TIMING = { now: 0, timeoutMs: 1000 };
const SMALL = Uint8Array.from({ length: 11 }, (_, at) => at);
/** Not between two of these dialects: it is UDP, or needs a second link. Both have tests of their own. */
const ELSEWHERE = ["udp_server_ip", "resend_after_reconnect"];

for (const scenario of recording("clever-show").scenarios) {
  if (ELSEWHERE.includes(scenario.name)) continue;
  Deno.test(`clever-show recording ${scenario.name}: the same bytes, the same messages, in both roles`, () => {
    for (const cut of [whole, singly, atRandom]) {
      for (const role of ["client", "server"] as const) {
        for (const roleHere of ["client", "server"] as const) replay(scenario, role, roleHere, cut);
      }
    }
  });
}

/** Takes the part of one end of a recording, in a session of either role: the wire is the same from both sides. */
function replay(scenario: Scenario, end: Role, role: Role, cut: (bytes: Uint8Array) => Uint8Array[]): void {
  const [sends, hears] = end === "client" ? ["c2s", "s2c"] as const : ["s2c", "c2s"] as const;
  const session = opened(cleverShow(), role);
  const begins = (scenario.transcript[0].dir === "c2s") === (end === "client");
  if (begins) BEGUN[scenario.name](session);
  const written = [session.takeOutput().slice()];
  // The originals draw their ids at random: wherever theirs stands, ours is looked for, in the order of the requests.
  const ours = begins ? idsIn(written[0]) : [];
  const theirs = begins ? idsIn(sentBy(scenario, sends)) : [];
  assert.equal(ours.length, theirs.length);
  const seen: SessionEvent[] = [];
  for (const bytes of cut(withIds(sentBy(scenario, hears), theirs, ours))) {
    for (const event of session.receive(bytes, 0)) {
      seen.push(event);
      react(session, event);
      written.push(session.takeOutput().slice());
    }
    bytes.fill(0xaa);
  }
  const where = `${end} of ${scenario.name} as ${role}`;
  assert.deepEqual(deliveredOf(seen), wanted(scenario, end, begins), where);
  const recorded = withIds(sentBy(scenario, sends), theirs, ours);
  assert.equal(written.map(latin1).join(""), latin1(recorded), where);
}

/** What the callbacks of the originals did. */
function react(session: Session, event: SessionEvent): void {
  if (event.kind === "action" && event.name === "echo_action") {
    session.action("echo_reply", event.args, event.kwargs);
  } else if (event.kind === "request") {
    const { id, name, args, kwargs = {} } = event;
    // deno-lint-ignore no-explicit-any -- numbers and texts, as the recording has them
    const sum = () => [...args, ...Object.values(kwargs)].reduce((one: any, other: any) => one + other);
    const answers: Record<string, () => unknown> = {
      add: sum,
      time: () => 1700000000.25,
      id: () => "peer0001",
      echo: () => ({ args, kwargs }),
      none: () => undefined,
      nan: () => [NaN, Infinity],
    };
    if (answers[name] !== undefined) return session.answer(id, answers[name]());
    if (name === "unserialisable") assert.throws(() => session.answer(id, new Set([1])), TypeError);
  } else if (event.kind === "file-request") {
    if (event.name === "small.bin") answerWithFile(session, event, SMALL);
    if (event.name === "empty.bin") answerWithFile(session, event, new Uint8Array(0));
  }
}

function ask(session: Session, name: string, args: unknown[] = [], kwargs?: Record<string, unknown>): void {
  session.request(name, args, kwargs, TIMING, name);
}

function sendFile(session: Session, name: string, bytes: Uint8Array): void {
  session.file(name, bytes.length);
  session.body(bytes);
}

function answerWithFile(
  session: Session,
  { id }: SessionEvent & { kind: "file-request" },
  bytes: Uint8Array,
): void {
  session.file("", bytes.length, id);
  for (const byte of bytes) session.body(Uint8Array.of(byte));
}

/** Events in the words of the recordings. */
function deliveredOf(events: readonly SessionEvent[]): Delivered[] {
  const told: Delivered[] = [];
  for (const event of events) {
    if (event.kind === "action") {
      const { name, args, kwargs = {} } = event;
      told.push({ event: "action", action: name, args, kwargs });
    } else if (event.kind === "request") {
      const { name, args, kwargs = {} } = event;
      told.push({ event: "request", value: name, args, kwargs });
    } else if (event.kind === "answered") {
      told.push({ event: "response", value: event.value });
    } else if (event.kind === "file") {
      told.push({ event: "file", filepath: event.name, bytes: 0, size: event.size });
    } else if (event.kind === "body") {
      const file = told.at(-1)! as { event: string; bytes: number };
      for (const byte of event.bytes) assert.equal(byte, file.bytes++ % 256);
    } else if (event.kind === "file-request") {
      told.push({ event: "file-request", name: event.name });
    } else {
      told.push({ event: event.kind, what: event });
    }
  }
  return told;
}

/** What an original handed over, without what only its log was told. */
function wanted({ name, delivered }: Scenario, end: Role, begins: boolean): Delivered[] {
  if (!begins && DELIVERED[name] !== undefined) return DELIVERED[name];
  const events = delivered[end].filter(({ event }) => event !== "log" && event !== "disconnect");
  return events.map((event) => {
    if (event.event === "file") return { ...event, size: event.bytes } as unknown as Delivered;
    if (event.event !== "response") return event;
    if (name === "get_file") {
      const bytes = event.kwargs.filepath === "fetched_small.bin" ? SMALL.length : 0;
      return { event: "file", filepath: "", bytes, size: bytes };
    }
    return { event: "response", value: name === "nan_response" ? [NaN, Infinity] : event.value };
  });
}

function whole(bytes: Uint8Array): Uint8Array[] {
  return [bytes.slice()];
}

function singly(bytes: Uint8Array): Uint8Array[] {
  return [...bytes].map((byte) => Uint8Array.of(byte));
}

function atRandom(bytes: Uint8Array): Uint8Array[] {
  let at = 0;
  return new SeededRandom(7).sizes(bytes.length).map((size) => bytes.slice(at, at += size));
}

function idsIn(bytes: Uint8Array): string[] {
  return [...latin1(bytes).matchAll(/"request_id": "(\d{4})"/g)].map(([, id]) => id);
}

function withIds(bytes: Uint8Array, theirs: readonly string[], ours: readonly string[]): Uint8Array {
  const text = latin1(bytes).replace(
    /("request_id": ")(\d{4})"/g,
    (all, before, id) => theirs.includes(id) ? `${before}${ours[theirs.indexOf(id)]}"` : all,
  );
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** One character a byte, so that what differs can be read. */
function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
