import assert from "node:assert/strict";
import type { Codec } from "../../src/codec/codec.ts";
import { lines } from "../../src/codec/lines.ts";
import { raw } from "../../src/codec/raw.ts";
import {
  type Conversation,
  defineDialect,
  type Dialect,
  type DialectHost,
} from "../../src/dialect/dialect.ts";
import { native } from "../../src/dialect/native/native.ts";
import { ProtocolError } from "../../src/errors.ts";
import type { Message } from "../../src/message.ts";
import type { ReceiveBuffer } from "../../src/receive_buffer.ts";
import {
  checkDialect,
  type DialectCheck,
  DialectRuleError,
  type SaidMessage,
} from "../../src/testing/check_dialect.ts";
import { orderDialect } from "../dialect/order_dialect.ts";

function say(...values: unknown[]): SaidMessage[] {
  return values.map((value) => ({ kind: "message", value }));
}

const GOOD: DialectCheck = {
  dialect: orderDialect(),
  samples: [
    { messages: say("hello", "", "grüße"), bytes: new TextEncoder().encode(". hello\n. \n. grüße\n") },
    { role: "client", messages: [{ kind: "request", name: "time", args: ["utc"] }] },
  ],
  unsayable: say(5),
  requests: { askers: ["client", "server"], unsayable: 5 },
  garbageInputs: 400,
};

function ruleBrokenBy(check: Partial<DialectCheck>): string {
  try {
    checkDialect({ ...GOOD, ...check });
  } catch (error) {
    assert.ok(error instanceof DialectRuleError, String(error));
    assert.ok(error.message.startsWith(`Dialect breaks the rule "${error.rule}": `), error.message);
    return error.rule;
  }
  return "none";
}

/** The rule that a dialect breaks whose conversations differ from the right ones as given. */
function ruleBrokenIn(
  change: (right: Conversation, host: DialectHost) => Partial<Conversation>,
  check: Partial<DialectCheck> = {},
  right: Dialect = orderDialect(),
): string {
  return ruleBrokenBy({ ...check, dialect: altered(right, change) });
}

function altered(
  right: Dialect,
  change: (right: Conversation, host: DialectHost) => Partial<Conversation>,
  hostChange: (host: DialectHost) => Partial<DialectHost> = () => ({}),
): Dialect {
  return {
    ...right,
    converse(host) {
      const own = Object.assign(Object.create(host), hostChange(host));
      const conversation = right.converse(own);
      return {
        open: (now) => conversation.open?.(now),
        receive: (buffer, now) => conversation.receive(buffer, now),
        receiveEnd: (buffer, now) => conversation.receiveEnd(buffer, now),
        write: (message) => conversation.write(message),
        ...change(conversation, host),
      };
    },
  };
}

/** The rule that a dialect breaks that delivers other messages than came. */
function ruleBrokenByDelivering(
  change: (message: Message, host: DialectHost) => Message | undefined,
): string {
  const dialect = altered(orderDialect(), () => ({}), (host) => ({
    deliver(message, bytes) {
      const other = change(message, host);
      if (other !== undefined) host.deliver(other, bytes);
    },
  }));
  return ruleBrokenBy({ dialect });
}

Deno.test("checkDialect passes dialects that keep the contract", () => {
  assert.equal(ruleBrokenBy({}), "none");
  assert.equal(
    ruleBrokenBy({
      dialect: native(),
      samples: [{ messages: say({ a: [1] }) }],
      unsayable: [],
      requests: {},
    }),
    "none",
  );
});

Deno.test("checkDialect refuses to check without samples, and to skip a rule that it does not have", () => {
  assert.throws(() => checkDialect({ ...GOOD, samples: [] }), { code: "usage", message: /0 samples/ });
  assert.throws(() => checkDialect({ ...GOOD, samples: [{}] }), {
    code: "usage",
    message: /^Cannot use sample 0: /,
  });
  assert.throws(() => checkDialect({ ...GOOD, skip: ["cutoff"] }), {
    code: "usage",
    message: /^Cannot skip the rule "cutoff": .*"cut off"/,
  });
});

Deno.test("checkDialect names the sample, the sender and both messages in its message", () => {
  const samples = [
    { messages: say("a") },
    { role: "server", messages: say("b"), arrives: say("c") } as const,
  ];
  assert.throws(() => checkDialect({ ...GOOD, samples: [...samples] }), {
    rule: "whole",
    detail:
      "sample 1 from the server: wanted 1: { kind: 'message', value: 'c' }, got 1: { kind: 'message', value: 'b' }",
  });
});

