/**
 * What rewritten code calls while it runs: the only name that the rewriting adds to the user's world.
 *
 * @module
 */
import type { AsyncLocalStorage } from "node:async_hooks";
import { pathToFileURL } from "node:url";
import type { Importer } from "./importer.ts";
import { type Interrupt, Interrupted } from "./interrupt.ts";

/** The global name under which rewritten code finds its {@linkcode Runtime}. */
export const runtimeName = "__parley";

/** One evaluation, as everything that it calls or starts can see it. */
export interface Run {
  /** Aborted once Ctrl-C ended the wait for this evaluation: its `await`s must not go on then. */
  readonly stop: AbortController;
  /** The folder that relative imports mean; by default the working directory. */
  readonly folder?: string;
  /** Whether the input is one expression, so that what comes of it is shown as its value. */
  readonly isOneExpression: boolean;
}

/** The functions that the rewriting inserts calls to. */
export interface Runtime {
  /** At every loop head and function entry. @throws {Interrupted} While Ctrl-C is pending. */
  check(): void;
  /** Around every `await`. @throws {Interrupted} Also when the evaluation was given up meanwhile. */
  alive<Value>(value: Value): Value;
  /** Instead of every `import`. */
  import(specifier: unknown, options?: ImportCallOptions): Promise<unknown>;
  /** Instead of `import.meta`: typed code is the main module of its folder. */
  meta(): Pick<ImportMeta, "url" | "dirname" | "main" | "resolve">;
}

/** Makes the runtime for one console. */
export function createRuntime(
  interrupt: Interrupt,
  runs: AsyncLocalStorage<Run>,
  importer: Importer,
): Runtime {
  const { flag } = interrupt;
  const check = (): void => {
    if (flag[0] !== 0) throw new Interrupted();
  };
  return Object.freeze({
    check,
    alive<Value>(value: Value): Value {
      check();
      if (runs.getStore()?.stop.signal.aborted) throw new Interrupted();
      return value;
    },
    import: (specifier: unknown, options?: ImportCallOptions) =>
      importer.import(String(specifier), options, runs.getStore()?.folder),
    meta: () => {
      const dirname = runs.getStore()?.folder ?? Deno.cwd();
      const { href: url } = pathToFileURL(`${dirname}/`);
      return { url, dirname, main: true, resolve: (specifier: string) => new URL(specifier, url).href };
    },
  });
}
