import { UsageTypeError } from "../errors.ts";
import { type ArgumentCheck, argumentCheck, type CheckedArguments } from "./argument_check.ts";
import { isPromiseLike } from "./callbacks.ts";
import type { Handler } from "./handlers.ts";
import { checkOptions } from "./options.ts";
import { parameterNames } from "./parameter_names.ts";
import { isSchema, type StandardSchema } from "./schema.ts";

/** What may be said about a handler when it is registered. */
export interface HandlerOptions {
  /** What it does, for those who ask with `describe`. */
  readonly description?: string;
  /** The names of its arguments, for `describe` and for messages. Default: as the function has them. */
  readonly parameters?: readonly string[];
  /**
   * Checks the arguments before the handler is called, which then gets what the schema made of them: one schema for
   * the whole list of arguments, or a list with one for each; more arguments than that are refused. Any library
   * that speaks Standard Schema will do, such as valibot or zod. A call that is not right fails with `bad_args` and
   * the name of the field.
   */
  readonly args?: StandardSchema | readonly StandardSchema[];
  /** Checks the named arguments, an empty object when there are none, in the same way. */
  readonly kwargs?: StandardSchema;
}

/** What is registered under a name. */
export interface HandlerEntry {
  /** What it is called by. */
  readonly name: string;
  /** Whether it answers. */
  readonly kind: "action" | "request";
  /** The function as it was given. */
  readonly handler: Handler;
  /** What was said about it. */
  readonly options: HandlerOptions;
  /** The check of the arguments; only there when schemas were given. */
  readonly check?: ArgumentCheck;
  /** What to call: the handler itself, or behind its check. */
  readonly run: Handler;
}

/** The option names of `onAction` and `onRequest`. */
const HANDLER_OPTIONS = ["description", "parameters", "args", "kwargs"] as const;

/** What is kept of a handler and its options. @throws {UsageTypeError} one of them is wrong. */
export function makeEntry(
  kind: "action" | "request",
  name: string,
  handler: Handler,
  options: HandlerOptions | undefined,
): HandlerEntry {
  const where = kind === "action" ? "onAction()" : "onRequest()";
  checkHandler(where, name, handler);
  checkOptions(where, options, HANDLER_OPTIONS);
  const kept = keptOptions(where, name, options ?? {});
  const check = argumentCheck(kept, () => kept.parameters ?? parameterNames(handler));
  return {
    name,
    kind,
    handler,
    options: kept,
    check,
    run: check === undefined ? handler : checked(handler, check),
  };
}

/** The handler behind its check: the two cannot be called apart by mistake. */
function checked(handler: Handler, check: ArgumentCheck): Handler {
  return (call, ...given) => {
    const run = ({ args, kwargs }: CheckedArguments) => {
      Object.defineProperty(call, "kwargs", { value: kwargs, enumerable: true });
      return handler(call, ...args);
    };
    const result = check(given, call.kwargs);
    return isPromiseLike(result) ? result.then(run) : run(result);
  };
}

function checkHandler(where: string, name: unknown, handler: unknown): void {
  if (typeof name !== "string" || name === "") {
    throw new UsageTypeError(`Cannot use ${JSON.stringify(name)} as a name in ${where}: a text is wanted`);
  }
  if (typeof handler !== "function") {
    throw new UsageTypeError(
      `Cannot register ${handler === null ? "null" : typeof handler} as handler of "${name}" in ${where}: ` +
        `a function (call, ...args) is wanted`,
    );
  }
}

/** A copy, so that a later change of what the user holds changes nothing here. @throws {UsageTypeError} */
function keptOptions(where: string, name: string, options: HandlerOptions): HandlerOptions {
  const { description, parameters, args, kwargs } = options;
  const refuse = (option: string, wanted: string): never => {
    throw new UsageTypeError(`Cannot use "${option}" of "${name}" in ${where}: ${wanted} is wanted`);
  };
  if (description !== undefined && typeof description !== "string") refuse("description", "a text");
  if (parameters !== undefined && !isListOf(parameters, (one) => typeof one === "string" && one !== "")) {
    refuse("parameters", `a list of names such as ["unit"]`);
  }
  if (args !== undefined && !isSchema(args) && !isListOf(args, isSchema)) {
    refuse(
      "args",
      "a schema (valibot, zod, any Standard Schema) for the list of arguments, or a list of one for each",
    );
  }
  if (kwargs !== undefined && !isSchema(kwargs)) {
    refuse("kwargs", "a schema (valibot, zod, any Standard Schema)");
  }
  return {
    description,
    parameters: parameters && [...parameters],
    args: Array.isArray(args) ? [...args] : args,
    kwargs,
  };
}

function isListOf(value: unknown, isOne: (value: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}
