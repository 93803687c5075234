/**
 * Pasted text told apart from typed text: a terminal in bracketed paste mode sends `ESC[200~`, the text, `ESC[201~`.
 *
 * @module
 */

const startMark = "\x1b[200~";
const endMark = "\x1b[201~";

/** What came out of the keyboard stream: keys to be decoded one by one, one whole paste, or one that was too long. */
export type PasteEvent = { keys: string } | { paste: string } | { tooLongChars: number };

/** Limits of a {@linkcode PasteFilter}. */
export interface PasteFilterOptions {
  /** The longest paste taken, in UTF-16 units. A longer one is dropped whole: half a paste must not run. Default: 8 Mi. */
  maxPasteChars?: number;
}

/** Cuts pastes out of keyboard input. Both marks may be split anywhere between two chunks. Pure: no clock, no input or output. */
export class PasteFilter {
  readonly #maxPasteChars: number;
  #pasting = false;
  #cancelled = false;
  #held = ""; // the beginning of what may become a mark
  #parts: string[] = []; // joined once at the end: a big paste arrives in thousands of chunks
  #chars = 0;

  /** A filter at the start of a stream. */
  constructor(options: PasteFilterOptions = {}) {
    this.#maxPasteChars = options.maxPasteChars ?? 8 * 1024 * 1024;
  }

  /** Whether a paste has begun whose end has not been seen. */
  get pasting(): boolean {
    return this.#pasting;
  }

  /** Take the next piece of input and say what it holds, in order. Line ends inside a paste become `\n`. */
  feed(text: string): PasteEvent[] {
    const events: PasteEvent[] = [];
    let rest = this.#held + text;
    this.#held = "";
    while (rest !== "") {
      const mark = this.#pasting ? endMark : startMark;
      const at = rest.indexOf(mark);
      if (at >= 0) {
        this.#take(rest.slice(0, at), events);
        this.#turn(events);
        rest = rest.slice(at + mark.length);
        continue;
      }
      const held = heldLength(rest, mark);
      this.#take(rest.slice(0, rest.length - held), events);
      this.#held = rest.slice(rest.length - held);
      break;
    }
    return events;
  }

  /**
   * Forget the paste that is under way: the rest of it is swallowed up to its end mark. Cancelled a second time, the
   * mark is no longer waited for, because a terminal that lost it would swallow everything typed from then on.
   */
  cancel(): void {
    this.#parts = [];
    this.#chars = 0;
    this.#held = "";
    if (this.#cancelled) this.#pasting = this.#cancelled = false;
    else this.#cancelled = this.#pasting;
  }

  #take(text: string, events: PasteEvent[]): void {
    if (text === "") return;
    if (!this.#pasting) {
      events.push({ keys: text });
      return;
    }
    this.#chars += text.length;
    if (this.#chars > this.#maxPasteChars) this.#parts = [];
    else if (!this.#cancelled) this.#parts.push(text);
  }

  #turn(events: PasteEvent[]): void {
    if (this.#pasting && !this.#cancelled) {
      if (this.#chars > this.#maxPasteChars) events.push({ tooLongChars: this.#chars });
      else events.push({ paste: this.#parts.join("").replace(/\r\n?/g, "\n") });
    }
    this.#pasting = !this.#pasting;
    this.#cancelled = false;
    this.#parts = [];
    this.#chars = 0;
  }
}

// A lone ESC is held back too: alone it means nothing at this prompt, it only ever begins something longer.
function heldLength(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
