import { Choice } from "./choice.ts";
import { Confirm } from "./confirm.ts";
import { Modals } from "./modals.ts";
import { SecretLine } from "./secret_line.ts";

/** Modals that ask something, each when the questions before it are answered. */
export class Questions extends Modals {
  /** Asks which of these it is to be. Resolves with its index, null for none. */
  ask(question: string, options: readonly string[]): Promise<number | null> {
    return this.show(new Choice(question, options));
  }

  /** Asks whether it is to be. */
  confirm(question: string): Promise<boolean> {
    return this.show(new Confirm(question));
  }

  /** Asks for a text that is not shown. Resolves with `undefined` when it is not given. */
  askSecret(question: string): Promise<string | undefined> {
    return this.show(new SecretLine(question));
  }
}
