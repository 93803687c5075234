import { UsageTypeError } from "../errors.ts";
import { checkLine } from "../show/check_line.ts";
import { showError } from "../show/error.ts";
import { CheckError } from "./check_error.ts";
import * as matchers from "./matchers.ts";
import { inOneLine, type Matcher, type Verdict } from "./verdict.ts";

/** How a value is checked. */
export interface CheckOptions {
  /** Stands before the sentence, to tell one check from another. */
  readonly label?: string;
  /** Throw a {@linkcode CheckError} when it does not hold, and print and count nothing. Default false. */
  readonly throws?: boolean;
}

/** What the event `"parley:check"` carries: what became of one check. */
export interface CheckOutcome {
  /** Whether it holds. */
  readonly ok: boolean;
  /** What was given to tell it from others. */
  readonly label?: string;
  /** The sentence, in one line without control characters: `5.01 is within 0.05 of 5`. */
  readonly text: string;
  /** The value that was checked. */
  readonly value: unknown;
}

/** What a check gives back: nothing, and for a promise that was checked a promise of nothing. */
export type Checked<Value> = Value extends PromiseLike<unknown> ? Promise<void> : void;

/** A value about to be checked: what {@linkcode check} gives. */
export class Check<Value> {
  readonly #value: Value;
  readonly #options: CheckOptions;

  /** Made by {@linkcode check}. */
  constructor(value: Value, options: CheckOptions) {
    this.#value = value;
    this.#options = options;
  }

  /** It is deeply equal to `expected`: numbers, text, bytes, lists, objects, maps, sets, dates. */
  equals(expected: unknown): Checked<Value> {
    return this.#judge(matchers.equals(expected));
  }

  /**
   * It is a number, or the text of one, at most `tolerance` away from `expected`: `near(5, 0.05)` is 4.95 to 5.05.
   *
   * @throws {UsageTypeError} {@linkcode UsageRangeError} code `usage`: one of them is no number, or the tolerance below 0.
   */
  near(expected: number, tolerance: number): Checked<Value> {
    return this.#judge(matchers.near(expected, tolerance));
  }

  /**
   * It is a number, or the text of one, from `low` to `high`, both included: `within(4.9, 5.1)`. For a value and a
   * tolerance there is {@linkcode near}.
   *
   * @throws {UsageTypeError} code `usage`: one of them is no number.
   * @throws {UsageRangeError} code `usage`: `low` is above `high`, as in `within(5, 0.1)`, which was meant for `near`.
   */
  within(low: number, high: number): Checked<Value> {
    return this.#judge(matchers.within(low, high));
  }

  /**
   * It is text in which the pattern is found.
   *
   * @throws {UsageTypeError} code `usage`: `pattern` is no regular expression.
   */
  matches(pattern: RegExp): Checked<Value> {
    return this.#judge(matchers.matches(pattern));
  }

  /** It is text with this part in it, a list or a set with an equal item, or bytes with these bytes in a row. */
  includes(part: unknown): Checked<Value> {
    return this.#judge(matchers.includes(part));
  }

  /**
   * The function returns something true for it: for all that the others cannot say.
   *
   * @throws {UsageTypeError} code `usage`: `test` is no function, or an asynchronous one. @throws what it throws.
   */
  satisfies(test: (value: Awaited<Value>) => unknown): Checked<Value> {
    return this.#judge(matchers.satisfies(test as (value: unknown) => unknown));
  }

  /**
   * It is a promise that rejects, with this `code` if one is given: `await check(c.request("nope")).fails("not_found")`.
   *
   * @throws {UsageTypeError} code `usage`: it is no promise.
   */
  async fails(code?: string): Promise<void> {
    const value: unknown = this.#value;
    if (!isPromiseLike(value)) {
      throw new UsageTypeError(
        `Cannot check fails(): ${inOneLine(value)} is no promise; leave out the await inside of check( )`,
      );
    }
    const wanted = code === undefined ? "" : ` with ${inOneLine(code)}`;
    try {
      const given = await value;
      this.#tell({ ok: false, text: `it gave ${inOneLine(given)} and does not fail${wanted}` }, given);
    } catch (error) {
      const ok = code === undefined || (error as { code?: unknown } | null)?.code === code;
      const shown = error instanceof Error ? showError(error, false).split("\n")[0] : inOneLine(error);
      this.#tell({ ok, text: `it ${ok ? "fails" : "does not fail"}${wanted}: ${shown}` }, error);
    }
  }

  /** How the console shows a check that was not told what to look for. */
  [Symbol.for("Deno.customInspect")](): string {
    return "Check { say what it has to be: .equals .near .within .matches .includes .satisfies .fails }";
  }

  #judge(matcher: Matcher): Checked<Value> {
    const value: unknown = this.#value;
    const done = isPromiseLike(value)
      ? Promise.resolve(value).then((each) => this.#tell(matcher(each), each))
      : this.#tell(matcher(value), value);
    return done as Checked<Value>;
  }

  #tell({ ok, text }: Verdict, value: unknown): void {
    const { label, throws } = this.#options;
    if (throws === true) {
      if (ok) return;
      throw new CheckError(label === undefined ? text : `${label}: ${text}`, value);
    }
    const detail: CheckOutcome = { ok, label, text, value };
    if (!globalThis.dispatchEvent(new CustomEvent("parley:check", { detail, cancelable: true }))) return;
    const colors = Deno.stdout.isTerminal() && !Deno.noColor;
    // deno-lint-ignore no-console -- printing is what it is for
    console.log(checkLine(detail, colors));
    if (!ok && Deno.exitCode === 0) Deno.exitCode = FAILED;
  }
}

/** The exit code of a program in which a check has failed, and nothing worse has happened. */
const FAILED = 6;

/**
 * Checks a value, or what a promise becomes, and prints one line that says whether it holds: at the prompt, in a script
 * and in tests. It does not throw: what follows goes on, and the exit code is 6 in the end if nothing worse happens.
 *
 * A promise that rejects rejects the check too: an instrument that does not answer is no wrong value, but a
 * {@linkcode TimeoutError}. In `Deno.test` a check that does not hold fails the test, by the exit code that it sets;
 * other test runners want `{ throws: true }`. A program that prints and counts by itself, as the console does, listens
 * to the global event `"parley:check"` ({@linkcode CheckOutcome}) and calls its `preventDefault()`: then the check neither
 * prints nor sets the exit code.
 *
 * @param options A label, or more.
 *
 * @example
 * ```ts
 * import { check } from "@parley/parley";
 *
 * check(5.01).near(5, 0.05); // ok      5.01 is within 0.05 of 5
 * check(5.01).within(4.9, 5.1); // ok      5.01 is from 4.9 to 5.1
 * check("KORAD KD3305P V4.2", "identity").matches(/^KORAD/);
 * check({ bat: 18, state: "ok" }).equals({ bat: 18, state: "ok" });
 * await check(Promise.resolve("+5.010E+00")).near(5, 0.05); // what `psu.ask("VOLT?")` gives
 * ```
 */
export function check<Value>(value: Value, options: string | CheckOptions = {}): Check<Value> {
  const { label, throws } = typeof options === "string" ? { label: options, throws: false } : options;
  if (label !== undefined && typeof label !== "string") {
    throw new UsageTypeError(`Cannot check: the label is ${inOneLine(label)}, and has to be text`);
  }
  return new Check(value, { label, throws });
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}
