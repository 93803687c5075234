/** What may stop the reading: a full inbox, too many callbacks at once, answers that the other side does not read. */
export type Hold = "inbox" | "work" | "answers";

/** Stops and resumes the reading of a link for several reasons, each counted once. */
export class ReadGate {
  readonly #link: { hold(): void; release(): void };
  /** One bit for each reason. */
  #holds = 0;

  constructor(link: { hold(): void; release(): void }) {
    this.#link = link;
  }

  hold(why: Hold): void {
    if ((this.#holds & BITS[why]) !== 0) return;
    this.#holds |= BITS[why];
    this.#link.hold();
  }

  release(why: Hold): void {
    if ((this.#holds & BITS[why]) === 0) return;
    this.#holds &= ~BITS[why];
    this.#link.release();
  }

  /** How many reasons there are not to read. */
  get holds(): number {
    return (this.#holds & 1) + (this.#holds >> 1 & 1) + (this.#holds >> 2);
  }

  /** Reads on, whatever has come: somebody waits for an answer now. */
  open(): void {
    if (this.#holds === 0) return;
    this.release("inbox");
    this.release("work");
    this.release("answers");
  }
}

const BITS: Readonly<Record<Hold, number>> = Object.freeze({ inbox: 1, work: 2, answers: 4 });
