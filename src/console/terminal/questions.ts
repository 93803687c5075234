import { Choice } from "./choice.ts";
import type { TypedLine } from "./line_layout.ts";

/** What {@linkcode Questions} report. */
export interface QuestionEvents {
  /** A question is open, or has changed: its line has to be drawn. */
  onChange(): void;
  /** A question has its answer: this is what stays of it, in place of the line. */
  onAnswer(result: string): void;
}

/** Questions for the user of a terminal, one after the other. */
export class Questions {
  readonly #events: QuestionEvents;
  #open: { choice: Choice; settle(index: number | null): void } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isOver = false;

  constructor(events: QuestionEvents) {
    this.#events = events;
  }

  /** The question that is open, as a terminal shows it; undefined when there is none. */
  get line(): TypedLine | undefined {
    return this.#open?.choice.line;
  }

  /** Asks which of these it is to be. Resolves with its index, and with null for none. */
  ask(question: string, options: readonly string[]): Promise<number | null> {
    const answer = this.#last.then(() => this.#ask(new Choice(question, options)));
    this.#last = answer;
    return answer;
  }

  /** Takes what was typed while a question is open. */
  feed(text: string): void {
    const answer = this.#open?.choice.feed(text);
    if (answer === undefined) this.#events.onChange();
    else this.#answer(answer);
  }

  /** The answer to the open question, if there is one, is none. */
  cancel(): void {
    if (this.#open !== undefined) this.#answer(null);
  }

  /** Nobody can answer any more. */
  close(): void {
    this.#isOver = true;
    this.cancel();
  }

  #ask(choice: Choice): Promise<number | null> {
    if (this.#isOver) return Promise.resolve(null);
    const { promise, resolve } = Promise.withResolvers<number | null>();
    this.#open = { choice, settle: resolve };
    this.#events.onChange();
    return promise;
  }

  #answer(index: number | null): void {
    const { choice, settle } = this.#open!;
    this.#open = undefined;
    this.#events.onAnswer(choice.result(index));
    settle(index);
  }
}
