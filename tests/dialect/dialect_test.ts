import assert from "node:assert/strict";
import type { Codec } from "../../src/codec/codec.ts";
import { lines } from "../../src/codec/lines.ts";
import { defineDialect, type Dialect, type FrameLanguage } from "../../src/dialect/dialect.ts";
import { ProtocolError } from "../../src/errors.ts";
import type { ReceiveBuffer } from "../../src/receive_buffer.ts";
import { checkDialect } from "../../src/testing/check_dialect.ts";
import { feed, opened, output, told } from "./conversation.ts";
import { orderDialect } from "./order_dialect.ts";

/** Lines as messages, but for what the test is about. */
function dialectWith(language: Partial<FrameLanguage<string>>): Dialect {
  return defineDialect<string>({
    name: "test",
    correlation: "none",
    open: () => ({
      codec: lines(),
      read: (line) => ({ kind: "message", value: line }),
      write: (message) => message.kind === "message" ? String(message.value) : "?",
      ...language,
    }),
  });
}

function codecWith(codec: Partial<Codec<string>>): Partial<FrameLanguage<string>> {
  return { codec: { decode: () => undefined, encode: (text) => new TextEncoder().encode(text), ...codec } };
}

Deno.test("defineDialect makes a dialect without ids that keeps the contract", () => {
  checkDialect({
    dialect: orderDialect(),
    samples: [
      { messages: [{ kind: "message", value: "hello" }, { kind: "request", name: "time", args: ["utc"] }] },
      {
        bytes: new TextEncoder().encode(". a\n? b c d\n"),
        arrives: [
          { kind: "message", value: "a" },
          { kind: "request", name: "b", args: ["c", "d"] },
        ],
      },
    ],
    unsayable: [
      { kind: "action", name: "go", args: [] },
      { kind: "message", value: 5 },
      { kind: "request", name: "a", args: [5] },
    ],
    requests: { askers: ["client", "server"], unsayable: 5 },
  });
});

Deno.test("defineDialect calls open for each connection, with its role and limits", () => {
  const seen: unknown[] = [];
  const dialect = defineDialect<string>({
    name: "seen",
    correlation: "none",
    open: ({ role, limits, payload }) => {
      seen.push([role, limits.maxFrameBytes, payload]);
      return { codec: lines(), read: () => undefined, write: () => "" };
    },
  });
  opened(dialect, "client", { limits: { maxFrameBytes: 9 } });
  opened(dialect, "server", { payload: "bytes" });
  assert.deepEqual(seen, [["client", 9, "text"], ["server", 1_048_576, "bytes"]]);
  assert.deepEqual([dialect.name, dialect.correlation, dialect.uniform], ["seen", "none", true]);
});

Deno.test("defineDialect lets read answer by itself, and drop frames", () => {
  const session = opened(orderDialect(), "server");
  assert.deepEqual(told(feed(session, "+ one\nok two\n. three\n")), ['message "one"', 'message "three"']);
  assert.equal(output(session), "ok one\n");
});

Deno.test("defineDialect goes on after a frame that makes no sense, unless that is fatal", () => {
  const session = opened(orderDialect());
  assert.deepEqual(told(feed(session, "nonsense\n. a\nfatal\n. b\n")), [
    "fault bad_line",
    'message "a"',
    "fault! bad_line",
  ]);
  assert.deepEqual(feed(session, ". c\n"), []);
  assert.equal(session.counts.faults, 2);
});

Deno.test("defineDialect turns any other error of a language into a fatal fault", () => {
  const dialect = dialectWith({
    read() {
      throw new TypeError("Cannot read properties of undefined");
    },
  });
  const [fault] = feed(opened(dialect), "x\n");
  assert.ok(fault.kind === "fault" && fault.error.fatal);
  assert.equal(fault.error.code, "dialect_failed");
  assert.equal(
    fault.error.message,
    'Dialect "test" failed: TypeError: Cannot read properties of undefined',
  );
  assert.ok(fault.error.cause instanceof TypeError);
});

Deno.test("defineDialect stops a codec that complains for ever without taking a byte", () => {
  const dialect = dialectWith(codecWith({
    decode() {
      throw new ProtocolError("again", "Again", { fatal: false });
    },
  }));
  const faults = told(feed(opened(dialect), "x"));
  assert.equal(faults.at(-1), "fault! stalled");
  assert.ok(faults.length < 100, `${faults.length} faults`);
});

Deno.test("defineDialect lets a codec complain before each frame without taking a byte", () => {
  let complained = false;
  const dialect = dialectWith(codecWith({
    decode(buffer: ReceiveBuffer) {
      if (buffer.length === 0) return undefined;
      complained = !complained;
      if (complained) throw new ProtocolError("first", "First", { fatal: false });
      buffer.skip(1);
      return "frame";
    },
  }));
  const events = told(feed(opened(dialect), "x".repeat(40)));
  assert.equal(events.length, 80);
  assert.deepEqual(events.slice(-2), ["fault first", 'message "frame"']);
});

Deno.test("defineDialect lets a codec complain about each byte", () => {
  const dialect = dialectWith(codecWith({
    decode(buffer: ReceiveBuffer) {
      if (buffer.length === 0) return undefined;
      buffer.skip(1);
      throw new ProtocolError("byte", "Byte", { fatal: false });
    },
  }));
  assert.deepEqual(told(feed(opened(dialect), "x".repeat(50))), new Array(50).fill("fault byte"));
});

Deno.test("defineDialect delivers a last frame that ends with the stream, with its size", () => {
  const dialect = defineDialect<{ text: string }>({
    name: "rest",
    correlation: "none",
    open: () => ({
      codec: {
        decode: () => undefined,
        decodeEnd: (buffer) => ({ text: new TextDecoder().decode(buffer.take(buffer.length)) }),
        encode: ({ text }) => new TextEncoder().encode(text),
      },
      read: ({ text }) => ({ kind: "message", value: text }),
      write: () => ({ text: "" }),
    }),
  });
  const session = opened(dialect);
  feed(session, "the rest");
  assert.deepEqual(session.receiveEnd(0), [{ kind: "message", value: "the rest", bytes: 8 }]);
});

Deno.test("defineDialect reports bytes that are left over at the end", () => {
  const session = opened(orderDialect());
  feed(session, ". unfinished");
  const [fault] = session.receiveEnd(0);
  assert.ok(fault.kind === "fault");
  assert.equal(fault.error.message, "Connection ended in mid-frame: 12 bytes of an unfinished frame dropped");
});

Deno.test("defineDialect tells what a message costs to keep", () => {
  const [text] = feed(opened(dialectWith({})), "12345\n");
  assert.deepEqual(text, { kind: "message", value: "12345", bytes: 5 });
});
