import { clip } from "../../show/escape.ts";
import { type Item, MAX_TEXT_CHARS } from "./words.ts";

/**
 * What waits for one that has attached, in its order and bounded: what does not fit is dropped and counted, lines of
 * traffic long before results. The end of an input is never dropped: who has sent it waits for that.
 */
export class SeatOutbox {
  #items: Item[] = [];
  #chars = 0;
  #dropped = 0;

  /** True while lines would be dropped. */
  get isFull(): boolean {
    return this.#chars >= MAX_LINE_CHARS || this.#items.length >= MAX_LINES;
  }

  /** @returns false when it was dropped. */
  add(item: Item): boolean {
    if (!("text" in item)) return this.#push(item);
    if (item.kind === "line" ? this.isFull : this.#chars >= MAX_OWN_CHARS) {
      this.drop(item.text.split("\n").length);
      return false;
    }
    const text = clip(item.text, MAX_TEXT_CHARS);
    const last = this.#items.at(-1);
    if (item.kind !== "log" || last?.kind !== "log" || last.text.length > MAX_JOINED_CHARS) {
      return this.#push({ kind: item.kind, text });
    }
    this.#items[this.#items.length - 1] = { kind: "log", text: last.text + text }; // a loop prints many short ones
    this.#chars += text.length;
    return true;
  }

  /** So many lines were not even made. */
  drop(count: number): void {
    this.#dropped += count;
  }

  /** Takes the oldest ones, as many as one message may hold; none when nothing waits. */
  take(): Item[] {
    let count = 0;
    for (let chars = 0; count < this.#items.length && chars < BATCH_CHARS; count++) {
      chars += charsOf(this.#items[count]);
    }
    const taken = this.#items.splice(0, count);
    for (const item of taken) this.#chars -= charsOf(item);
    if (this.#items.length === 0) this.#tellDropped(taken);
    return taken;
  }

  #push(item: Item): true {
    this.#tellDropped(this.#items);
    this.#items.push(item);
    this.#chars += charsOf(item);
    return true;
  }

  #tellDropped(items: Item[]): void {
    if (this.#dropped === 0) return;
    items.push({ kind: "dropped", count: this.#dropped });
    this.#dropped = 0;
  }
}

function charsOf(item: Item): number {
  return ("text" in item ? item.text.length : 0) + ITEM_CHARS;
}

/** What an item takes beside its text, in UTF-16 units. */
const ITEM_CHARS = 32;
/** A print is joined to the one before it while that is no longer, in UTF-16 units. */
const MAX_JOINED_CHARS = 4096;

/** Items that wait: no more lines are taken above it. Two screens of history for one that looks away. */
const MAX_LINES = 2000;
/** UTF-16 units that wait: no more lines are taken above it. */
const MAX_LINE_CHARS = 256 * 1024;
/** UTF-16 units that wait: nothing more that has a text is taken above it. */
const MAX_OWN_CHARS = 8 * 1024 * 1024;
/** UTF-16 units in one message, but for one long text. */
const BATCH_CHARS = 32 * 1024;
