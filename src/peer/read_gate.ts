/**
 * What may stop the reading: a full inbox, too many callbacks at once, answers that the other side does not read,
 * messages that wait for their turn, a file that the disk is too slow for.
 */
export type Hold = "inbox" | "work" | "answers" | "turn" | "files";

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
    let count = 0;
    for (let bits = this.#holds; bits > 0; bits >>= 1) count += bits & 1;
    return count;
  }

  /** Reads on, whatever has come: somebody waits for an answer now. The disk is not waited for by anybody else. */
  open(): void {
    if (this.#holds === 0) return;
    this.release("inbox");
    this.release("work");
    this.release("answers");
    this.release("turn");
  }
}

const BITS: Readonly<Record<Hold, number>> = Object.freeze({
  inbox: 1,
  work: 2,
  answers: 4,
  turn: 8,
  files: 16,
});
