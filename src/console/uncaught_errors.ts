import type { Peer } from "../../mod.ts";
import { showError } from "../show/error.ts";
import { escapeText } from "../show/escape.ts";
import type { Evaluator } from "./evaluator/evaluator.ts";
import { type Interrupt, Interrupted } from "./evaluator/interrupt.ts";

/** What {@linkcode UncaughtErrors} need of the console. */
export interface UncaughtParts {
  readonly interrupt: Interrupt;
  readonly evaluator: Pick<Evaluator, "trimStack" | "placeOf">;
  print(text: string): void;
}

/** Errors that nobody caught: they are shown, and end nothing. */
export class UncaughtErrors {
  readonly #parts: UncaughtParts;

  /** From now on they are shown. */
  constructor(parts: UncaughtParts) {
    this.#parts = parts;
    globalThis.addEventListener("unhandledrejection", this.#onRejection);
    globalThis.addEventListener("error", this.#onError);
    globalThis.addEventListener("parley:fail", this.#onFail);
  }

  /** From now on they end the program again. */
  close(): void {
    globalThis.removeEventListener("unhandledrejection", this.#onRejection);
    globalThis.removeEventListener("error", this.#onError);
    globalThis.removeEventListener("parley:fail", this.#onFail);
  }

  readonly #onRejection = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    this.#show("Not awaited, and failed", event.reason);
  };

  readonly #onError = (event: ErrorEvent): void => {
    event.preventDefault();
    this.#show("Uncaught", event.error);
  };

  /** A link that was not made at the prompt, such as one of a script that was run, has no `onFail`. */
  readonly #onFail = (event: Event): void => {
    const { error, peer } = (event as CustomEvent<{ error: Error; peer?: Peer }>).detail;
    this.#parts.print(`${escapeText(peer?.address ?? "link")} ! ${showError(error, false)}`);
  };

  #show(how: string, error: unknown): void {
    if (!(error instanceof Interrupted)) {
      return this.#parts.print(`${how}: ${this.#parts.evaluator.trimStack(error)}`);
    }
    this.#parts.interrupt.clear(); // Ctrl-C has found what it was meant for
    this.#parts.print(`Callback stopped (${this.#parts.evaluator.placeOf(error) ?? "not typed here"})`);
  }
}
