import assert from "node:assert/strict";
import { cobs } from "../../src/codec/cobs.ts";
import type { Codec } from "../../src/codec/codec.ts";
import { interByteTimeout } from "../../src/codec/inter_byte_timeout.ts";
import { lengthPrefix } from "../../src/codec/length_prefix.ts";
import { ProtocolError } from "../../src/errors.ts";
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

/** A session whose frames end with 30 ms of quiet. */
function quietSession() {
  return opened(framed(() => interByteTimeout() as Codec<unknown>));
}

Deno.test("framed asks for a tick after the pause that its codec waits for, from the last byte on", () => {
  const session = quietSession();
  assert.equal(session.nextTickAt, Infinity);
  assert.deepEqual(session.receive(Uint8Array.of(1), 100), []);
  assert.equal(session.nextTickAt, 130);
  session.receive(Uint8Array.of(2), 120);
  assert.equal(session.nextTickAt, 150);
  assert.deepEqual(session.tick(149), []);
  assert.deepEqual(session.tick(150), [], "once more, since bytes may have come while we stood still");
  assert.equal(session.nextTickAt, 150);
  assert.deepEqual(session.tick(151), [{ kind: "message", value: Uint8Array.of(1, 2), bytes: 2 }]);
  assert.equal(session.nextTickAt, Infinity);
});

Deno.test("framed reads what came while the program stood still before it takes that for a pause", () => {
  const session = quietSession();
  session.receive(Uint8Array.of(1), 0);
  assert.deepEqual(session.tick(5000), []);
  assert.deepEqual(session.receive(Uint8Array.of(2), 5000), []);
  assert.equal(session.nextTickAt, 5030);
  session.tick(5030);
  assert.deepEqual(told(session.tick(5031)), ['message {"0":1,"1":2}']);
});

Deno.test("framed takes nothing for a pause while bytes are left unread on purpose", () => {
  const session = quietSession();
  session.receive(Uint8Array.of(1), 0);
  for (let now = 30; now < 300; now += 30) assert.deepEqual(session.tick(now, false), []);
  assert.equal(session.nextTickAt, 300);
  session.receive(Uint8Array.of(2), 290);
  session.tick(320);
  assert.deepEqual(told(session.tick(321)), ['message {"0":1,"1":2}']);
});

Deno.test("framed reports what a codec throws at a pause or at the end, and goes on or ends", () => {
  const bad = (fatal: boolean) => () => {
    throw new ProtocolError("odd", "Odd", { fatal });
  };
  const codec = (fatal: boolean): Codec<unknown> => ({
    quietMs: 1,
    decode: (buffer) => buffer.length > 1 ? buffer.take(2) : undefined,
    decodeQuiet(buffer) {
      if (buffer.length === 0) return undefined;
      buffer.skip(1);
      return bad(fatal)();
    },
    decodeEnd(buffer) {
      buffer.skip(buffer.length);
      return bad(fatal)();
    },
    encode: () => new Uint8Array(0),
  });
  const lenient = opened(framed(() => codec(false)));
  lenient.receive(Uint8Array.of(1), 0);
  lenient.tick(1);
  assert.deepEqual(told(lenient.tick(2)), ["fault odd"]);
  assert.deepEqual(told(lenient.receive(Uint8Array.of(2, 3, 4), 3)), ['message {"0":2,"1":3}']);
  assert.deepEqual(told(lenient.receiveEnd(4)), ["fault odd"]);
  const strict = opened(framed(() => codec(true)));
  strict.receive(Uint8Array.of(1), 0);
  strict.tick(1);
  assert.deepEqual(told(strict.tick(2)), ["fault! odd"]);
  assert.equal(strict.nextTickAt, Infinity);
});

Deno.test("framed ends with a codec that says for ever the same at a pause or at the end", () => {
  const stuck = (): Codec<unknown> => ({
    quietMs: 1,
    decode: () => undefined,
    decodeQuiet: () => "same",
    decodeEnd: () => "same",
    encode: () => new Uint8Array(0),
  });
  const session = opened(framed(stuck));
  session.receive(Uint8Array.of(1), 0);
  session.tick(1);
  assert.equal(told(session.tick(2)).at(-1), "fault! stalled");
  const ending = opened(framed(stuck));
  ending.receive(Uint8Array.of(1), 0);
  assert.deepEqual(told(ending.receiveEnd(1)), ['message "same"']);
});
