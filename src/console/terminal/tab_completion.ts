import { candidateRows } from "./candidate_list.ts";
import { commonPrefix, type Completion } from "./completion.ts";
import type { LineEditor } from "./line_editor.ts";
import type { ScreenSize } from "../../show/screen_size.ts";

/** What a {@linkcode TabCompletion} works with. */
export interface TabCompletionOptions {
  /** The editor whose text is completed. */
  editor: LineEditor;
  /** Where candidates come from. Without it Tab only indents. */
  complete?(text: string, cursor: number): Completion | Promise<Completion>;
  /** A list was opened, or another page of it: {@linkcode TabCompletion.rows} shows it. The line stays as it is. */
  onList?(): void;
  /** The line was completed after {@linkcode TabCompletion.press} had returned. */
  onLate(): void;
}

/**
 * What Tab does: put in what all candidates have in common, and list them at the next Tab that adds nothing. The list
 * is open until another key is pressed; further Tabs turn its pages.
 */
export class TabCompletion {
  readonly #options: TabCompletionOptions;
  #presses = 0; // in a row, adding nothing
  #generation = 0; // grows when what was asked for is no longer of interest
  #list: Completion | undefined;
  #page = 0;
  /** The list as it is on the screen: it is drawn again with every line that is printed above it. */
  #drawn: { readonly size: ScreenSize; readonly rows: readonly string[] } | undefined;

  /** Nothing is asked before the first {@linkcode press}. */
  constructor(options: TabCompletionOptions) {
    this.#options = options;
  }

  /** The open list on a screen of this size; empty when none is open. */
  rows(size: ScreenSize): readonly string[] {
    if (this.#list === undefined) return [];
    const { columns, rows } = size;
    if (this.#drawn?.size.columns !== columns || this.#drawn.size.rows !== rows) {
      this.#drawn = { size: { columns, rows }, rows: candidateRows(this.#list, size, this.#page) };
    }
    return this.#drawn.rows;
  }

  /** Something else was done: the list is closed or will not be shown, and the next Tab is the first again. */
  forget(): void {
    this.#presses = 0;
    this.#list = undefined;
    this.#generation += 1;
  }

  /** Tab was pressed. */
  press(): void {
    const { editor, complete, onLate } = this.#options;
    const { text, cursor } = editor;
    // At the start of a further line Tab indents, as one who types a function expects.
    const lineStart = cursor === 0 ? 0 : text.lastIndexOf("\n", cursor - 1) + 1;
    if (cursor > 0 && text.slice(lineStart, cursor).trim() === "") return editor.insert("  ");
    this.#presses += 1;
    const generation = ++this.#generation;
    try {
      const found = complete?.(text, cursor);
      if (found instanceof Promise) {
        found.then((completion) => {
          if (generation !== this.#generation) return;
          this.#apply(completion);
          onLate();
        }).catch(() => {});
      } else if (found !== undefined) this.#apply(found);
    } catch {
      // A completer that fails has nothing to offer, and the user is in the middle of a line.
    }
  }

  #apply(completion: Completion): void {
    const { editor, onList } = this.#options;
    const { candidates, start } = completion;
    const typed = editor.text.slice(start, editor.cursor);
    const common = completion.common ?? commonPrefix(candidates.map(({ text }) => text));
    if (candidates.length === 1 ? common !== typed : common.length > typed.length) {
      this.forget();
      if (candidates.length > 1) this.#presses = 1; // the next Tab asks what else there is
      editor.replaceBefore(start, common);
    } else if (this.#presses > 1 && isWorthListing(completion)) {
      this.#page = this.#list === undefined ? 0 : this.#page + 1;
      this.#list = completion;
      this.#drawn = undefined;
      onList?.();
    }
  }
}

/** One that is there already says nothing new, unless there is something to say of it. */
function isWorthListing({ candidates, note }: Completion): boolean {
  return candidates.length > 1 || note !== undefined || candidates[0]?.about !== undefined;
}
