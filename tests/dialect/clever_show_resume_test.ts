import assert from "node:assert/strict";
import { cleverShow } from "../../src/dialect/clever_show/clever_show.ts";
import type { Session } from "../../src/session.ts";
import { opened, told } from "./conversation.ts";
import { request, response, written } from "./clever_show_wire.ts";

const TIMING = { now: 0, timeoutMs: 1000 };
const OTHER_LINK = 10;

Deno.test("with resend a request without an answer is asked again under its id, with its args as they were", () => {
  const session = back({ resend: true });
  ask(session, "fail", [1], { k: 2 });
  ask(session, "id");
  const [first, second] = written(session);
  session.receive(response("id", JSON.parse(second.content).request_id, '{"value": 5}'), 1);
  session.action("lost", []);
  assert.equal(session.suspend(), true);
  assert.deepEqual(told(session.open(OTHER_LINK)), ["reset []", "ready"]);
  assert.deepEqual(written(session), [first]);
  const id = JSON.parse(first.content).request_id;
  assert.deepEqual(told(session.receive(response("fail", id, '{"value": 6}'), 11)), ["answered fail 6"]);
  assert.equal(session.keptBytes, 0);
});

Deno.test("with resend a request that was given up, or must not be handled twice, is not asked again", () => {
  const session = back({ resend: true });
  const given = ask(session, "given up");
  session.request("never", [], undefined, TIMING, "never", { resend: "never" });
  session.request("short", [], undefined, { now: 0, timeoutMs: 5 }, "short");
  ask(session, "long");
  assert.equal(written(session).length, 4);
  session.cancel(given);
  session.suspend();
  assert.deepEqual(told(session.tick(5)), ["failed short timeout"]);
  assert.deepEqual(told(session.open(OTHER_LINK)), ["reset []", "failed never unknown_outcome", "ready"]);
  assert.deepEqual(namesIn(session), ["long"]);
});

Deno.test("with resend and without a link a request may be made, and leaves with the next one, once", () => {
  const session = back({ resend: true });
  session.suspend();
  ask(session, "late", [1]);
  assert.equal(session.outputBytes, 0);
  session.open(OTHER_LINK);
  assert.deepEqual(namesIn(session), ["late"]);
  session.suspend();
  ask(session, "later");
  session.open(2 * OTHER_LINK);
  assert.deepEqual(namesIn(session), ["late", "later"]);
});

Deno.test("with resume alone what had not left is said on the next link in its order, and what had is unknown", () => {
  const session = back({ resume: true });
  const [theirs] = session.receive(request("theirs", "0042"), 0);
  ask(session, "left");
  session.request("always", [], undefined, TIMING, "always", { resend: "always" });
  session.action("gone", []);
  assert.deepEqual(namesIn(session), ["left", "always", "gone"]);
  session.action("one", []);
  ask(session, "two");
  if (theirs.kind === "request") session.answer(theirs.id, 3);
  session.action("four", []);
  session.suspend();
  ask(session, "five");
  const events = told(session.open(OTHER_LINK));
  assert.deepEqual(
    events,
    ['reset ["request \\"left\\""]', "failed left unknown_outcome", "ready"].sort((a, b) =>
      events.indexOf(a) - events.indexOf(b)
    ),
  );
  assert.deepEqual(namesIn(session), ["always", "one", "two", "theirs", "four", "five"]);
});

Deno.test("a file that was under way is not gone on with; what waited behind it is, with resume", () => {
  const session = back({ resume: true });
  session.file("show.csv", 100);
  session.body(new Uint8Array(60));
  session.takeOutput();
  session.action("start", []);
  ask(session, "id");
  session.suspend();
  session.open(OTHER_LINK);
  assert.deepEqual(namesIn(session), ["start", "id"]);

  const asksAgain = back({ resend: true });
  asksAgain.file("show.csv", 100);
  asksAgain.action("start", []);
  ask(asksAgain, "id");
  asksAgain.suspend();
  asksAgain.open(OTHER_LINK);
  assert.deepEqual(namesIn(asksAgain), ["id"]);
});

Deno.test("without an option, and at a server, nothing outlives a link", () => {
  assert.equal(opened(cleverShow(), "client", { resumable: true }).suspend(), false);
  assert.equal(opened(cleverShow({ resend: true, resume: true }), "client").suspend(), false);
  assert.equal(
    opened(cleverShow({ resend: true, resume: true }), "server", { resumable: true }).suspend(),
    false,
  );
});

Deno.test("a request of the last link is not answered on the next one", () => {
  const session = back({ resend: true });
  const [asked] = session.receive(request("old", "0001"), 0);
  session.suspend();
  session.open(OTHER_LINK);
  assert.ok(asked.kind === "request");
  assert.throws(() => session.answer(asked.id, 1), /answered already, or was asked on another link/);
});

Deno.test("too much to be asked again is no more taken", () => {
  const session = back({ resend: true }, 1000);
  ask(session, "big", ["x".repeat(1000)]);
  assert.equal(session.isFull, true);
  const [{ content }] = written(session);
  session.receive(response("big", JSON.parse(content).request_id, '{"value": 1}'), 1);
  assert.equal(session.isFull, false);
});

/** A client that comes back. */
function back(options: { resend?: boolean; resume?: boolean }, maxReplayBytes?: number): Session {
  const limits = maxReplayBytes === undefined ? {} : { maxReplayBytes };
  return opened(cleverShow(options), "client", { resumable: true, limits });
}

function ask(session: Session, name: string, args: unknown[] = [], kwargs?: Record<string, unknown>): number {
  return session.request(name, args, kwargs, TIMING, name) as number;
}

function namesIn(session: Session): unknown[] {
  return written(session).map(({ header, content }) =>
    header.action ?? header.requested_value ?? JSON.parse(content).requested_value
  );
}
