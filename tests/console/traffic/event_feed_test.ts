import assert from "node:assert/strict";
import { type Client, createClient, type Traffic } from "../../../mod.ts";
import { EventFeed, type FeedBatch } from "../../../src/console/event_feed.ts";
import type { FeedEvent } from "../../../src/console/feed_event.ts";
import { TrafficQuery } from "../../../src/console/traffic/traffic_query.ts";
import { ViewSettings } from "../../../src/console/traffic/view_settings.ts";

const link: Client = createClient("memory://nobody", { dialect: "lines" });
const START = 1_000_000;

function message(value: unknown, more: Partial<Traffic> = {}): FeedEvent & { kind: "traffic" } {
  const traffic = { kind: "message", direction: "in", bytes: 1, value, ...more } as Traffic;
  return { kind: "traffic", link, peer: link, traffic, isOwn: false };
}

/** A feed whose clock stands still between calls, and what it has shown. */
function feeding() {
  const views = new ViewSettings(() => "link");
  const batches: FeedBatch[] = [];
  const feed = new EventFeed({ views, show: (batch) => batches.push(batch) });
  const shown = () => batches.flatMap(({ events }) => events);
  return {
    views,
    feed,
    batches,
    values: () =>
      shown().map((event) => (event as ReturnType<typeof message>).traffic as { value?: unknown }).map((t) =>
        t.value
      ),
    skipped: () => batches.reduce((sum, batch) => sum + batch.skipped, 0),
    notes: () => batches.flatMap(({ notes }) => notes),
  };
}

Deno.test("a flood costs the screen no more than 250 lines in half a second, and every line is accounted for", () => {
  const { feed, values, skipped } = feeding();
  for (let index = 0; index < 100_000; index++) feed.push(message(index), START + Math.floor(index / 20));
  feed.close();
  assert(values().length <= 250 * 11, `${values().length} were handed over to be formatted`);
  assert.equal(values().length + skipped(), 100_000);
  assert.deepEqual(values().slice(0, 3), [0, 1, 2]);
});

Deno.test("a flood of bytes shows the rows for which there is room, of pieces of any size", () => {
  const { feed, views, batches, skipped } = feeding();
  views.setFormat("hex");
  const bytes = new Uint8Array(16 * 1000);
  feed.push({ kind: "bytes", link, peer: link, piece: { way: "in", offset: 0, atMs: START, bytes } }, START);
  feed.push({ kind: "bytes", link, peer: link, piece: { way: "in", offset: 0, atMs: START, bytes } }, START);
  feed.close();
  const [event, ...more] = batches.flatMap(({ events }) => events);
  assert(event.kind === "bytes");
  assert.deepEqual([event.piece.bytes.length / 16, more.length, skipped()], [250, 0, 1750]);
});

Deno.test("a filter finds the one line in a flood that would hide it otherwise", () => {
  for (const source of ["needle", "/need(le)?$/"]) {
    const { feed, views, values, skipped } = feeding();
    views.filter = new TrafficQuery(source, []);
    for (let index = 0; index < 4000; index++) feed.push(message(index === 3999 ? "needle" : "hay"), START);
    feed.flush(START);
    assert.deepEqual([values(), skipped(), views.takeHidden()], [["needle"], 0, 3999]);
    feed.close();
  }
});

Deno.test("a regular expression that would take for ever is given up, told, and shows no less than before", () => {
  const { feed, views, values, notes } = feeding();
  views.filter = new TrafficQuery("/^(a+)+$/", []);
  feed.push(message(`${"a".repeat(60)}!`), START);
  feed.flush(START);
  assert.match(notes()[0], /^\.filter is off: \/\^\(a\+\)\+\$\/ has taken more than 250 ms/);
  assert.equal(views.filter, undefined);
  feed.push(message("next"), START);
  feed.flush(START);
  assert.equal(values().at(-1), "next");
  feed.close();
});

Deno.test("what is hidden by a filter or by muting is counted, and told from time to time", () => {
  const { feed, views, values, notes } = feeding();
  views.filter = new TrafficQuery("out", []);
  for (let second = 0; second <= 100; second++) feed.push(message(second), START + second * 1000);
  feed.close();
  assert.deepEqual(values(), []);
  assert.deepEqual(notes(), [
    "… 11 lines hidden so far by .filter out (.filter off ends it)",
    "… 71 lines hidden so far by .filter out (.filter off ends it)",
  ]);
  assert.equal(views.takeHidden(), 101);
  views.filter = undefined;
  views.mute(link);
  feed.push(message(1), START);
  assert.equal(views.why(), ".mute link (.unmute ends it)");
  assert.equal(views.takeHidden(), 1);
  feed.close();
});

Deno.test("what an input has asked for itself is shown with .watch all alone, and nothing with .watch off", () => {
  const { feed, views, values } = feeding();
  const both = () => {
    feed.push({ ...message("own"), isOwn: true }, START);
    feed.push(message("other"), START);
    feed.flush(START);
  };
  both();
  assert.deepEqual(values(), ["other"]);
  views.watch = "all";
  both();
  assert.deepEqual(values(), ["other", "own", "other"]);
  views.watch = "off";
  both();
  assert.equal(values().length, 3);
  feed.close();
});

Deno.test("who looks on sees everything, also what the screen does not, and no longer than wanted", () => {
  const { feed, views, values } = feeding();
  views.watch = "off";
  let seen = 0;
  const untap = feed.tap(() => seen++);
  for (let index = 0; index < 5000; index++) feed.push(message(index), START);
  untap();
  feed.push(message(0), START);
  feed.close();
  assert.deepEqual([seen, values().length], [5000, 0]);
});
