import assert from "node:assert/strict";
import { type Peer, Server, type Traffic } from "../../../mod.ts";
import { eventLine } from "../../../src/console/event_line.ts";
import type { TimedEvent } from "../../../src/console/feed_event.ts";
import { LinkBoard } from "../../../src/console/link_board.ts";
import { PingRun } from "../../../src/console/ping/ping_run.ts";
import { find } from "../../../src/console/commands/find.ts";
import { EventLines } from "../../../src/console/event_lines.ts";
import { SessionLog } from "../../../src/console/log/session_log.ts";
import type { Shell } from "../../../src/console/shell.ts";
import { TrafficBook } from "../../../src/console/traffic/traffic_book.ts";
import { TRAFFIC_FORMATS } from "../../../src/console/traffic/traffic_format.ts";
import { ViewSettings } from "../../../src/console/traffic/view_settings.ts";
import { PlotBoard } from "../../../src/show/plot/plot_board.ts";
import { planPlot } from "../../../src/show/plot/plot_options.ts";

/** Everything that could drive a terminal or deceive the eye. */
const HOSTILE: readonly string[] = [
  ...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)),
  "\x7f",
  ...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(0x80 + code)),
  "\x1b]0;owned\x07",
  "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
  "\x1b]52;c;b3duZWQ=\x07",
  "\x1bP+q544e\x1b\\",
  "\x1b[2J\x1b[H\x1b[31m\x1b[?1049h",
  "\x9b31m\x90q\x9c",
  "\u202eevil\u202c\u2066x\u2069\u200f\u061c",
  "a\u200bb\u200cc\u200dd\u2060\ufeff\u00ad",
  "\u2028\u2029",
  "\u{e0041}\ud800\udfff",
];
const FORBIDDEN =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/u;

const safe = (line: string, where: string) =>
  assert(!FORBIDDEN.test(line), `${where}: ${JSON.stringify(line)}`);

/** A server, whose lines name the peer, and a peer with this address. */
function meeting(address: string): { link: Server; peer: Peer } {
  const link = new Server("memory://hostile", { dialect: "lines" });
  const peer = { address, dialect: "lines", isOpen: true } as unknown as Peer;
  return { link, peer };
}

/** All that a peer can say, with this text wherever a text can stand. */
function* allTraffic(text: string): Generator<Traffic> {
  const direction = "in";
  const bytes = 1;
  const raw = new TextEncoder().encode(text);
  for (
    const value of [
      text,
      raw,
      { [text]: text, list: [text, raw, 1n] },
      new Error(text),
      Symbol(text),
      new Map([[text, text]]),
    ]
  ) {
    yield { direction, bytes, kind: "message", value };
    yield { direction, bytes, kind: "answer", name: text, value, ms: 1 };
    yield { direction, bytes, kind: "part", name: text, value };
  }
  yield { direction, bytes, kind: "action", name: text, args: [text, raw], kwargs: { [text]: text } };
  yield { direction, bytes, kind: "request", name: text, args: [text], id: 1 };
  yield { direction, bytes, kind: "failure", name: text, code: text, message: text };
  yield { direction, bytes, kind: "cancel", name: text };
  yield { direction, bytes, kind: "file", name: text, size: 1 };
  yield { direction, bytes, kind: "file-request", name: text };
}

Deno.test("no format but raw lets anything of a peer through that could drive the terminal, in one line each", () => {
  for (const text of HOSTILE) {
    const { link, peer } = meeting(`tcp://${text}`);
    for (const format of TRAFFIC_FORMATS.filter((each) => each !== "raw")) {
      for (const traffic of allTraffic(text)) {
        const event: TimedEvent = { kind: "traffic", at: 0, link, peer, traffic, isOwn: false };
        const options = { name: `n${text}`, stamp: "10:31:07.114", colors: false, format, peerColumns: 30 };
        safe(eventLine(event, options), format);
      }
    }
    const piece = { way: "in" as const, offset: 0, atMs: 0, bytes: new TextEncoder().encode(text) };
    for (
      const row of eventLine({ kind: "bytes", at: 0, link, peer, piece }, {
        name: text,
        stamp: "",
        colors: false,
      }).split("\n")
    ) {
      safe(row, "bytes");
    }
  }
});

Deno.test("JSON is still the same JSON when it is made harmless, of whatever was said", () => {
  const { link, peer } = meeting("tcp://x");
  for (const text of HOSTILE) {
    const value = { text, list: [text, 12n, new TextEncoder().encode(text)], undefined };
    const traffic: Traffic = { direction: "in", bytes: 1, kind: "message", value };
    const event: TimedEvent = { kind: "traffic", at: 0, link, peer, traffic, isOwn: false };
    const line = eventLine(event, { name: "n", stamp: "", colors: false, format: "json" });
    const json = JSON.parse(line.slice(line.indexOf("{")));
    assert.equal(json.text.toWellFormed(), text.toWellFormed());
    assert.deepEqual(json.list[1], { $bigint: "12" });
    assert.equal(json.list[2].$bytes, new TextEncoder().encode(text).toBase64());
  }
});

