import { escapeText } from "../../show/escape.ts";
import { KeyDecoder } from "./key_decoder.ts";
import type { TypedLine } from "./line_layout.ts";
import type { Ended, Modal } from "./modal.ts";

/** A question that is answered by `y` or `n`; Enter, Esc and Ctrl-C mean no. Pure. */
export class Confirm implements Modal<boolean> {
  /** No answer is no. */
  readonly none = false;
  readonly #question: string;
  readonly #keys = new KeyDecoder();

  constructor(question: string) {
    this.#question = escapeText(question);
  }

  /** What is to be seen. */
  get line(): TypedLine {
    const text = `${this.#question} (y/N) `;
    return { prompt: "? ", continuationPrompt: "  ", text, cursor: text.length };
  }

  /** The line that stays when it is answered. */
  close(yes: boolean): string {
    return `? ${this.#question} ${yes ? "yes" : "no"}`;
  }

  /** Takes what was typed; other keys mean nothing. What was typed ahead behind the answer is forgotten. */
  feed(text: string): Ended<boolean> | undefined {
    if (text === "\x1b" || text.includes("\x03")) return { value: false };
    for (const key of this.#keys.feed(text)) {
      if ("insert" in key) {
        if (/^[yn]$/i.test(key.insert)) return { value: /y/i.test(key.insert) };
      } else if (key.name === "enter" || key.name === "endOfInput" || key.name === "abort") {
        return { value: false };
      }
    }
    return undefined;
  }
}
