import type { Client, ParleyError } from "../../mod.ts";
import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import { watchDeadline } from "./deadline.ts";
import type { Journal } from "./journal.ts";
import { nextOperation, type Operation } from "./operation.ts";
import { perform } from "./perform.ts";

/** Keeps a client busy: a number of operations is always under way, and each of them leaves its lines in a journal. */
export class Load {
  readonly #client: Client;
  readonly #plan: LoadPlan;
  readonly #random: SeededRandom;
  readonly #journal: Journal;
  readonly #marks: { count: number; at: number; reached: (count: number) => void }[] = [];
  readonly #workers: Promise<void>[];
  #isStopping = false;
  #started = 0;
  #answered = 0;

  /** Begins at once. */
  constructor(client: Client, plan: LoadPlan, random: SeededRandom, journal: Journal) {
    this.#client = client;
    this.#plan = plan;
    this.#random = random;
    this.#journal = journal;
    this.#workers = Array.from({ length: plan.inFlight }, () => this.#work());
  }

  /** Calls `reached` when `count` more operations were answered. */
  mark(count: number, reached: (count: number) => void): void {
    this.#marks.push({ count, at: this.#answered + count, reached });
  }

  /** Begins nothing new, and waits until everything under way has settled. Resolves with how much there was. */
  async finish(): Promise<{ started: number; answered: number }> {
    this.#isStopping = true;
    await Promise.all(this.#workers);
    return { started: this.#started, answered: this.#answered };
  }

  async #work(): Promise<void> {
    while (!this.#isStopping) {
      await this.#observe(nextOperation(this.#plan, ++this.#started, this.#random));
      // What fails at once must not keep the process from hearing of anything else.
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /** Does one operation and writes down how it went. */
  async #observe(operation: Operation): Promise<void> {
    const { kind, id, timeoutMs } = operation;
    const journal = this.#journal;
    using _watch = watchDeadline(timeoutMs, () => journal.write("O", id, this.#client.state));
    try {
      const mistake = await perform(this.#client, operation, this.#random);
      if (mistake === undefined) journal.write("A", id);
      else journal.write("W", id, mistake);
      if (kind !== "plain") this.#answer(); // a message that was only taken is no sign of life
    } catch (error) {
      const { code, outcome } = error as Partial<ParleyError>;
      // A DOMException has a number as its code.
      journal.write("F", id, typeof code === "string" ? code : (error as Error).name, outcome ?? "none");
    }
  }

  #answer(): void {
    this.#answered++;
    while (this.#marks.length > 0 && this.#marks[0].at <= this.#answered) {
      const { count, reached } = this.#marks.shift()!;
      reached(count);
    }
  }
}

/** What a load is made of. */
export interface LoadPlan {
  /** What the ids of all operations hold: not used by another client of the run. */
  readonly name: string;
  /** How many operations are under way at any time. */
  readonly inFlight: number;
  /** The deadline of those that should never miss it, in milliseconds. */
  readonly longMs: number;
}
