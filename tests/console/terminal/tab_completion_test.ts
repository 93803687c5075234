import assert from "node:assert/strict";
import type { Completion } from "../../../src/console/terminal/completion.ts";
import { LineEditor } from "../../../src/console/terminal/line_editor.ts";
import { TabCompletion } from "../../../src/console/terminal/tab_completion.ts";

/** Tab in an editor that holds `text`; the answers are given by hand, `lists` collects what was listed. */
function completing(text: string): {
  editor: LineEditor;
  tab: TabCompletion;
  lists: string[];
  answer(candidates: string[], more?: Partial<Completion>): Promise<void>;
} {
  const editor = new LineEditor({ prompt: () => "> ", continuationPrompt: "… ", entries: () => [] });
  editor.insert(text);
  const lists: string[] = [];
  const asked: ((completion: Completion) => void)[] = [];
  const tab: TabCompletion = new TabCompletion({
    editor,
    complete: () => new Promise((resolve) => asked.push(resolve)),
    onList: () => lists.push(tab.rows({ columns: 80, rows: 24 }).join("\n")),
    onLate: () => {},
  });
  const answer = async (candidates: string[], more: Partial<Completion> = {}) => {
    asked.shift()!({ candidates: candidates.map((text) => ({ text })), start: 0, ...more });
    await Promise.resolve();
    await Promise.resolve();
  };
  return { editor, tab, lists, answer };
}

Deno.test("TabCompletion takes an answer that comes late when nothing else was done", async () => {
  const { editor, tab, answer } = completing("se");
  tab.press();
  await answer(["send", "sendFile"]);
  assert.equal(editor.text, "send");
});

Deno.test("TabCompletion drops an answer that comes after another key", async () => {
  const { editor, tab, lists, answer } = completing("se");
  tab.press();
  editor.press({ insert: "x" });
  tab.forget();
  await answer(["send"]);
  assert.equal(editor.text, "sex");
  assert.deepEqual(lists, []);
});

Deno.test("TabCompletion lists at the second Tab, however slow the answers are", async () => {
  const { editor, tab, lists, answer } = completing("se");
  tab.press();
  tab.press();
  await answer(["set", "send"]);
  assert.deepEqual(lists, []);
  await answer(["set", "send"]);
  assert.deepEqual(lists, ["set   send"]);
  assert.equal(editor.text, "se");
});

Deno.test("TabCompletion survives a completer that fails", async () => {
  const editor = new LineEditor({ prompt: () => "> ", continuationPrompt: "… ", entries: () => [] });
  editor.insert("se");
  for (
    const complete of [() => Promise.reject(new Error("late")), () => {
      throw new Error("at once");
    }]
  ) {
    new TabCompletion({ editor, complete, onLate: () => {} }).press();
    await Promise.resolve();
  }
  assert.equal(editor.text, "se");
});

Deno.test("TabCompletion lists what is left at the Tab that follows one which has put something in", async () => {
  const { editor, tab, lists, answer } = completing("s");
  tab.press();
  await answer(["send", "sendFile"]);
  assert.equal(editor.text, "send");
  assert.deepEqual(lists, []);
  tab.press();
  await answer(["send", "sendFile"]);
  assert.deepEqual(lists, ["send      sendFile"]);
});

Deno.test("TabCompletion keeps its list open, turns its pages, and closes it at another key", async () => {
  const { tab, lists, answer } = completing("c");
  const many = Array.from({ length: 200 }, (_, index) => `c${"x".repeat(index % 7)}${index}`);
  for (let press = 0; press < 3; press++) {
    tab.press();
    await answer(many);
  }
  assert.equal(lists.length, 2);
  assert.notEqual(lists[0], lists[1]);
  assert.equal(tab.rows({ columns: 80, rows: 24 }).join("\n"), lists[1]);
  tab.forget();
  assert.deepEqual(tab.rows({ columns: 80, rows: 24 }), []);
});

Deno.test("TabCompletion puts in what is common as it is told, and never a part of an escape", async () => {
  const { editor, tab, answer } = completing("");
  tab.press();
  await answer(["\\x1ba", "\\x1cb"], { common: "" });
  assert.equal(editor.text, "");
});

Deno.test("TabCompletion says at the second Tab why there is nothing", async () => {
  const { tab, lists, answer } = completing("se");
  tab.press();
  await answer([], { note: "(nobody knows)" });
  assert.deepEqual(lists, []);
  tab.press();
  await answer([], { note: "(nobody knows)" });
  assert.deepEqual(lists, ["(nobody knows)"]);
});
