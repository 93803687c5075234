/** Ctrl-R: looking for an earlier input by a part of it. */

/** One search through the history, from the newest entry backwards. Pure. */
export class ReverseSearch {
  readonly #entries: readonly string[];
  #query = "";
  #index: number;
  #failed = false;

  /** Begin a search; `entries` are oldest first. */
  constructor(entries: readonly string[]) {
    this.#entries = entries;
    this.#index = entries.length;
  }

  /** What is looked for. */
  get query(): string {
    return this.#query;
  }

  /** The entry found, or undefined before anything was found. The last one stays when a longer query finds none. */
  get match(): string | undefined {
    return this.#entries[this.#index];
  }

  /** Where in the match the query stands. */
  get offset(): number {
    return Math.max(0, this.match?.lastIndexOf(this.#query) ?? 0);
  }

  /** What stands in place of the prompt while searching. */
  get prompt(): string {
    return `(${this.#failed ? "nothing found" : "search"}) ${this.#query}: `;
  }

  /** Look for a longer query, from the entry found so far on. */
  type(text: string): void {
    this.#query += text;
    this.#find(Math.min(this.#index, this.#entries.length - 1), -1);
  }

  /** Take the last character of the query back and look again from the newest entry. */
  backspace(): void {
    this.#query = [...this.#query].slice(0, -1).join("");
    this.#index = this.#entries.length;
    this.#failed = false;
    if (this.#query !== "") this.#find(this.#entries.length - 1, -1);
  }

  /** Go on to the next older entry that holds the query, another text than the one shown. */
  older(): void {
    if (this.#query !== "") this.#find(this.#index - 1, -1);
  }

  /** Go back to the next newer one. */
  newer(): void {
    if (this.#query !== "") this.#find(this.#index + 1, 1);
  }

  #find(from: number, step: -1 | 1): void {
    const shown = from === this.#index ? undefined : this.match;
    for (let index = from; index >= 0 && index < this.#entries.length; index += step) {
      const entry = this.#entries[index];
      if (entry === shown || !entry.includes(this.#query)) continue;
      this.#index = index;
      this.#failed = false;
      return;
    }
    this.#failed = true;
  }
}
