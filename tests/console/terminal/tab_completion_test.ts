import assert from "node:assert/strict";
import type { Completion } from "../../../src/console/terminal/completion.ts";
import { LineEditor } from "../../../src/console/terminal/line_editor.ts";
import { TabCompletion } from "../../../src/console/terminal/tab_completion.ts";

/** Tab in an editor that holds `text`; the answers are given by hand, `lists` collects what was listed. */
function completing(text: string): {
  editor: LineEditor;
  tab: TabCompletion;
  lists: (readonly string[])[];
  answer(candidates: string[]): Promise<void>;
} {
  const editor = new LineEditor({ prompt: () => "> ", continuationPrompt: "… ", entries: () => [] });
  editor.insert(text);
  const lists: (readonly string[])[] = [];
  const asked: ((completion: Completion) => void)[] = [];
  const tab = new TabCompletion({
    editor,
    complete: () => new Promise((resolve) => asked.push(resolve)),
    onList: (candidates) => lists.push(candidates),
    onLate: () => {},
  });
  const answer = async (candidates: string[]) => {
    asked.shift()!({ candidates, start: 0 });
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
  assert.deepEqual(lists, [["set", "send"]]);
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
    new TabCompletion({ editor, complete, onList: () => {}, onLate: () => {} }).press();
    await Promise.resolve();
  }
  assert.equal(editor.text, "se");
});
