import assert from "node:assert/strict";
import {
  asError,
  BrokenError,
  ClosedError,
  ParleyError,
  ProtocolError,
  RemoteError,
  TimeoutError,
  UsageRangeError,
  UsageTypeError,
} from "../src/errors.ts";

Deno.test("ParleyError and its kinds carry code, cause and outcome, and their own name", () => {
  const cause = new Error("Why");
  for (const Kind of [ParleyError, ProtocolError, ClosedError, BrokenError, TimeoutError, RemoteError]) {
    const error = new Kind("some_code", "What happened", { cause, outcome: "unknown" });
    assert.ok(error instanceof ParleyError && error instanceof Error);
    assert.equal(error.name, Kind.name);
    assert.deepEqual([error.code, error.message, error.outcome], ["some_code", "What happened", "unknown"]);
    assert.equal(error.cause, cause);
    assert.equal(String(error), `${Kind.name}: What happened`);
  }
});

Deno.test("ParleyError has no outcome where no message was under way", () => {
  assert.equal(new BrokenError("io", "Broken").outcome, undefined);
});

Deno.test("ProtocolError is fatal unless it says otherwise", () => {
  assert.equal(new ProtocolError("x", "X").fatal, true);
  assert.equal(new ProtocolError("x", "X", { fatal: false }).fatal, false);
});

Deno.test("UsageTypeError and UsageRangeError are the errors of the language", () => {
  assert.ok(new UsageTypeError("x") instanceof TypeError);
  assert.ok(new UsageRangeError("x") instanceof RangeError);
  assert.equal(new UsageTypeError("x").code, "usage");
  assert.equal(new UsageRangeError("x").code, "usage");
});

Deno.test("asError keeps an error as it is, and makes one of anything else", () => {
  const error = new TypeError("Mine");
  assert.equal(asError(error), error);
  assert.equal(asError("a text").message, "a text");
  assert.equal(asError(5).message, "Thrown value: 5");
  assert.equal(asError(undefined).message, "Thrown value: undefined");
  assert.equal(asError(Symbol("s")).message, "Thrown value: Symbol(s)");
  assert.equal(asError(Object.create(null)).message, "Thrown value: object");
  assert.equal(asError(5).cause, 5);
});
