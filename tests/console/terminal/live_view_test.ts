import assert from "node:assert/strict";
import { type LiveLines, LiveView } from "../../../src/console/terminal/live_view.ts";
import { Modals } from "../../../src/console/terminal/modals.ts";

/** Lines that a test changes by hand. */
class Board implements LiveLines {
  text: string[];
  isLooking = false;
  changed = () => {};
  readonly opened = Promise.withResolvers<void>();

  constructor(...text: string[]) {
    this.text = text;
  }

  lines(): string[] {
    return this.text;
  }

  start(redraw: () => void): () => void {
    this.isLooking = true;
    this.changed = redraw;
    this.opened.resolve();
    return () => this.isLooking = false;
  }
}

const shown = (board: Board, columns: number, rows: number) =>
  new LiveView(board, () => ({ columns, rows })).line.text.split("\n");

Deno.test("LiveView cuts on the right what is wider than the terminal, by the columns that characters take", () => {
  const board = new Board("0123456789", "温度温度温", "exactly10!", "a");
  assert.deepEqual(shown(board, 11, 20), ["0123456789", "温度温度温", "exactly10!", "a", "(any key …"]);
  assert.deepEqual(shown(board, 10, 20), ["01234567…", "温度温度…", "exactly1…", "a", "(any key…"]);
  assert.deepEqual(shown(board, 2, 20), ["…", "…", "…", "a", "…"]);
});

Deno.test("LiveView keeps the heading and the last lines of a table that is taller than the terminal", () => {
  const board = new Board("heading", ...Array.from({ length: 1500 }, (_, index) => `port ${index}`));
  const hint = "(any key ends this)";
  assert.deepEqual(shown(board, 80, 9), [
    "heading",
    "… 1,497 more …",
    "port 1497",
    "port 1498",
    "port 1499",
    hint,
  ]);
  assert.deepEqual(shown(board, 80, 6), ["heading", "… 1,500 more …", hint]);
  assert.deepEqual(shown(board, 80, 5), ["heading", hint]);
  assert.deepEqual(shown(board, 80, 1), [hint]);
  assert.equal(shown(board, 80, 1505).length, 1502);
  assert.equal(new LiveView(board, () => ({ columns: 5, rows: 5 })).close(), board.text.join("\n"));
});

Deno.test("LiveView is ended by one key of any kind, and what is typed behind it is left for the line", () => {
  const cases: [typed: string, rest: string][] = [
    ["q", ""],
    ["\x1b", ""],
    ["\x04", ""],
    ["\r.links\r", ".links\r"],
    ["\x1b[A\x1b[A", "\x1b[A"],
    ["\x1b[1;5Cx", "x"],
    ["\x1bOHx", "x"],
    ["\x1bbx", "x"],
    ["😀x", "x"],
    ["\x1b[200~1 + 1\x1b[201~", "\x1b[200~1 + 1\x1b[201~"],
    ["\x1a", "\x1a"],
  ];
  for (const [typed, rest] of cases) {
    const view = new LiveView(new Board(), () => ({ columns: 80, rows: 24 }));
    assert.deepEqual(view.feed(typed), { value: undefined, rest }, JSON.stringify(typed));
  }
});

Deno.test("LiveView is drawn when it has changed and not otherwise, one after the other, and looks no longer", async () => {
  const told: string[] = [];
  const modals = new Modals({
    onChange: () => told.push(modals.line!.text.split("\n")[0]),
    onAnswer: (result) => told.push(`end ${result}`),
  });
  const size = () => ({ columns: 80, rows: 24 });
  const [first, second] = [new Board("a"), new Board("b")];
  const ends = [modals.show(new LiveView(first, size)), modals.show(new LiveView(second, size))];
  await first.opened.promise;
  assert.deepEqual([first.isLooking, second.isLooking], [true, false]);
  first.changed();
  first.text = ["a2"];
  first.changed();
  first.changed();
  assert.equal(modals.feed("xy"), "y");
  await ends[0];
  await second.opened.promise;
  assert.deepEqual([first.isLooking, second.isLooking], [false, true]);
  first.text = ["late"];
  first.changed();
  modals.close();
  await ends[1];
  assert.deepEqual(told, ["a", "a2", "end a2", "b", "end b"]);
  assert.deepEqual([second.isLooking, modals.isOpen, modals.feed("x")], [false, false, "x"]);
  await modals.show(new LiveView(first, size)); // nobody can type any more
  assert.equal(first.isLooking, false);
});
