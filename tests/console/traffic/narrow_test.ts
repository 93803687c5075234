import assert from "node:assert/strict";
import { createClient } from "../../../mod.ts";
import { eventLine } from "../../../src/console/event_line.ts";
import { LinkBoard } from "../../../src/console/link_board.ts";
import { LinkStats } from "../../../src/console/traffic/link_stats.ts";
import { cutToWidth, textWidth } from "../../../src/show/cell_width.ts";

const link = createClient("memory://nobody", { dialect: "lines" });

Deno.test("rows of bytes are of eight or of four where sixteen do not fit on the screen", () => {
  const piece = { way: "out" as const, offset: 16, atMs: 0, bytes: new TextEncoder().encode("0123456789ab") };
  const rows = (columns: number) =>
    eventLine({ kind: "bytes", at: 0, link, peer: link, piece }, {
      name: "psu",
      stamp: "",
      colors: false,
      columns,
    })
      .split("\n");
  const wide = "psu > 0010  30 31 32 33 34 35 36 37  38 39 61 62              0123456789ab";
  assert.deepEqual(rows(78), [wide]);
  assert.deepEqual(rows(77), [
    "psu > 0010  30 31 32 33  34 35 36 37  01234567",
    "psu > 0018  38 39 61 62               89ab",
  ]);
  const narrow = [
    "psu > 0010  30 31  32 33  0123",
    "psu > 0014  34 35  36 37  4567",
    "psu > 0018  38 39  61 62  89ab",
  ];
  assert.deepEqual([rows(44), rows(10)], [narrow, narrow]);
});

Deno.test("a table of links leaves out what tells least until it fits, and keeps what changes", () => {
  const stats = new LinkStats();
  const at = Date.now() - 1000;
  for (let count = 0; count < 8; count++) {
    const traffic = { kind: "message", direction: "in", bytes: 10, value: "x" } as const;
    stats.add({ seq: 1, at, link, peer: link, traffic, isOwn: false });
  }
  stats.addRoundTrip(41);
  const book = { links: [link], nameOf: () => "gate", waitingOf: () => 0, statsOf: () => stats };
  const heading = (columns: number) => new LinkBoard(book, () => columns).lines()[0].split(/ {2,}/);
  const all = heading(200);
  assert.deepEqual(all, [
    ...["name", "kind", "address", "dialect", "state", "peers", "in", "out", "age", "bytes in/out"],
    ...["in/out per s", "B/s", "last 16 s", "answers"],
  ]);
  assert.deepEqual(all.filter((title) => !heading(80).includes(title)), [
    "kind",
    "address",
    "dialect",
    "age",
    "bytes in/out",
  ]);
  assert.deepEqual(heading(60), ["name", "state", "peers", "in", "out", "last 16 s", "answers"]);
  assert.deepEqual(heading(40), ["name", "state", "peers", "in", "out", "answers"]);
  for (let columns = 30; columns < 120; columns++) {
    const lines = new LinkBoard(book, () => columns).lines();
    for (const line of lines) assert(textWidth(line) < columns, `${columns}: ${line}`);
  }
});

Deno.test("text is cut by columns, whole characters and colours at a time", () => {
  assert.equal(cutToWidth("abcdef", 6), "abcdef");
  assert.equal(cutToWidth("abcdefg", 6), "abcde…");
  assert.equal(cutToWidth("日本語です", 6), "日本…");
  assert.equal(cutToWidth("\x1b[31mabcdefg\x1b[39m", 6), "\x1b[31mabcde…\x1b[0m");
  for (let columns = 1; columns < 12; columns++) {
    assert(textWidth(cutToWidth("ab日\x1b[1mc\u0301本de", columns)) <= columns);
  }
});
