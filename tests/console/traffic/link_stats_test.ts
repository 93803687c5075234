import assert from "node:assert/strict";
import { createClient, type Traffic } from "../../../mod.ts";
import { LinkStats } from "../../../src/console/traffic/link_stats.ts";

const link = createClient("memory://nobody", { dialect: "lines" });

function add(stats: LinkStats, at: number, traffic: Partial<Traffic> = {}): void {
  const said = { kind: "message", direction: "in", bytes: 10, value: "x", ...traffic } as Traffic;
  stats.add({ seq: 1, at, link, peer: link, isOwn: false, traffic: said });
}

Deno.test("what came and went is counted second by second, and the second that is not over is left out", () => {
  const stats = new LinkStats();
  for (let at = 5000; at < 8000; at += 250) add(stats, at);
  add(stats, 7999, { direction: "out", bytes: 3 });
  add(stats, 8400);
  const seconds = stats.seconds(4, 8600);
  assert.deepEqual(seconds.map(({ messagesIn }) => messagesIn), [0, 4, 4, 4]);
  assert.deepEqual(seconds[3], { messagesIn: 4, messagesOut: 1, bytesIn: 40, bytesOut: 3 });
  assert.deepEqual(stats.seconds(4, 9000 + 3_600_000).map(({ bytesIn }) => bytesIn), [0, 0, 0, 0]);
});

Deno.test("a clock that is set back loses nothing that comes after it", () => {
  const stats = new LinkStats();
  add(stats, 500_000);
  add(stats, 100_000);
  assert.equal(stats.seconds(1, 501_000)[0].messagesIn, 2);
});

Deno.test("the latest 128 times of answers are kept, the last one last", () => {
  const stats = new LinkStats();
  for (let ms = 1; ms <= 300; ms++) add(stats, 0, { kind: "answer", name: "x", ms } as Partial<Traffic>);
  add(stats, 0, { kind: "answer", name: "x", ms: 9, direction: "out" } as Partial<Traffic>);
  assert.equal(stats.roundTrips.length, 128);
  assert.deepEqual([stats.roundTrips[0], stats.roundTrips.at(-1)], [173, 300]);
});
