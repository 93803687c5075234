import { type Key, KeyDecoder } from "./key_decoder.ts";
import { PasteFilter } from "./paste.ts";

/** One thing the user did: pressed a key, pasted a text, or pasted one that was too long to be taken. */
export type TypedEvent = Key | { paste: string } | { tooLongChars: number };

/** What was typed and pasted and has not been asked for yet, in order. */
export class TypedInput {
  readonly #pasteFilter = new PasteFilter();
  #keys = new KeyDecoder();
  #events: TypedEvent[] = [];
  #taken = 0; // instead of shift(), which is slow on the long arrays that a paste without marks makes

  /** Take the next piece of text from the keyboard. */
  feed(text: string): void {
    for (const event of this.#pasteFilter.feed(text)) {
      if (!("keys" in event)) this.#events.push(event);
      else for (const key of this.#keys.feed(event.keys)) this.#events.push(key);
    }
  }

  /** Whether there is nothing to take. */
  get empty(): boolean {
    return this.#taken === this.#events.length;
  }

  /** Whether the last of it is Ctrl-D: the user wants to leave. */
  get leaves(): boolean {
    const last = this.#events.at(-1);
    return last !== undefined && "name" in last && last.name === "endOfInput";
  }

  /** Take the next event; undefined when there is none. */
  take(): TypedEvent | undefined {
    if (this.empty) return undefined;
    const event = this.#events[this.#taken++];
    if (this.empty) {
      this.#events = [];
      this.#taken = 0;
    }
    return event;
  }

  /** Forget everything, the paste that is under way too; says whether there was such a paste. */
  cancel(): boolean {
    const { pasting } = this.#pasteFilter;
    this.#pasteFilter.cancel();
    this.#keys = new KeyDecoder();
    this.#events = [];
    this.#taken = 0;
    return pasting;
  }
}
