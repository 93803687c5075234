import assert from "node:assert/strict";
import { raw } from "../../src/dialect/raw.ts";
import { checkDialect } from "../../src/testing/check_dialect.ts";
import { opened, output } from "./conversation.ts";

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

Deno.test("raw keeps the contract of dialects", () => {
  checkDialect({
    dialect: raw(),
    streaming: true,
    sized: (count) => ({ kind: "message", value: new Uint8Array(count) }),
    samples: [
      { messages: [{ kind: "message", value: bytes(0, 1, 2, 255) }, { kind: "message", value: bytes(10) }] },
      {
        messages: [{ kind: "message", value: "grüße" }],
        bytes: new TextEncoder().encode("grüße"),
        arrives: [{ kind: "message", value: new TextEncoder().encode("grüße") }],
      },
      { messages: [{ kind: "message", value: new Uint8Array(3000) }] },
    ],
    unsayable: [
      { kind: "message", value: 5 },
      { kind: "message", value: undefined },
      { kind: "action", name: "go", args: [] },
    ],
  });
});

Deno.test("raw hands over each chunk as one message, in pieces of maxFrameBytes at most", () => {
  const session = opened(raw(), "server", { limits: { maxFrameBytes: 4 } });
  const events = session.receive(bytes(1, 2, 3, 4, 5), 0);
  assert.deepEqual(events, [
    { kind: "message", value: bytes(1, 2, 3, 4), bytes: 4 },
    { kind: "message", value: bytes(5), bytes: 1 },
  ]);
});

Deno.test("raw has nothing left over at the end", () => {
  const session = opened(raw());
  session.receive(bytes(1), 0);
  assert.deepEqual(session.receiveEnd(0), []);
});

Deno.test("raw says what it carries when it is given anything else", () => {
  const session = opened(raw());
  assert.throws(() => session.send({}), {
    code: "usage",
    message: 'Cannot send this value in the dialect "raw": it carries Uint8Array, or text as UTF-8',
  });
  assert.throws(() => session.action("go", []), { message: /^Cannot send an action in the dialect "raw": / });
  assert.equal(output(session), "");
});
