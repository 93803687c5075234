import type { CheckOutcome } from "../../mod.ts";

/** Where a {@linkcode ScriptReport} writes. */
export interface ReportScreen {
  /** What became of a check. */
  check(outcome: CheckOutcome): void;
  /** A value that `show()` was called with. */
  show(value: unknown): void;
}

/** What scripts say by `check()` and `show()`, wherever in this program: written in one way, and counted. */
export class ScriptReport {
  readonly #screen: ReportScreen;
  #held = 0;
  #failed = 0;

  constructor(screen: ReportScreen) {
    this.#screen = screen;
  }

  /** Hears of it until {@linkcode ScriptReport.close}. */
  listen(): void {
    globalThis.addEventListener("parley:check", this.#onCheck);
    globalThis.addEventListener("parley:show", this.#onShow);
  }

  /** Hears of nothing more. */
  close(): void {
    globalThis.removeEventListener("parley:check", this.#onCheck);
    globalThis.removeEventListener("parley:show", this.#onShow);
  }

  /** How many checks did not hold. */
  get failed(): number {
    return this.#failed;
  }

  /** `12 ok, 1 not ok`; `undefined` when nothing was checked. */
  get summary(): string | undefined {
    if (this.#held + this.#failed === 0) return undefined;
    return `${this.#held} ok, ${this.#failed} not ok`;
  }

  readonly #onCheck = (event: Event): void => {
    event.preventDefault();
    const { detail } = event as CustomEvent<CheckOutcome>;
    if (detail.ok) this.#held++;
    else this.#failed++;
    this.#screen.check(detail);
  };

  readonly #onShow = (event: Event): void => {
    event.preventDefault();
    this.#screen.show((event as CustomEvent<unknown>).detail);
  };
}