Deno.test("names, addresses and errors of whatever happens are harmless", () => {
  for (const text of HOSTILE) {
    const { link, peer } = meeting(`tcp://${text}`);
    const error = Object.assign(new Error(text.replaceAll("\n", " ")), {
      name: text,
      code: text,
      callback: text,
    });
    const reason = { code: text, message: text, willRetry: false, byUs: false } as never;
    const events: TimedEvent[] = [
      { kind: "up", at: 0, link, peer, first: false, unknown: [text] },
      { kind: "down", at: 0, link, peer, reason, isTold: false, gaveUp: false },
      { kind: "down", at: 0, link, peer, reason, isTold: true, gaveUp: false },
      { kind: "retry", at: 0, link, attempt: 1, inMs: 1, error, isNew: true },
      { kind: "fail", at: 0, link, peer, error },
      { kind: "stale", at: 0, link, peer, ms: 1 },
      { kind: "drop", at: 0, link, peer, count: 2 },
      { kind: "file", at: 0, link, peer, how: "received", name: text, path: text, size: 1 },
    ];
    for (const event of events) safe(eventLine(event, { name: text, stamp: "", colors: false }), event.kind);
  }
});

Deno.test("tables of links and of round trips, and plots, are harmless", async () => {
  for (const text of HOSTILE) {
    const { link, peer } = meeting(`tcp://${text}`);
    const board = new LinkBoard({
      links: [link],
      nameOf: () => text,
      waitingOf: () => 0,
      statsOf: () => undefined,
    });
    for (const line of board.lines()) safe(line, ".links");
    const failure = Object.assign(new Error(text), { code: text });
    const run = new PingRun({ peers: [peer], way: () => Promise.reject(failure), count: 1 });
    await run.over;
    for (const line of run.lines()) safe(line, ".ping");
    const plot = new PlotBoard(planPlot([(m) => m.x, { names: [text] }]));
    plot.add({ x: 1 }, 0);
    plot.add({ [text]: text }, 1);
    plot.add(new Error(text), 2);
    for (const line of plot.lines(3, { columns: 70, rows: 10, colors: false })) safe(line, "plot");
  }
});

/** What can be said with this text, in a session whose user has chosen this format. */
function said(text: string, format: (typeof TRAFFIC_FORMATS)[number]) {
  const { link, peer } = meeting(`tcp://${text}`);
  const book = { traffic: new TrafficBook(), links: [link], nameOf: () => `n${text}` };
  const views = new ViewSettings(book.nameOf);
  views.setFormat(format);
  const entries = [...allTraffic(text)].map((traffic) =>
    book.traffic.push({ at: 0, link, peer, traffic, isOwn: false })
  );
  return { book, views, entries, events: entries.map((each): TimedEvent => ({ kind: "traffic", ...each })) };
}

Deno.test("what .find shows is harmless in every format, also raw, a line for each", async () => {
  for (const text of HOSTILE) {
    for (const format of TRAFFIC_FORMATS) {
      const { book, views, entries } = said(text, format);
      let printed = "";
      const print = (shown: string) => printed += shown;
      await find.run("in last:1000", { book, feed: { views, flush() {} }, print } as unknown as Shell);
      const lines = printed.split("\n");
      assert.equal(lines.length, entries.length + 1, `${format}: ${JSON.stringify(printed)}`);
      for (const line of lines) safe(line, `.find in ${format}`);
    }
  }
});

Deno.test("what .log writes is harmless in every format, also raw, a line for each, and so is what is typed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const [index, text] of HOSTILE.entries()) {
      for (const format of TRAFFIC_FORMATS) {
        const { book, views, events } = said(text, format);
        const line = new EventLines({
          book: () => book,
          views,
          colors: false,
          isPlain: true,
          placeOf: () => undefined,
        });
        let tap: (event: TimedEvent) => void = () => {};
        const log = new SessionLog({
          tap: (each) => (tap = each, () => {}),
          line: line.line,
          mask: (each) => each,
          onNote: (note) => assert.fail(note),
        });
        const path = `${folder}/${index}-${format}`;
        log.start(path, { maxBytes: 10_000_000, keep: 0 });
        events.forEach((event) => tap(event));
        log.text(`> typed ${text.replaceAll("\n", "")}`);
        log.stop();
        const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
        assert.equal(lines.length, 1 + events.length + 1, `${format}: ${JSON.stringify(text)}`);
        for (const each of lines) safe(each, `.log in ${format}`);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
