import assert from "node:assert/strict";
import { EditBuffer, type Place } from "../../../src/console/terminal/edit_buffer.ts";

/** A buffer with this text; `|` is where the cursor stands. */
function at(marked: string): EditBuffer {
  const buffer = new EditBuffer();
  buffer.set(marked.replace("|", ""), marked.indexOf("|"), true);
  return buffer;
}

const marked = ({ text, cursor }: EditBuffer) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

Deno.test("EditBuffer moves by characters as people count them, and by words and lines", () => {
  const moves: [string, Place, string][] = [
    ["e\u0301👩‍👩‍👧|x", "left", "e\u0301|👩‍👩‍👧x"],
    ["e\u0301|👩‍👩‍👧x", "left", "|e\u0301👩‍👩‍👧x"],
    ["|e\u0301x", "right", "e\u0301|x"],
    ["one.two  |", "wordLeft", "one.|two  "],
    ["one|.two!", "wordRight", "one.two|!"],
    ["x größe😀|", "wordLeft", "x |größe😀"],
    ["a b.c |", "blankWordLeft", "a |b.c "],
    ["a\nb|c\nd", "lineStart", "a\n|bc\nd"],
    ["a\n|bc\nd", "lineEnd", "a\nbc|\nd"],
    ["|", "left", "|"],
    ["|", "right", "|"],
  ];
  for (const [before, place, after] of moves) {
    const buffer = at(before);
    buffer.moveTo(place);
    assert.equal(marked(buffer), after, `${place} from ${before}`);
  }
});

Deno.test("EditBuffer moves between lines and says when there is none", () => {
  const buffer = at("\nlonger line|\nab\n");
  assert.equal(buffer.moveLine(1), true);
  assert.equal(marked(buffer), "\nlonger line\nab|\n");
  assert.equal(buffer.moveLine(1), true);
  assert.equal(marked(buffer), "\nlonger line\nab\n|");
  assert.equal(buffer.moveLine(1), false);
  for (let lines = 0; lines < 3; lines++) assert.equal(buffer.moveLine(-1), true);
  assert.equal(marked(buffer), "|\nlonger line\nab\n");
  assert.equal(buffer.moveLine(-1), false);
});

Deno.test("EditBuffer collects kills in a row, in the order of the text", () => {
  const buffer = at("one two| three");
  buffer.killTo("wordLeft");
  buffer.killTo("wordRight");
  assert.equal(marked(buffer), "one |");
  buffer.yank();
  assert.equal(marked(buffer), "one two three|");
  buffer.killTo("wordLeft");
  buffer.yank();
  buffer.yank();
  buffer.killTo("wordLeft");
  buffer.killTo("wordLeft");
  buffer.yank();
  assert.equal(marked(buffer), "one two threethree|");
});

Deno.test("EditBuffer takes edits back one by one, typed characters together", () => {
  const buffer = new EditBuffer();
  for (const character of "typed") buffer.insert(character, true);
  buffer.insert(" pasted\nlines");
  buffer.deleteTo("left");
  buffer.undo();
  assert.equal(marked(buffer), "typed pasted\nlines|");
  buffer.undo();
  assert.equal(marked(buffer), "typed|");
  buffer.undo();
  buffer.undo();
  assert.equal(marked(buffer), "|");
});
