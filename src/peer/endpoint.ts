import type { Dialect, Payload } from "../dialect/dialect.ts";
import type { Limits } from "../limits.ts";
import type { Alarm } from "./alarm.ts";
import type { CallbackChain } from "./callbacks.ts";
import type { Handler, Handlers } from "./handlers.ts";

/** What all links of one server or client have in common. */
export class Endpoint<Owner = unknown> {
  readonly dialect: Dialect;
  readonly limits: Readonly<Limits>;
  readonly payload: Payload;
  readonly chain: CallbackChain<Owner>;
  readonly alarm: Alarm;
  /** The endpoint's own handlers first, then the shared ones. */
  readonly #handlers: readonly Handlers[];

  constructor(parts: {
    dialect: Dialect;
    limits: Readonly<Limits>;
    payload: Payload;
    chain: CallbackChain<Owner>;
    alarm: Alarm;
    handlers: readonly Handlers[];
  }) {
    this.dialect = parts.dialect;
    this.limits = parts.limits;
    this.payload = parts.payload;
    this.chain = parts.chain;
    this.alarm = parts.alarm;
    this.#handlers = parts.handlers;
  }

  findAction(name: string): Handler | undefined {
    for (const table of this.#handlers) {
      const handler = table.action(name);
      if (handler !== undefined) return handler;
    }
    return undefined;
  }

  findRequest(name: string): Handler | undefined {
    for (const table of this.#handlers) {
      const handler = table.request(name);
      if (handler !== undefined) return handler;
    }
    return undefined;
  }
}
