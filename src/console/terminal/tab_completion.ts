import { commonPrefix, type Completion } from "./completion.ts";
import type { LineEditor } from "./line_editor.ts";

/** What a {@linkcode TabCompletion} works with. */
export interface TabCompletionOptions {
  /** The editor whose text is completed. */
  editor: LineEditor;
  /** Where candidates come from. Without it Tab only indents. */
  complete?(text: string, cursor: number): Completion | Promise<Completion>;
  /** Show the candidates; the line stays as it is. */
  onList(candidates: readonly string[]): void;
  /** The line was completed after {@linkcode TabCompletion.press} had returned. */
  onLate(): void;
}

/** What Tab does: put in what all candidates have in common, and list them at the second Tab that adds nothing. */
export class TabCompletion {
  readonly #options: TabCompletionOptions;
  #presses = 0; // in a row, adding nothing
  #generation = 0; // grows when what was asked for is no longer of interest

  /** Nothing is asked before the first {@linkcode press}. */
  constructor(options: TabCompletionOptions) {
    this.#options = options;
  }

  /** Something else was done: a list that was asked for is not shown, and the next Tab is the first again. */
  forget(): void {
    this.#presses = 0;
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

  #apply({ candidates, start }: Completion): void {
    const { editor, onList } = this.#options;
    const prefix = commonPrefix(candidates);
    if (
      candidates.length === 1
        ? prefix !== editor.text.slice(start, editor.cursor)
        : prefix.length > editor.cursor - start
    ) {
      this.#presses = 0;
      editor.replaceBefore(start, prefix);
    } else if (candidates.length > 1 && this.#presses > 1) {
      onList(candidates);
    }
  }
}
