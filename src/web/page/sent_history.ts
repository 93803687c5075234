/** What was sent from the box, to be had back by arrow keys. Bounded. */
export class SentHistory {
  readonly #sent: string[] = [];
  /** Which of them is in the box; as many as there are: none. */
  #at = 0;

  /** Something was sent. */
  push(content: string): void {
    if (content !== "" && this.#sent.at(-1) !== content) this.#sent.push(content);
    if (this.#sent.length > MAX_SENT) this.#sent.shift();
    this.#at = this.#sent.length;
  }

  /** What was sent before (-1) or after (1) that which is in the box; `undefined` when there is nothing. */
  step(step: number): string | undefined {
    const at = this.#at + step;
    if (at < 0 || at > this.#sent.length) return undefined;
    this.#at = at;
    return this.#sent[at] ?? "";
  }
}

const MAX_SENT = 100;
