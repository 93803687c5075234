import assert from "node:assert/strict";
import { Client, Server } from "../../../mod.ts";
import type { FeedEvent } from "../../../src/console/feed_event.ts";
import { EventLines } from "../../../src/console/event_lines.ts";
import type { Link } from "../../../src/console/link_book.ts";
import { ViewSettings } from "../../../src/console/traffic/view_settings.ts";

Deno.test("what happens to links stands in the same columns as what is said on them", () => {
  const fleet = new Server("memory://lines-of-all", { dialect: "lines" });
  const psu = new Client("memory://lines-of-all", { dialect: "lines" });
  const nameless = new Client("memory://to-be-named", { dialect: "lines" });
  const nameOf = (link: Link) => link === fleet ? "fleet" : link === psu ? "psu" : link.address;
  const views = new ViewSettings(nameOf);
  views.stamps = "off";
  const lines = new EventLines({
    book: () => ({ links: [fleet, psu, nameless], nameOf }),
    views,
    colors: false,
    placeOf: () => undefined,
  });
  const traffic = { kind: "message", direction: "in", bytes: 1, value: "x" } as const;
  const events: FeedEvent[] = [
    { kind: "listening", link: fleet },
    { kind: "up", link: psu, peer: psu, first: true },
    { kind: "traffic", link: psu, peer: psu, traffic, isOwn: false },
    { kind: "fail", link: psu, peer: psu, error: new Error("kaput") },
  ];
  assert.deepEqual(events.map((event) => lines.line({ ...event, at: 0 })), [
    "fleet listening on memory://lines-of-all (lines)",
    "psu   connected to memory://lines-of-all",
    'psu   < "x"',
    "psu   ! Error: kaput",
  ]);
});
