/**
 * Running what was typed, one input after another, in the one global world that all inputs share.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import vm from "node:vm";
import { errorText } from "./error_text.ts";
import { Importer, type StandIns } from "./importer.ts";
import { type Interrupt, Interrupted } from "./interrupt.ts";
import { GlobalNames } from "./global_names.ts";
import { type Position, rewrite, type Rewritten } from "./rewrite.ts";
import { createRuntime, type Run, runtimeName } from "./runtime.ts";
import { Syntax } from "./syntax.ts";

/** What became of one input. */
export type Evaluation = {
  readonly ok: true;
  /** The value of the last statement, itself: a promise is not awaited. `undefined` unless `isExpression`. */
  readonly value: unknown;
  /** Whether the last statement is an expression: `const a = 1` has no value to show, `void 0` has `undefined`. */
  readonly isExpression: boolean;
} | {
  readonly ok: false;
  /** What was thrown; {@linkcode Evaluator.trimStack} makes text of it. */
  readonly error: unknown;
  /** `"syntax"` when nothing of the input ran, `"interrupted"` when Ctrl-C stopped it, else `"runtime"`. */
  readonly kind: "syntax" | "runtime" | "interrupted";
};

/** How to make an {@linkcode Evaluator}. */
export interface EvaluatorOptions {
  /** Where Ctrl-C comes from. The evaluator never clears it: whoever shows that something stopped does. */
  interrupt: Interrupt;
  /** Names that every input can use, such as everything `mod.ts` exports. */
  globals?: Readonly<Record<string, unknown>>;
  /** Modules that stand in for others when typed code imports them, by their resolved specifier. */
  modules?: StandIns;
}

/** How one input is evaluated. */
export interface EvaluateOptions {
  /** The folder that relative imports mean. Default: the working directory. */
  folder?: string;
  /**
   * What stops the wait for this input. Inputs wait for those before them with the same one; another one is for somebody
   * else who types. Default: that of the evaluator, whose flag alone stops loops.
   */
  interrupt?: Interrupt;
}

/** For how many inputs a stack frame can be traced back to the typed column; callbacks may be called much later. */
const maxRememberedInputs = 500;

/**
 * Evaluates typed inputs. What they declare stays for the next ones; what an expression gave is the global `_`
 * until the user makes a `_` of their own. Use one evaluator at a time: they would share `globalThis`.
 */
export class Evaluator {
  readonly #interrupt: Interrupt;
  readonly #names = new GlobalNames();
  readonly #runs = new AsyncLocalStorage<Run>();
  readonly #inputs = new Map<string, Rewritten>();
  readonly #tails = new WeakMap<Interrupt, Promise<unknown>>();
  /** The evaluations under way: one of each who types. */
  readonly #current = new Set<Run>();
  #count = 0;
  #last: { value: unknown } | undefined = { value: undefined };

  constructor({ interrupt, globals = {}, modules }: EvaluatorOptions) {
    this.#interrupt = interrupt;
    this.#names.hide(runtimeName, createRuntime(interrupt, this.#runs, new Importer(modules)));
    for (const [name, value] of Object.entries(globals)) this.#names.define(name, value);
    this.#names.define("_", undefined);
  }

