import type { TypedLine } from "./line_layout.ts";
import type { Ended, Modal } from "./modal.ts";

/** What {@linkcode Modals} report. */
export interface ModalEvents {
  /** One is open, or has changed: its line has to be drawn. */
  onChange(): void;
  /** One has ended: these lines stay of it, in place of its line. */
  onAnswer(result: string): void;
}

/** An open modal, whatever its values are. */
interface Open {
  readonly line: TypedLine;
  /** Gives what was typed behind its end, and `undefined` while it goes on. */
  feed(text: string): string | undefined;
  cancel(): void;
}

/** The modals of a terminal, one after the other. */
export class Modals {
  readonly #events: ModalEvents;
  #open: Open | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isOver = false;

  constructor(events: ModalEvents) {
    this.#events = events;
  }

  /** Whether keys are for a modal. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** What a terminal shows instead of the line being typed; undefined when no modal is open. */
  get line(): TypedLine | undefined {
    return this.#open?.line;
  }

  /** Shows this one when those before it have ended. Resolves with its value. */
  show<Value>(modal: Modal<Value>): Promise<Value> {
    const value = this.#last.then(() => this.#show(modal));
    this.#last = value.catch(() => {}); // whoever shows it hears of it
    return value;
  }

  /** Takes what was typed while one is open. Gives what is left of it for whoever comes next; usually nothing. */
  feed(text: string): string {
    if (this.#open === undefined) return text;
    const rest = this.#open.feed(text);
    if (rest === undefined) this.#events.onChange();
    return rest ?? "";
  }

  /** Ends the one that is open, if there is one, without a value. */
  cancel(): void {
    this.#open?.cancel();
  }

  /** Nobody can type any more. */
  close(): void {
    this.#isOver = true;
    this.cancel();
  }

  #show<Value>(modal: Modal<Value>): Promise<Value> {
    if (this.#isOver) return Promise.resolve(modal.none);
    const { promise, resolve } = Promise.withResolvers<Value>();
    const end = ({ value, rest = "" }: Ended<Value>): string => {
      this.#open = undefined;
      this.#events.onAnswer(modal.close(value));
      resolve(value);
      return rest;
    };
    const open: Open = {
      get line() {
        return modal.line;
      },
      feed(text) {
        const ended = modal.feed(text);
        return ended && end(ended);
      },
      cancel: () => void end({ value: modal.none }),
    };
    this.#open = open;
    modal.open?.(
      () => this.#open === open && this.#events.onChange(),
      () => this.#open === open && open.cancel(),
    );
    this.#events.onChange();
    return promise;
  }
}
