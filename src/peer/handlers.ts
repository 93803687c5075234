import type { Call } from "./call.ts";
import type { ActionHandler, ActionName, Contract, RequestHandler, RequestName } from "./contract.ts";
import { describeHandler, type HandlerDescription, mergeDescriptions } from "./handler_description.ts";
import { type HandlerEntry, type HandlerOptions, makeEntry } from "./handler_entry.ts";

export type { HandlerEntry, HandlerOptions };

/** What a handler is called with, after the call itself: the arguments of the other side. */
// deno-lint-ignore no-explicit-any -- what comes is for the user to know
export type Handler = (call: Call, ...args: any[]) => unknown;

/**
 * A table of named actions and requests. Every endpoint has one of its own; a table made with `new Handlers()` may
 * be shared by any number of endpoints through their option `handlers`.
 *
 * @typeParam C What the table offers; see `Contract`. Without it any name and any handler will do.
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
export class Handlers<C extends Contract = any> {
  readonly #entries = { action: new Map<string, HandlerEntry>(), request: new Map<string, HandlerEntry>() };

  /**
   * Calls `handler` when the other side sends the action `name`; a handler set before under that name is replaced.
   *
   * @throws {UsageTypeError} the name, the handler or an option is wrong.
   */
  onAction<Name extends ActionName<C>>(
    name: Name,
    handler: ActionHandler<C, Name>,
    options?: HandlerOptions,
  ): void {
    this.#entries.action.set(name, makeEntry("action", name, handler as Handler, options));
  }

  /**
   * Calls `handler` when the other side sends the request `name`, and answers with what it returns or resolves to.
   * When it throws, the other side gets the error `handler_failed` with the message, never the stack.
   *
   * @throws {UsageTypeError} the name, the handler or an option is wrong.
   */
  onRequest<Name extends RequestName<C>>(
    name: Name,
    handler: RequestHandler<C, Name>,
    options?: HandlerOptions,
  ): void {
    this.#entries.request.set(name, makeEntry("request", name, handler as Handler, options));
  }

  /** Forgets the action and the request of that name; true when there was one. */
  remove(name: string): boolean {
    const action = this.#entries.action.delete(name);
    return this.#entries.request.delete(name) || action;
  }

  /** The handler of an action, behind the check of its arguments if it has one. */
  action(name: string): Handler | undefined {
    return this.#entries.action.get(name)?.run;
  }

  /** The handler of a request, behind the check of its arguments if it has one. */
  request(name: string): Handler | undefined {
    return this.#entries.request.get(name)?.run;
  }

  /**
   * All that is known of a registered handler.
   *
   * @internal
   */
  entry(kind: "action" | "request", name: string): HandlerEntry | undefined {
    return this.#entries[kind].get(name);
  }

  /** The names in the table. */
  get names(): { actions: string[]; requests: string[] } {
    return { actions: [...this.#entries.action.keys()], requests: [...this.#entries.request.keys()] };
  }

  /** What is in the table, sorted by kind and then by name. */
  describe(): HandlerDescription[] {
    return mergeDescriptions(
      Object.values(this.#entries).map((map) => [...map.values()].map(describeHandler)),
    );
  }
}
