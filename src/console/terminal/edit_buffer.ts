/** The text being typed and what every editing key does to it. */

/** What {@linkcode EditBuffer.save} keeps and undo brings back. */
export interface EditState {
  /** The whole text, lines joined with `\n`. */
  readonly text: string;
  /** Where the cursor stands, in UTF-16 units from the start. */
  readonly cursor: number;
}

const maxUndoSteps = 200;
// Undo states of a big paste would hold its text over and over; strings share memory, but only until they are edited.
const maxUndoChars = 4 * 1024 * 1024;

const wordCharacter = /[\p{L}\p{N}_$]/u;

/** Text with a cursor, one kill buffer and undo. Pure: knows nothing of keys or screens. */
export class EditBuffer {
  #text = "";
  #cursor = 0;
  #killed = "";
  #killing = false; // the last edit was a kill, so the next one adds to it
  #undo: EditState[] = [];
  #typing = false; // the last edit typed characters, so the next one belongs to the same undo step
  readonly #segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

  /** The whole text. */
  get text(): string {
    return this.#text;
  }

  /** The cursor in UTF-16 units, always between two graphemes. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Replace everything, with the cursor at the end unless said otherwise. Forgets undo when `fresh`. */
  set(text: string, cursor: number = text.length, fresh: boolean = false): void {
    if (fresh) this.#undo = [];
    else this.#save();
    this.#text = text;
    this.#cursor = cursor;
    this.#endRun();
  }

  /** Put text in at the cursor. One call is one step of undo, except that typed characters join up. */
  insert(text: string, typed: boolean = false): void {
    if (!(typed && this.#typing)) this.#save();
    this.#text = this.#text.slice(0, this.#cursor) + text + this.#text.slice(this.#cursor);
    this.#cursor += text.length;
    this.#endRun();
    this.#typing = typed;
  }

  /** Replace the text from `start` up to the cursor. */
  replaceBefore(start: number, text: string): void {
    this.#save();
    this.#text = this.#text.slice(0, start) + text + this.#text.slice(this.#cursor);
    this.#cursor = start + text.length;
    this.#endRun();
  }

  /** Move the cursor. */
  moveTo(place: Place): void {
    this.#cursor = this.#find(place);
    this.#endRun();
  }

  /** Delete from the cursor to a place, without keeping it. */
  deleteTo(place: Place): void {
    this.#cut(this.#find(place));
    this.#endRun();
  }

  /** Delete from the cursor to a place and keep it for {@linkcode yank}; kills in a row add up. */
  killTo(place: Place): void {
    const other = this.#find(place);
    if (other === this.#cursor) return;
    const removed = this.#text.slice(Math.min(other, this.#cursor), Math.max(other, this.#cursor));
    const before = this.#killing ? this.#killed : "";
    this.#killed = other < this.#cursor ? removed + before : before + removed;
    this.#cut(other);
    this.#endRun();
    this.#killing = true;
  }

  /** Put the last kill in at the cursor. */
  yank(): void {
    if (this.#killed !== "") this.insert(this.#killed);
  }

  /** Take the last edit back. */
  undo(): void {
    const state = this.#undo.pop();
    if (state === undefined) return;
    this.#text = state.text;
    this.#cursor = state.cursor;
    this.#endRun();
  }

  /** Move one line up (-1) or down (1) in a text of several lines; false when there is none. */
  moveLine(by: -1 | 1): boolean {
    const start = this.#find("lineStart");
    const column = this.#cursor - start;
    if (by < 0) {
      if (start === 0) return false;
      const above = this.#text.lastIndexOf("\n", start - 2) + 1;
      this.#cursor = this.#whole(Math.min(above + column, start - 1));
    } else {
      const end = this.#find("lineEnd");
      if (end === this.#text.length) return false;
      const nextEnd = this.#text.indexOf("\n", end + 1);
      this.#cursor = this.#whole(
        Math.min(end + 1 + column, nextEnd < 0 ? this.#text.length : nextEnd),
      );
    }
    this.#endRun();
    return true;
  }

  #cut(other: number): void {
    if (other === this.#cursor) return;
    this.#save();
    const start = Math.min(other, this.#cursor);
    this.#text = this.#text.slice(0, start) + this.#text.slice(Math.max(other, this.#cursor));
    this.#cursor = start;
  }

  #endRun(): void {
    this.#killing = false;
    this.#typing = false;
  }

  #save(): void {
    if (this.#text.length * this.#undo.length > maxUndoChars) this.#undo.shift();
    if (this.#undo.length === maxUndoSteps) this.#undo.shift();
    this.#undo.push({ text: this.#text, cursor: this.#cursor });
  }

  // Graphemes are looked for near the cursor only: a pasted text may have a million of them.
  #find(place: Place): number {
    const text = this.#text;
    const at = this.#cursor;
    switch (place) {
      case "left":
        return at === 0 ? 0 : this.#whole(at - 1);
      case "right": {
        const [next] = this.#segmenter.segment(text.slice(at, at + 64));
        return at + (next?.segment.length ?? 0);
      }
      case "lineStart":
        return at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
      case "lineEnd": {
        const end = text.indexOf("\n", at);
        return end < 0 ? text.length : end;
      }
      case "wordLeft":
        return skipBack(
          text,
          skipBack(text, at, (c) => !wordCharacter.test(c)),
          (c) => wordCharacter.test(c),
        );
      case "wordRight":
        return skip(text, skip(text, at, (c) => !wordCharacter.test(c)), (c) => wordCharacter.test(c));
      case "blankWordLeft":
        return skipBack(text, skipBack(text, at, (c) => /\s/.test(c)), (c) => !/\s/.test(c));
    }
  }

  /** The start of the grapheme that holds this position. */
  #whole(position: number): number {
    let from = Math.max(0, position - 64);
    if (/[\udc00-\udfff]/.test(this.#text.charAt(from))) from += 1;
    const segment = this.#segmenter.segment(this.#text.slice(from, position + 64)).containing(
      position - from,
    );
    return from + (segment?.index ?? position - from);
  }
}

/** Where a key moves the cursor to, or deletes up to. */
export type Place =
  | "left"
  | "right"
  | "lineStart"
  | "lineEnd"
  | "wordLeft"
  | "wordRight"
  | "blankWordLeft";

function skip(text: string, at: number, while_: (character: string) => boolean): number {
  while (at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    if (!while_(character)) break;
    at += character.length;
  }
  return at;
}

function skipBack(text: string, at: number, while_: (character: string) => boolean): number {
  while (at > 0) {
    const pair = at > 1 && /[\udc00-\udfff]/.test(text[at - 1]) && /[\ud800-\udbff]/.test(text[at - 2]);
    const character = text.slice(at - (pair ? 2 : 1), at);
    if (!while_(character)) break;
    at -= character.length;
  }
  return at;
}
