import { CloseReason, connect, listen } from "@parley/parley";
import assert from "node:assert/strict";
import { BareLink } from "./bare_link.ts";
import { Seen } from "./seen.ts";

Deno.test("CloseReason tells who ended the link and how", async () => {
  const reasons = new Seen<CloseReason>();
  await using server = await listen("tcp://127.0.0.1:0", {
    dialect: "lines",
    onDisconnect: (_peer, reason) => reasons.add(reason),
    onConnect: (peer) => peer.send("x".repeat(100)),
    onReceive: (_line, peer) => peer.close(),
    onFail: () => {},
  });
  const { port } = server;

  using eof = await BareLink.dial(port);
  await eof.atLeast(101);
  eof.close();
  assert.deepEqual(summary(await reasons.next()), ["eof", false, undefined]);

  using torn = await BareLink.dial(port);
  await torn.atLeast(101);
  await torn.write("no end");
  await torn.closeWrite();
  assert.deepEqual(summary(await reasons.next()), ["truncated", true, "ProtocolError"]);

  using ours = await BareLink.dial(port);
  await ours.write("leave\n");
  await ours.readToEnd();
  assert.deepEqual(summary(await reasons.next()), ["closed", true, undefined]);
});

Deno.test("CloseReason is the same for closed and onDisconnect, reads as its message, and cannot be changed", async () => {
  const reasons = new Seen<CloseReason>();
  await using server = await listen("memory://same-reason");
  const client = await connect(server.address, { onDisconnect: (_peer, reason) => reasons.add(reason) });
  const reason = await client.close();
  assert.equal(reason, await client.closed);
  assert.equal(reason, await reasons.next());
  assert.ok(reason instanceof CloseReason);
  assert.equal(`${reason}`, "Link memory://same-reason was closed here");
  assert.throws(() => Object.assign(reason, { code: "other" }), TypeError);
});

function summary({ code, byUs, error }: CloseReason): [string, boolean, string | undefined] {
  return [code, byUs, error?.name];
}