  /**
   * Evaluates one input, after those before it have settled. Top-level `await` is waited for, unless Ctrl-C comes
   * first: then the promise is left to itself, and code of the input does not go on when it settles.
   *
   * @returns What became of it; never rejects.
   */
  evaluate(source: string, options: EvaluateOptions = {}): Promise<Evaluation> {
    const { interrupt = this.#interrupt, folder } = options;
    const before = this.#tails.get(interrupt) ?? Promise.resolve();
    const evaluation = before.then(() => this.#evaluate(source, interrupt, folder));
    this.#tails.set(interrupt, evaluation);
    return evaluation;
  }

  /**
   * The text of an error for the user: the message first, then the frames of typed code (`typed:3:1:7` is line 1,
   * column 7 of the third input) and of the user's files, then one line for each cause.
   */
  trimStack(error: unknown): string {
    return errorText(error, (script, place) => this.#originOf(script, place));
  }

  /** The place in typed code where an error was thrown, such as `typed:3:1:7`; `undefined` when it was elsewhere. */
  placeOf(error: unknown): string | undefined {
    return /\btyped:\d+:\d+:\d+/.exec(this.trimStack(error))?.[0];
  }

  /**
   * Calls `make` as if no input had asked for it: what it starts, such as the callbacks of a link, goes on when Ctrl-C
   * ends the wait for the input.
   */
  detached<Made>(make: () => Made): Made {
    return this.#runs.exit(make);
  }

  /** Aborted when Ctrl-C stops the input that calls this, directly or not; `undefined` outside of any input. */
  get stopSignal(): AbortSignal | undefined {
    return this.#runs.getStore()?.stop.signal;
  }

  /**
   * True in code that the input under way calls when that is one expression: what comes of it is shown as its value. What
   * an earlier input has left behind, such as a timer, is not called by it.
   */
  get givesValue(): boolean {
    const run = this.#runs.getStore();
    return run !== undefined && run.isOneExpression && this.#current.has(run);
  }

  /** Takes back the globals that the evaluator defined. What the user declared stays. */
  dispose(): void {
    this.#names.restore();
  }

  /** The same as {@linkcode Evaluator.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  async #evaluate(source: string, interrupt: Interrupt, folder?: string): Promise<Evaluation> {
    let input: Rewritten, scripts: vm.Script[];
    try {
      input = rewrite(await Syntax.load(), source);
      scripts = this.#compile(input);
    } catch (error) {
      return { ok: false, error, kind: "syntax" };
    }
    const { isOneExpression } = input;
    const run: Run = { stop: new AbortController(), folder, isOneExpression };
    this.#current.add(run);
    try {
      for (const name of input.declared) this.#names.makeDeclarable(name);
      const { value } = await this.#runs.run(run, () => this.#run(scripts, input.isAsync, interrupt));
      this.#remember(input, value);
      return { ok: true, value: input.isExpression ? value : undefined, isExpression: input.isExpression };
    } catch (error) {
      if (error instanceof Interrupted) run.stop.abort(error);
      return { ok: false, error, kind: error instanceof Interrupted ? "interrupted" : "runtime" };
    } finally {
      this.#current.delete(run);
    }
  }

  /** Compiles everything before anything runs: what only V8 refuses must not leave half an input behind. */
  #compile(input: Rewritten): vm.Script[] {
    const name = `typed:${++this.#count}`;
    this.#inputs.set(name, input);
    this.#inputs.delete(`typed:${this.#count - maxRememberedInputs}`);
    const main = new vm.Script(input.code, { filename: name });
    return input.functions ? [new vm.Script(input.functions.code, { filename: `${name}f` }), main] : [main];
  }

  #originOf(script: string, place: Position): Position | null | undefined {
    const input = this.#inputs.get(script.replace(/f$/, ""));
    return (script.endsWith("f") ? input?.functions : input)?.origin(place);
  }

  /** Boxes the value, so that a promise that is the value stays one. */
  async #run(
    scripts: readonly vm.Script[],
    isAsync: boolean,
    interrupt: Interrupt,
  ): Promise<{ value: unknown }> {
    let result: unknown;
    for (const script of scripts) result = interrupt.run(() => script.runInThisContext());
    if (!isAsync) return { value: result };
    const box = await interrupt.race(result as Promise<{ value: unknown } | undefined>);
    return box ?? { value: undefined };
  }

  /** Keeps `_`, until it holds something that was not put there by us. */
  #remember({ declared, isExpression }: Rewritten, value: unknown): void {
    if (declared.includes("_") || !Object.is(Reflect.get(globalThis, "_"), this.#last?.value)) {
      this.#last = undefined;
    }
    if (this.#last === undefined || !isExpression || value === undefined) return;
    this.#last = { value };
    Reflect.set(globalThis, "_", value);
  }
}
