import { escapeText } from "../../show/escape.ts";
import { KeyDecoder } from "./key_decoder.ts";
import type { TypedLine } from "./line_layout.ts";
import type { Ended, Modal } from "./modal.ts";

/** A question with a few answers, of which one is chosen by the arrow keys and Enter, or none by Esc. Pure. */
export class Choice implements Modal<number | null> {
  /** No answer is one of none. */
  readonly none = null;
  readonly #question: string;
  readonly #options: readonly string[];
  readonly #keys = new KeyDecoder();
  #index = 0;

  /** @param options At least one; the first is chosen when nothing but Enter is pressed. */
  constructor(question: string, options: readonly string[]) {
    this.#question = question;
    this.#options = options.map((option) => escapeText(option));
  }

  /** What is to be seen: the question, and below it the answers with a mark at the chosen one. */
  get line(): TypedLine {
    const rows = this.#options.map((option, index) => `${index === this.#index ? ">" : " "} ${option}`);
    const text = [`${this.#question} (arrow keys and Enter, Esc for none)`, ...rows].join("\n");
    const cursor = text.split("\n").slice(0, this.#index + 2).join("\n").length;
    return { prompt: "? ", continuationPrompt: "  ", text, cursor };
  }

  /** The line that stays when it is answered. */
  close(index: number | null): string {
    return `? ${this.#question} ${index === null ? "none" : this.#options[index]}`;
  }

  /** Takes what was typed: gives the index of the answer, null for none, nothing while it is open. */
  feed(text: string): Ended<number | null> | undefined {
    const none = { value: null };
    // No key but Esc comes alone like this: those that begin with it come in one piece.
    if (text === "\x1b" || text.includes("\x03")) return none;
    for (const key of this.#keys.feed(text)) {
      if ("insert" in key) this.#number(key.insert);
      else if (key.name === "up") this.#index = Math.max(0, this.#index - 1);
      else if (key.name === "down" || key.name === "tab") this.#index = this.#below();
      else if (key.name === "home") this.#index = 0;
      else if (key.name === "end") this.#index = this.#options.length - 1;
      else if (key.name === "enter") return { value: this.#index };
      else if (key.name === "endOfInput" || key.name === "abort") return none;
    }
    return undefined;
  }

  #below(): number {
    return Math.min(this.#options.length - 1, this.#index + 1);
  }

  #number(text: string): void {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= this.#options.length) this.#index = number - 1;
  }
}
