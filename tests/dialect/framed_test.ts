import assert from "node:assert/strict";
import { cobs } from "../../src/codec/cobs.ts";
import type { Codec } from "../../src/codec/codec.ts";
import { lengthPrefix } from "../../src/codec/length_prefix.ts";
import { framed } from "../../src/dialect/framed.ts";
import { checkDialect } from "../../src/testing/check_dialect.ts";
import { opened, told } from "./conversation.ts";

Deno.test("framed keeps the contract of dialects around a codec", () => {
  for (const make of [() => lengthPrefix(2), () => cobs()] as (() => Codec<unknown>)[]) {
    checkDialect({
      dialect: framed(make),
      samples: [{
        messages: [Uint8Array.of(1, 2, 3), new Uint8Array(0), new Uint8Array(300)].map((value) => ({
          kind: "message",
          value,
        })),
      }],
      unsayable: [{ kind: "message", value: 5 }, { kind: "action", name: "go", args: [] }],
      skip: ["frame limit"], // the codec has its own limit; those of the link are not passed on
    });
  }
});

Deno.test("framed makes a codec for each connection", () => {
  let made = 0;
  const dialect = framed(() => (made++, lengthPrefix(1) as Codec<unknown>));
  const [one, other] = [opened(dialect), opened(dialect)];
  assert.equal(made, 2);
  one.receive(Uint8Array.of(2, 7), 0);
  assert.deepEqual(other.receive(Uint8Array.of(1, 9), 0), [{
    kind: "message",
    value: Uint8Array.of(9),
    bytes: 1,
  }]);
  assert.deepEqual(one.receive(Uint8Array.of(8), 0), [{
    kind: "message",
    value: Uint8Array.of(7, 8),
    bytes: 2,
  }]);
});

Deno.test("framed refuses what has a name", () => {
  const session = opened(framed(() => cobs() as Codec<unknown>));
  assert.throws(() => session.action("go", []), {
    code: "usage",
    message: 'Cannot send an action in the dialect "codec": a codec only has frames; use send or ask',
  });
});

Deno.test("framed goes on after a frame that a codec has passed over", () => {
  const session = opened(framed(() => cobs() as Codec<unknown>));
  const events = session.receive(Uint8Array.of(5, 1, 0, 2, 7, 0), 0);
  assert.equal(told(events).length, 2);
  assert.equal(events[0].kind, "fault");
  assert.deepEqual(events[1], { kind: "message", value: Uint8Array.of(7), bytes: 1 });
});
