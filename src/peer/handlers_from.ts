/**
 * Handlers out of the functions that a module exports.
 *
 * @module
 */
import { BrokenError, UsageTypeError } from "../errors.ts";
import { type Handler, Handlers } from "./handlers.ts";
import { allParameterNames } from "./parameter_names.ts";

/**
 * Makes a table of handlers out of a module: every function that it exports answers requests of its name and obeys
 * actions of its name, and `describe` lists it as both. So functions that were tried at the prompt go into a file, and
 * any number of endpoints, of any dialect, serve them:
 * `listen(address, { handlers: await handlersFrom("./scale.ts") })`.
 *
 * - **Arguments.** A function is called with what the other side gave: `add(a, b)`. One whose first parameter is named
 *   `call` or `_call` gets the call before that, as handlers do: `weigh(call, unit)` with `call.peer`, `call.signal`,
 *   `call.kwargs`.
 * - **Answers.** What it returns or resolves to. A generator function answers part by part, and is no action.
 * - **Which.** Named exports, and the functions of a default export that is an object, with that as `this`; a function
 *   as the default export goes by its own name. One with two names answers to both. Names that begin with `_`, classes
 *   and everything that is no function are left out.
 *
 * What is in the file is all that the other side can call: export nothing that it should not.
 *
 * @param module A module, `handlersFrom(await import("./scale.ts"))`, or any object with functions.
 * @throws {UsageTypeError} code `usage`: there is no function in it, or two have the same name.
 *
 * @example
 * ```ts
 * import { connect, handlersFrom, listen } from "@parley/parley";
 * import type { Call } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const handlers = handlersFrom({ // or: await handlersFrom("./scale.ts")
 *   add: (a: number, b: number) => a + b,
 *   greet: (call: Call, name: string) => `${name} from ${call.peer.address}`,
 * });
 * await using _server = await listen("memory://sums", { handlers });
 * await using client = await connect("memory://sums");
 * assert.equal(await client.request("add", [1, 2]), 3);
 * ```
 */
export function handlersFrom(module: object): Handlers;
/**
 * The same with a file: a path, relative to the working directory, or a URL. It is imported, which needs the permission
 * to read it, and runs what is at its top level.
 *
 * @throws {BrokenError} code `no_such_path`: there is no such file. @throws whatever it throws when it is imported.
 */
export function handlersFrom(file: string | URL | Promise<object>): Promise<Handlers>;
export function handlersFrom(from: unknown): Handlers | Promise<Handlers> {
  if (typeof from === "string" || from instanceof URL) return load(from);
  if (from instanceof Promise) return from.then((module) => tableOf(module, "the module"));
  return tableOf(from, "the module");
}

async function load(file: string | URL): Promise<Handlers> {
  if (file === "") throw new UsageTypeError('Cannot make handlers of "": the path of a module is wanted');
  // More than one letter: `C:` is a drive.
  const isUrl = file instanceof URL || /^[a-z][a-z\d+.-]+:/i.test(file);
  const url = isUrl ? `${file}` : (await import("node:url")).pathToFileURL(file).href;
  let module: object;
  try {
    module = await import(url);
  } catch (error) {
    // A module that it imports in turn may be missing as well: that error names the place.
    if (!String((error as Error)?.message).startsWith(`Module not found "${url}"`)) throw error;
    const text = `Cannot make handlers of ${file}: there is no such file (${url})`;
    throw new BrokenError("no_such_path", text, { cause: error });
  }
  return tableOf(module, `${file}`);
}

// deno-lint-ignore no-explicit-any -- what comes is for the user to know
type AnyFunction = (...args: any[]) => unknown;

function tableOf(module: unknown, source: string): Handlers {
  if (typeof module !== "object" || module === null) {
    throw new UsageTypeError(
      `Cannot make handlers of ${
        module === null ? "null" : `a ${typeof module}`
      }: a module, its path, or an ` +
        `object with functions is wanted`,
    );
  }
  if (module instanceof Handlers) {
    throw new UsageTypeError(
      "Cannot make handlers of Handlers: give them to the option handlers as they are",
    );
  }
  const handlers = new Handlers();
  const { default: main, ...named } = module as { default?: unknown };
  const taken = new Map<string, unknown>();
  const add = (owner: object, functions: object) => {
    for (const [name, run] of Object.entries(functions)) {
      if (!isCallable(run) || name.startsWith("_") || name === COMMON_JS || taken.get(name) === run) continue;
      if (taken.has(name)) {
        throw new UsageTypeError(`Cannot make handlers of ${source}: it has two functions named "${name}"`);
      }
      taken.set(name, run);
      register(handlers, name, run, owner);
    }
  };
  add(module, named);
  if (typeof main === "object" && main !== null) add(main, main);
  else if (isCallable(main)) add(module, { [nameOf(main, source)]: main });
  if (taken.size > 0) return handlers;
  const names = Object.keys(module);
  const there = names.length === 0 ? "it exports nothing" : `nothing to be called among ${names.join(", ")}`;
  throw new UsageTypeError(
    `Cannot make handlers of ${source}: ${there}; export function add(a, b) { … } makes one`,
  );
}

/** @throws {UsageTypeError} code `usage`: the default export has no name. */
function nameOf(main: AnyFunction, source: string): string {
  if (main.name !== "" && main.name !== "default") return main.name;
  throw new UsageTypeError(
    `Cannot make a handler of the default export of ${source}: it has no name; export function add(a, b) { … } has`,
  );
}

function register(handlers: Handlers, name: string, run: AnyFunction, owner: object): void {
  const names = allParameterNames(run);
  const takesCall = names[0] === "call" || names[0] === "_call";
  const handler: Handler = takesCall
    ? (call, ...args) => run.call(owner, call, ...args)
    : (_call, ...args) => run.apply(owner, args);
  const options = { parameters: takesCall ? names.slice(1) : names };
  handlers.onRequest(name, handler, options);
  if (!GENERATORS.test(Object.prototype.toString.call(run))) handlers.onAction(name, handler, options);
}

/** A function that is no class: a class cannot be called. */
function isCallable(value: unknown): value is AnyFunction {
  return typeof value === "function" && !/^class\b/.test(Function.prototype.toString.call(value));
}

/** What Deno calls the default export of a CommonJS module as well. */
const COMMON_JS = "module.exports";

const GENERATORS = /GeneratorFunction\]$/;
