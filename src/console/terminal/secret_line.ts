import { escapeText } from "../../show/escape.ts";
import type { TypedLine } from "./line_layout.ts";
import type { Ended, Modal } from "./modal.ts";
import { TypedInput } from "./typed_input.ts";

/** Asks for a text of which nothing is shown, not even how long it is; it may be pasted. Pure. */
export class SecretLine implements Modal<string | undefined> {
  /** It was not given. */
  readonly none = undefined;
  readonly #question: string;
  readonly #typed = new TypedInput();
  #value = "";

  constructor(question: string) {
    this.#question = escapeText(question);
  }

  /** The question alone. */
  get line(): TypedLine {
    const text = `${this.#question} (not shown): `;
    return { prompt: "? ", continuationPrompt: "  ", text, cursor: text.length };
  }

  /** The line that stays: whether it was given, and not what. */
  close(value: string | undefined): string {
    return `? ${this.#question} ${value === undefined ? "not given" : "given"}`;
  }

  /** Takes what was typed. Enter ends it; Esc, Ctrl-C and Ctrl-D give nothing. */
  feed(text: string): Ended<string | undefined> | undefined {
    if (text === "\x1b" || text.includes("\x03")) return { value: undefined };
    this.#typed.feed(text);
    for (let event = this.#typed.take(); event !== undefined; event = this.#typed.take()) {
      if ("tooLongChars" in event) continue;
      if ("paste" in event) this.#add(event.paste.replace(/\n$/, ""));
      else if ("insert" in event) this.#add(event.insert);
      else if (event.name === "backspace") this.#value = [...this.#value].slice(0, -1).join("");
      else if (event.name === "deleteToStart" || event.name === "deleteBlankWordLeft") this.#value = "";
      else if (event.name === "enter") return { value: this.#value === "" ? undefined : this.#value };
      else if (event.name === "endOfInput" || event.name === "abort") return { value: undefined };
    }
    return undefined;
  }

  #add(text: string): void {
    if (this.#value.length + text.length <= MAX_CHARS) this.#value += text;
  }
}

/** Enough for any key; what is longer was pasted by mistake. In UTF-16 units. */
const MAX_CHARS = 64 * 1024;
