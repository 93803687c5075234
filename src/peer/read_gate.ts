/** What may stop the reading: a full inbox, too many callbacks at once, answers that the other side does not read. */
export type Hold = "inbox" | "work" | "answers";

/** Stops and resumes the reading of a link for several reasons, each counted once. */
export class ReadGate {
  readonly #link: { hold(): void; release(): void };
  readonly #holds: Record<Hold, boolean> = { inbox: false, work: false, answers: false };

  constructor(link: { hold(): void; release(): void }) {
    this.#link = link;
  }

  hold(why: Hold): void {
    if (this.#holds[why]) return;
    this.#holds[why] = true;
    this.#link.hold();
  }

  release(why: Hold): void {
    if (!this.#holds[why]) return;
    this.#holds[why] = false;
    this.#link.release();
  }

  /** How many reasons there are not to read. */
  get holds(): number {
    return Number(this.#holds.inbox) + Number(this.#holds.work) + Number(this.#holds.answers);
  }

  /** Reads on, whatever has come: somebody waits for an answer now. */
  open(): void {
    this.release("inbox");
    this.release("work");
    this.release("answers");
  }
}
