import vm from "node:vm";

/**
 * Tests texts of a peer against a regular expression of the user, for so long and not longer: one such as `/(a+)+$/`
 * would stand still for years on the wrong text, and nothing else in the program would run.
 */
export class PatternWatchdog {
  readonly #room: { pattern?: RegExp; texts?: readonly string[] } = {};
  #script: vm.Script | undefined;

  /** Whether each text matches; `undefined` when that has taken longer than `maxMs`. */
  test(pattern: RegExp, texts: readonly string[], maxMs: number): boolean[] | undefined {
    if (this.#script === undefined) {
      this.#script = new vm.Script(
        "texts.map((text) => { pattern.lastIndex = 0; return pattern.test(text); })",
      );
      vm.createContext(this.#room);
    }
    this.#room.pattern = pattern;
    this.#room.texts = texts;
    try {
      return this.#script.runInContext(this.#room, { timeout: maxMs }) as boolean[];
    } catch (error) {
      if ((error as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return undefined;
      throw error;
    } finally {
      this.#room.texts = [];
    }
  }
}
