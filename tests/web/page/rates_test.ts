import assert from "node:assert/strict";
import { countText, Rates } from "../../../src/web/page/rates.ts";
import type { PageLink } from "../../../src/web/page/wire.ts";

function link(facts: Partial<PageLink>): PageLink {
  return {
    id: 1,
    name: "psu",
    kind: "client",
    address: "tcp://127.0.0.1:5025",
    dialect: "lines",
    state: "open",
    isOpen: true,
    peers: [],
    peerCount: 1,
    waiting: 0,
    messagesIn: 0,
    messagesOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    faults: 0,
    unsent: 0,
    doings: [],
    ...facts,
  };
}

Deno.test("A rate is what was counted between two looks; a link that begins anew has none below 0", () => {
  const rates = new Rates();
  assert.deepEqual(rates.see([link({ messagesIn: 500 })], 1000).get(1), { in: 0, out: 0, bytes: 0 });
  const next = [link({ messagesIn: 520, messagesOut: 4, bytesIn: 100, bytesOut: 20 })];
  assert.deepEqual(rates.see(next, 3000).get(1), { in: 10, out: 2, bytes: 60 });
  assert.deepEqual(rates.see([link({ messagesIn: 1 })], 4000).get(1), { in: 0, out: 0, bytes: 0 });
  assert.deepEqual(rates.historyOf(1), [12, 0]);
  rates.see([], 5000);
  assert.deepEqual(rates.historyOf(1), []);
});

Deno.test("Counts are short", () => {
  assert.deepEqual([0, 1.5, 999, 9999, 12_345, 4_500_000].map(countText), [
    "0",
    "1.5",
    "999",
    "9,999",
    "12.3 k",
    "4.5 M",
  ]);
});
