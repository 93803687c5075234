import type { Answer, AnswersBegun } from "../../mod.ts";
import { AnswerColumns, answersLine } from "../show/answers.ts";
import { Interrupted } from "./evaluator/interrupt.ts";
import type { ShellScreen } from "./shell_screen.ts";

/** What {@linkcode LiveAnswers} needs of the console around it. */
export interface LiveAnswersOptions {
  /** Prints lines for whoever has typed the input that runs; `undefined` for one that only wants the table. */
  printer(): { readonly colors: boolean; print(text: string): void } | undefined;
  /** Aborted when Ctrl-C stops the input that runs; `undefined` outside of any. */
  stopSignal(): AbortSignal | undefined;
}

/**
 * Answers of many peers to what was typed, each shown as it comes. The table that comes of them is not shown once more as
 * the value of the same input. Ctrl-C calls off what has no answer yet.
 */
export class LiveAnswers {
  readonly #options: LiveAnswersOptions;
  /** Tables of the input that runs, all rows of which were shown. */
  #shown = new WeakSet<object>();

  constructor(options: LiveAnswersOptions) {
    this.#options = options;
    globalThis.addEventListener("parley:answers", this.#begun);
  }

  /** An input begins: what an earlier one has shown may be shown again. */
  forget(): void {
    this.#shown = new WeakSet();
  }

  /** The same screen, but for tables that are on it already. */
  around(screen: ShellScreen): ShellScreen {
    return {
      ...screen,
      result: (value, roundTrip) => {
        if (typeof value === "object" && value !== null && this.#shown.delete(value)) return;
        screen.result(value, roundTrip);
      },
    };
  }

  /** Shows no more. */
  close(): void {
    globalThis.removeEventListener("parley:answers", this.#begun);
  }

  readonly #begun = (event: Event): void => {
    const stopSignal = this.#options.stopSignal();
    if (stopSignal === undefined) return; // a callback has asked, and nobody waits for its answers here
    const { what, names, answers, watch, stop } = (event as CustomEvent<AnswersBegun>).detail;
    const printer = this.#options.printer();
    const shown = this.#shown;
    let isStopped = false;
    stopSignal.addEventListener("abort", () => {
      isStopped = true;
      stop(new Interrupted());
    }, { once: true });
    if (printer === undefined || names.length === 0) return;
    const columns = new AnswerColumns(names, printer.colors);
    watch((answer: Answer) => {
      if (!isStopped) printer.print(columns.line(answer));
    });
    answers.then((table) => {
      if (isStopped) return;
      printer.print(answersLine(what, table.rows));
      shown.add(table);
    }, () => {}); // who awaits it gets the error
  };
}