Deno.test("checkDialect takes the given equal", () => {
  const samples = [{ messages: say("a"), arrives: say("A") }];
  const lower = (value: unknown) => JSON.stringify(value).toLowerCase();
  assert.equal(ruleBrokenBy({ samples, equal: (one, other) => lower(one) === lower(other) }), "none");
});

Deno.test("checkDialect finds a handshake that never ends, or ends twice", () => {
  const waiting = { ...orderDialect(), handshake: true };
  assert.equal(ruleBrokenBy({ dialect: waiting }), "handshake");
  const chatty = altered(waiting, (_, host) => ({
    open: () => host.output.append(Uint8Array.of(1)),
    receive(buffer: ReceiveBuffer) {
      buffer.skip(buffer.length);
      host.output.append(Uint8Array.of(1));
    },
  }));
  assert.equal(ruleBrokenBy({ dialect: chatty }), "handshake");
});

Deno.test("checkDialect finds a handshake that only works in one piece", () => {
  const impatient = altered(native(), (right, host) => ({
    receive(buffer: ReceiveBuffer, now: number) {
      if (host.role === "server" && buffer.length < 4) throw new ProtocolError("short", "Too short");
      right.receive(buffer, now);
    },
  }));
  assert.equal(ruleBrokenBy({ dialect: impatient, samples: [{ messages: say("a") }] }), "handshake");
});

Deno.test("checkDialect finds messages that are lost, doubled or changed", () => {
  assert.equal(
    ruleBrokenByDelivering((message) => message.kind === "message" ? undefined : message),
    "whole",
  );
  assert.equal(ruleBrokenByDelivering((message, host) => (host.deliver(message, 1), message)), "whole");
  assert.equal(
    ruleBrokenByDelivering((message) => message.kind === "request" ? { ...message, args: [] } : message),
    "whole",
  );
});

Deno.test("checkDialect finds a dialect that answers by itself what nobody asked", () => {
  const echo = (right: Conversation, host: DialectHost) => ({
    receive(buffer: ReceiveBuffer, now: number) {
      const seen = buffer.length;
      right.receive(buffer, now);
      if (seen > 0 && host.role === "server") right.write({ kind: "message", value: "who?" });
    },
  });
  assert.equal(ruleBrokenIn(echo), "whole");
});

Deno.test("checkDialect finds a message that depends on how its bytes are cut", () => {
  const split = defineDialect<Uint8Array>({
    name: "split",
    correlation: "none",
    open: () => ({
      codec: raw(),
      read: (bytes) => ({ kind: "message", value: new TextDecoder().decode(bytes) }),
      write: (message) => new TextEncoder().encode(message.kind === "message" ? String(message.value) : ""),
    }),
  });
  assert.equal(ruleBrokenBy({ dialect: split, samples: [{ messages: say("grüße") }] }), "byte by byte");
});

Deno.test("checkDialect finds a message that shares memory with its chunk", () => {
  const borrowing = defineDialect<Uint8Array>({
    name: "borrowing",
    correlation: "none",
    open: () => ({
      codec: {
        decode(buffer) {
          if (buffer.length === 0) return undefined;
          const frame = buffer.peek(buffer.length);
          buffer.skip(buffer.length);
          return frame;
        },
        encode: (frame) => frame,
      },
      read: (bytes) => ({ kind: "message", value: bytes }),
      write: (message) => message.kind === "message" ? message.value as Uint8Array : new Uint8Array(0),
    }),
  });
  const samples = [{ messages: say(Uint8Array.of(1, 2)) }];
  assert.equal(ruleBrokenBy({ dialect: borrowing, samples, streaming: true }), "whole");
});

Deno.test("checkDialect finds bytes other than the sample's", () => {
  const samples = [{ messages: say("a"), bytes: new TextEncoder().encode(". a\r\n") }];
  assert.equal(ruleBrokenBy({ samples }), "bytes on the wire");
});

Deno.test("checkDialect finds a dialect that is not as uniform as it says", () => {
  const counting = (right: Conversation, host: DialectHost) => {
    let count = 0;
    return {
      write(message: Message) {
        if (message.kind === "message") host.output.append(new TextEncoder().encode("ok \n".repeat(count++)));
        right.write(message);
      },
    };
  };
  const dialect = altered(orderDialect(), counting);
  assert.equal(ruleBrokenBy({ dialect, samples: [{ messages: say("a", "b") }] }), "broadcast");
  assert.equal(
    ruleBrokenBy({ dialect: { ...dialect, uniform: false }, samples: [{ messages: say("a", "b") }] }),
    "none",
  );
});

