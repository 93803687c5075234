/**
 * What each key does to the input being typed.
 *
 * @module
 */

import { EditBuffer, type Place } from "./edit_buffer.ts";
import type { Key, KeyName } from "./key_decoder.ts";
import type { TypedLine } from "./line_layout.ts";
import { ReverseSearch } from "./reverse_search.ts";

/** What the terminal has to do after a key; `edited` is to draw the line again and nothing else. */
export type EditorAction = "edited" | "submit" | "leave" | "complete" | "clearScreen" | "suspend";

/** What the editor shows before the text, and where it finds earlier inputs. */
export interface LineEditorOptions {
  /** Before the first line. */
  prompt(): string;
  /** Before every further line. */
  continuationPrompt: string;
  /** Earlier inputs, oldest first; asked for anew each time. */
  entries(): readonly string[];
}

const moves: Partial<Record<KeyName, Place>> = {
  left: "left",
  right: "right",
  home: "lineStart",
  end: "lineEnd",
  wordLeft: "wordLeft",
  wordRight: "wordRight",
};
const deletes: Partial<Record<KeyName, Place>> = { backspace: "left", delete: "right" };
const kills: Partial<Record<KeyName, Place>> = {
  deleteWordLeft: "wordLeft",
  deleteWordRight: "wordRight",
  deleteBlankWordLeft: "blankWordLeft",
  deleteToStart: "lineStart",
  deleteToEnd: "lineEnd",
};
const actions: Partial<Record<KeyName, EditorAction>> = {
  enter: "submit",
  tab: "complete",
  clearScreen: "clearScreen",
  suspend: "suspend",
};

/** A walk through the history: all entries that begin with what was typed when it began. */
interface Recall {
  readonly draft: string;
  readonly prefix: string;
  readonly entries: readonly string[];
  index: number;
}

/** The editor of one input after another: text, cursor, recall of the history and reverse search. Pure. */
export class LineEditor {
  readonly #options: LineEditorOptions;
  readonly #buffer = new EditBuffer();
  #recall: Recall | undefined;
  #search: ReverseSearch | undefined;

  /** An editor with nothing typed. */
  constructor(options: LineEditorOptions) {
    this.#options = options;
  }

  /** What was typed so far. */
  get text(): string {
    return this.#buffer.text;
  }

  /** The cursor in UTF-16 units. */
  get cursor(): number {
    return this.#buffer.cursor;
  }

  /** What is to be seen on the screen: the typed text, or the search that is under way and what it found. */
  get line(): TypedLine {
    const { continuationPrompt } = this.#options;
    const search = this.#search;
    if (search === undefined) {
      return { prompt: this.#options.prompt(), continuationPrompt, text: this.text, cursor: this.cursor };
    }
    const text = search.match ?? this.text;
    const cursor = search.match === undefined ? this.cursor : search.offset;
    return { prompt: search.prompt, continuationPrompt, text, cursor };
  }

  /** Do what a key means. */
  press(key: Key): EditorAction {
    if (this.#search !== undefined && this.#pressInSearch(key, this.#search)) return "edited";
    if ("insert" in key) {
      this.#recall = undefined;
      this.#buffer.insert(key.insert, true);
      return "edited";
    }
    return this.#pressNamed(key.name);
  }

  /** Put text in at the cursor as one edit, line breaks and all. */
  insert(text: string): void {
    this.#acceptSearch();
    this.#recall = undefined;
    this.#buffer.insert(text);
  }

  /** Replace the text from `start` up to the cursor. */
  replaceBefore(start: number, text: string): void {
    this.#recall = undefined;
    this.#buffer.replaceBefore(start, text);
  }

  /** Leave the search without taking what it found; false when there was none. */
  cancelSearch(): boolean {
    const searching = this.#search !== undefined;
    this.#search = undefined;
    return searching;
  }

  /** Begin the next input with nothing typed. */
  reset(): void {
    this.#search = undefined;
    this.#recall = undefined;
    this.#buffer.set("", 0, true);
  }

  #pressNamed(name: KeyName): EditorAction {
    const buffer = this.#buffer;
    if (name === "up" || name === "down") {
      this.#upOrDown(name === "up" ? -1 : 1);
      return "edited";
    }
    if (name === "endOfInput" && buffer.text === "") return "leave";
    if (name in actions) return actions[name]!;
    this.#recall = undefined;
    if (name in moves) buffer.moveTo(moves[name]!);
    else if (name in deletes) buffer.deleteTo(deletes[name]!);
    else if (name in kills) buffer.killTo(kills[name]!);
    else if (name === "endOfInput") buffer.deleteTo("right");
    else if (name === "newline") buffer.insert("\n");
    else if (name === "yank") buffer.yank();
    else if (name === "undo") buffer.undo();
    else if (name === "searchBackward") this.#search = new ReverseSearch(this.#options.entries());
    return "edited";
  }

  /** In a recalled entry of several lines, Up goes on to the next entry: moving in it begins with another key. */
  #upOrDown(by: -1 | 1): void {
    if (this.#recall === undefined) {
      if (this.#buffer.moveLine(by) || by > 0) return;
      const text = this.#buffer.text;
      const entries = this.#options.entries();
      this.#recall = { draft: text, prefix: text, entries, index: entries.length };
    }
    const recall = this.#recall;
    let index = recall.index + by;
    const shown = this.#buffer.text;
    const skip = (entry: string) => !entry.startsWith(recall.prefix) || entry === shown;
    while (index >= 0 && index < recall.entries.length && skip(recall.entries[index])) index += by;
    if (index < 0) return;
    if (index >= recall.entries.length) {
      this.#buffer.set(recall.draft);
      this.#recall = undefined;
      return;
    }
    recall.index = index;
    this.#buffer.set(recall.entries[index]);
  }

  /** Returns whether the key was meant for the search; any other key takes what was found and then acts on it. */
  #pressInSearch(key: Key, search: ReverseSearch): boolean {
    if ("insert" in key) {
      search.type(key.insert);
      return true;
    }
    switch (key.name) {
      case "searchBackward":
        search.older();
        return true;
      case "searchForward":
        search.newer();
        return true;
      case "backspace":
        search.backspace();
        return true;
      case "abort":
        this.cancelSearch();
        return true;
      case "clearScreen":
      case "suspend":
        return false;
      default:
        this.#acceptSearch();
        // Tab only takes it: a completion list would be a surprise here.
        return key.name === "tab";
    }
  }

  #acceptSearch(): void {
    const search = this.#search;
    this.#search = undefined;
    if (search?.match === undefined) return;
    this.#recall = undefined;
    this.#buffer.set(search.match, search.offset);
  }
}
