import assert from "node:assert/strict";
import type { Session } from "../../../src/session.ts";
import type { SessionEvent } from "../../../src/session_event.ts";
import { outputHex, toHex, told } from "../conversation.ts";
import { call, exchange, frame, numbered, relink, restart, resumable } from "./wire.ts";

const REQ = 8;
const NONE = 0;
const SECOND = { now: 0, timeoutMs: 1000 };

function ask(session: Session, name: string, now = 0, kind = {}): void {
  session.request(name, [], undefined, { now, timeoutMs: 1000 }, name, kind);
}

function requests(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => event.kind === "request" ? [event.name] : []);
}

Deno.test("native starts anew where the session is not known: what was not sent goes out, what was sent fails", () => {
  const [client] = resumable();
  ask(client, "sent");
  client.sendAcked("acked", SECOND, "acked");
  client.actionAcked("go", [], undefined, SECOND, "action");
  ask(client, "keyed", 0, { key: "k" });
  ask(client, "always", 0, { resend: "always" });
  ask(client, "never", 0, { resend: "never" });
  client.request("s", [], undefined, SECOND, "stream", { stream: true });
  client.takeOutput();
  ask(client, "unsent");
  client.suspend();
  ask(client, "while down", 0, { resend: "never" });
  const { server, client: events } = restart(client, 400);
  assert.deepEqual(told(events), [
    "failed sent unknown_outcome",
    "failed acked unknown_outcome",
    "failed action unknown_outcome",
    "failed never unknown_outcome",
    "failed stream unknown_outcome",
    'reset ["request \\"sent\\"","message","action \\"go\\"","request \\"never\\"","request \\"s\\""]',
    "ready",
  ]);
  for (const event of events) {
    if (event.kind === "failed") assert.equal(event.error.outcome, "unknown", String(event.token));
  }
  const bytes = client.takeOutput().slice();
  assert.equal(
    toHex(bytes),
    numbered(1, REQ, 0x80, 4, call(600, "keyed", "016b")) + numbered(2, REQ, NONE, 5, call(600, "always")) +
      numbered(3, REQ, NONE, 8, call(600, "unsent")) + numbered(4, REQ, NONE, 9, call(600, "while down")),
  );
  assert.deepEqual(requests(server.receive(bytes, 400)), ["keyed", "always", "unsent", "while down"]);
  server.answer(4, "done");
  assert.deepEqual(told(client.receive(server.takeOutput(), 400)), ['answered keyed "done"']);
});

Deno.test("native forgets what was given up or answered before it starts anew", () => {
  const [client, server] = resumable();
  ask(client, "answered", 0, { key: "a" });
  ask(client, "cancelled", 0, { key: "b" });
  ask(client, "expired", -900, { key: "c" });
  exchange(client, server);
  server.answer(1, "yes");
  exchange(client, server);
  client.suspend();
  client.cancel(2);
  client.tick(100);
  const { client: events } = restart(client, 100);
  assert.deepEqual(told(events), ["reset []", "ready"]);
  assert.equal(outputHex(client), "");
});

Deno.test("native answers nothing of the session before in the one that starts anew", () => {
  const [client, server] = resumable();
  ask(server, "x");
  exchange(client, server);
  const { generation } = client;
  client.suspend();
  client.answer(1, "of the session before");
  restart(client);
  assert.equal(client.generation, generation + 1, "so that whoever answers can tell");
  assert.equal(outputHex(client), "");
});

Deno.test("native starts anew once more when that session is lost as well", () => {
  const [client] = resumable();
  ask(client, "keyed", 0, { key: "k" });
  client.takeOutput();
  restart(client, 100);
  client.takeOutput();
  const { server } = restart(client, 300);
  assert.deepEqual(requests(exchange(client, server, 300).server), ["keyed"]);
  ask(client, "next", 300);
  relink(client, server, 300);
  assert.deepEqual(requests(exchange(client, server, 300).server), ["next"]);
});

Deno.test("native starts anew without a session where the next server has none", () => {
  const [client] = resumable();
  ask(client, "keyed", 0, { key: "k" });
  client.takeOutput();
  const { client: events } = restart(client, 0, { admit: () => ({}) });
  assert.deepEqual(told(events), ["reset []", "ready"]);
  assert.equal(outputHex(client), frame(REQ, 0x80, 1, call(1000, "keyed", "016b")));
  assert.deepEqual([client.isResumable, client.suspend()], [false, false]);
});
