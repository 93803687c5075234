import { UsageTypeError } from "../errors.ts";
import type { Call } from "./call.ts";

/** What a handler is called with, after the call itself: the arguments of the other side. */
// deno-lint-ignore no-explicit-any -- what comes is for the user to know
export type Handler = (call: Call, ...args: any[]) => unknown;

/**
 * A table of named actions and requests. Every endpoint has one of its own; a table made with `new Handlers()` may
 * be shared by any number of endpoints through their option `handlers`.
 *
 * @example
 * ```ts
 * import { connect, Handlers, listen } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const handlers = new Handlers();
 * handlers.onRequest("add", (_call, a: number, b: number) => a + b);
 *
 * await using server = await listen("memory://sums", { handlers });
 * await using client = await connect("memory://sums");
 * assert.equal(await client.request("add", [1, 2]), 3);
 * ```
 */
export class Handlers {
  readonly #actions = new Map<string, Handler>();
  readonly #requests = new Map<string, Handler>();

  /** Calls `handler` when the other side sends the action `name`; a handler set before under that name is replaced. */
  onAction(name: string, handler: Handler): void {
    check("onAction", name, handler);
    this.#actions.set(name, handler);
  }

  /**
   * Calls `handler` when the other side sends the request `name`, and answers with what it returns or resolves to.
   * When it throws, the other side gets the error `handler_failed` with the message, never the stack.
   */
  onRequest(name: string, handler: Handler): void {
    check("onRequest", name, handler);
    this.#requests.set(name, handler);
  }

  /** Forgets the action and the request of that name; true when there was one. */
  remove(name: string): boolean {
    const action = this.#actions.delete(name);
    return this.#requests.delete(name) || action;
  }

  /** The handler of an action. */
  action(name: string): Handler | undefined {
    return this.#actions.get(name);
  }

  /** The handler of a request. */
  request(name: string): Handler | undefined {
    return this.#requests.get(name);
  }

  /** The names in the table. */
  get names(): { actions: string[]; requests: string[] } {
    return { actions: [...this.#actions.keys()], requests: [...this.#requests.keys()] };
  }
}

function check(method: string, name: unknown, handler: unknown): void {
  if (typeof name !== "string" || name === "") {
    throw new UsageTypeError(`Cannot use ${JSON.stringify(name)} as a name in ${method}(): a text is wanted`);
  }
  if (typeof handler !== "function") {
    throw new UsageTypeError(
      `Cannot register ${
        handler === null ? "null" : typeof handler
      } as handler of "${name}" in ${method}(): ` +
        `a function (call, ...args) is wanted`,
    );
  }
}
