import { Choice } from "./choice.ts";
import { Modals } from "./modals.ts";

/** Modals that ask something. */
export class Questions extends Modals {
  /** Asks which of these it is to be, when the questions before it are answered. Resolves with its index, null for none. */
  ask(question: string, options: readonly string[]): Promise<number | null> {
    return this.show(new Choice(question, options));
  }
}