Deno.test("checkDialect finds answers that find another request", () => {
  const swapped = altered(native(), () => ({}), (host) => ({
    deliver(message, bytes) {
      const wrong = message.kind === "answer" && Number(message.id) < 3;
      host.deliver(wrong ? { ...message, id: 3 - Number(message.id) } : message, bytes);
    },
  }));
  assert.equal(ruleBrokenBy({ dialect: swapped, samples: [{ messages: say("a") }] }), "answers in any order");
});

Deno.test("checkDialect finds failures that look like answers", () => {
  assert.equal(
    ruleBrokenByDelivering((message) =>
      message.kind === "failure" ? { kind: "answer", value: message.message } : message
    ),
    "failures",
  );
  assert.equal(
    ruleBrokenBy({
      skip: ["failures"],
      dialect: altered(orderDialect(), () => ({}), (host) => ({
        deliver: (message, bytes) =>
          host.deliver(
            message.kind === "failure" ? { kind: "answer", value: message.message } : message,
            bytes,
          ),
      })),
    }),
    "none",
  );
});

Deno.test("checkDialect finds an answer that cannot be said and is said nevertheless", () => {
  const lenient = (right: Conversation) => ({
    write: (message: Message) =>
      right.write(message.kind === "answer" ? { ...message, value: String(message.value) } : message),
  });
  assert.equal(ruleBrokenIn(lenient), "unsayable answer");
});

Deno.test("checkDialect finds a value that is taken though it cannot be said", () => {
  const lenient = (right: Conversation) => ({
    write: (message: Message) =>
      right.write(message.kind === "message" ? { ...message, value: String(message.value) } : message),
  });
  assert.equal(ruleBrokenIn(lenient), "unsayable");
  const clumsy = (right: Conversation) => ({
    write(message: Message) {
      if (message.kind === "message" && typeof message.value === "number") throw new Error("No");
      right.write(message);
    },
  });
  assert.equal(ruleBrokenIn(clumsy), "unsayable");
});

Deno.test("checkDialect finds an error of the dialect that is no ProtocolError, wherever it happens", () => {
  const reading = (right: Conversation) => ({
    receive(buffer: ReceiveBuffer, now: number) {
      if (buffer.lastIndexOf(0xee) !== -1) throw new RangeError("EE");
      right.receive(buffer, now);
    },
  });
  assert.equal(ruleBrokenIn(reading), "only ProtocolError");
  const ending = () => ({
    receiveEnd() {
      throw new TypeError("End");
    },
  });
  assert.equal(ruleBrokenIn(ending), "only ProtocolError");
});

Deno.test("checkDialect finds too many faults at the end of a stream", () => {
  const faulty = (_: Conversation, host: DialectHost) => ({
    receiveEnd() {
      for (const code of ["one", "two"]) host.fault(new ProtocolError(code, "Fault", { fatal: false }));
    },
  });
  assert.equal(ruleBrokenIn(faulty), "cut off");
});

Deno.test("checkDialect finds a frame limit that is not kept", () => {
  const unlimited = defineDialect<string>({
    name: "unlimited",
    correlation: "none",
    open: () => ({
      codec: lines(),
      read: (line) => ({ kind: "message", value: line }),
      write: (message) => message.kind === "message" ? String(message.value) : "",
    }),
  });
  assert.equal(
    ruleBrokenBy({ dialect: unlimited, samples: [{ messages: say("a") }], unsayable: [] }),
    "frame limit",
  );
  const deafAfterwards = defineDialect<string>({
    name: "deaf",
    correlation: "none",
    open: ({ limits }) => ({
      codec: deafAfterError(lines({ maxFrameBytes: limits.maxFrameBytes })),
      read: (line) => ({ kind: "message", value: line }),
      write: (message) => message.kind === "message" ? String(message.value) : "",
    }),
  });
  assert.equal(
    ruleBrokenBy({ dialect: deafAfterwards, samples: [{ messages: say("a") }], unsayable: [] }),
    "frame limit",
  );
});

Deno.test("checkDialect finds garbage that means something else in pieces", () => {
  const moody = (right: Conversation, host: DialectHost) => ({
    receive(buffer: ReceiveBuffer, now: number) {
      if (buffer.length === 1 && buffer.byteAt(0) >= 0x80) {
        host.fault(new ProtocolError("x", "X", { fatal: false }));
      }
      right.receive(buffer, now);
    },
  });
  assert.equal(ruleBrokenIn(moody), "garbage");
});

function deafAfterError(codec: Codec<string>): Codec<string> {
  let deaf = false;
  return {
    encode: (text) => codec.encode(text),
    decode(buffer) {
      if (deaf) return void buffer.skip(buffer.length);
      try {
        return codec.decode(buffer);
      } catch (error) {
        deaf = true;
        throw error;
      }
    },
  };
}
