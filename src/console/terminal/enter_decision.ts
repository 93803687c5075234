/** Whether Enter ends an input or begins another line of it. The answer may take its time: it counts if nothing changed. */
export class EnterDecision {
  readonly #isComplete: (text: string) => boolean | Promise<boolean>;
  /** Grows whenever the answer that is waited for is no longer of interest. */
  #generation = 0;
  #isPending = false;

  constructor(isComplete: (text: string) => boolean | Promise<boolean>) {
    this.#isComplete = isComplete;
  }

  /** True between Enter and an answer that is not there at once. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** The answer that is waited for is no longer of interest. */
  forget(): void {
    this.#generation++;
    this.#isPending = false;
  }

  /** Calls `decide` with the answer, at once or later; in that case `onLate` as well, also when nobody cares any more. */
  ask(text: string, decide: (isComplete: boolean) => void, onLate: () => void): void {
    const generation = ++this.#generation;
    const settle = (isComplete: boolean) => {
      if (generation !== this.#generation) return;
      this.#isPending = false;
      decide(isComplete);
    };
    const answer = text.trim() === "" || this.#judge(text);
    if (typeof answer === "boolean") return settle(answer);
    this.#isPending = true;
    answer.catch(() => true).then((isComplete) => {
      settle(isComplete);
      onLate();
    });
  }

  /** What cannot even be judged is handed over: whoever evaluates it says what is wrong with it. */
  #judge(text: string): boolean | Promise<boolean> {
    try {
      return this.#isComplete(text);
    } catch {
      return true;
    }
  }
}
