import { SecretMask, type SecretQuestion, type SecretValue } from "../../mod.ts";

/**
 * The secrets that this program holds, so that none of them is written: what goes to the screen, a file or another
 * program passes `mask` on its way, bytes pass `maskBytes`.
 */
export class SecretBook extends SecretMask {
  readonly #ask: ((name: string) => Promise<string | undefined>) | undefined;

  /** @param ask Asks for a secret that is not in the environment; left out where nobody can be asked. */
  constructor(ask?: (name: string) => Promise<string | undefined>) {
    super();
    this.#ask = ask;
  }

  /** Hears of secrets, and asks for them, until {@linkcode SecretBook.close}. */
  listen(): void {
    globalThis.addEventListener("parley:secret", this.#onSecret);
    if (this.#ask !== undefined) globalThis.addEventListener("parley:ask-secret", this.#onQuestion);
  }

  /** Hears of no more. What it knows stays masked. */
  close(): void {
    globalThis.removeEventListener("parley:secret", this.#onSecret);
    globalThis.removeEventListener("parley:ask-secret", this.#onQuestion);
  }

  readonly #onSecret = (event: Event): void => {
    const { name, value } = (event as CustomEvent<SecretValue>).detail;
    this.add(name, value);
  };

  readonly #onQuestion = (event: Event): void => {
    const { name, answer } = (event as CustomEvent<SecretQuestion>).detail;
    answer(this.#answer(name));
  };

  /** Asked once in a session. */
  async #answer(name: string): Promise<string | undefined> {
    return this.current(name) ?? await this.#ask?.(name);
  }
}
