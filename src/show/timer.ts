import { types } from "node:util";

/** What `setTimeout` and `setInterval` give, as far as anybody wants to know. */
export interface ShownTimer {
  /** What `clearTimeout` and `clearInterval` take as well. */
  readonly id: number;
  readonly everyMs?: number;
  readonly inMs?: number;
  readonly isOver: boolean;
}

/** What is known of a value that `setTimeout` or `setInterval` gave; `undefined` for any other. */
export function timerOf(value: object): ShownTimer | undefined {
  // Its class has no other way to be recognised: it is exported by nobody.
  if (data(data(Object.getPrototypeOf(value), "constructor"), "name") !== "Timeout") return undefined;
  const [ms, repeats, isOver] = ["_idleTimeout", "_repeat", "_destroyed"].map((key) => data(value, key));
  if (typeof ms !== "number" || typeof repeats !== "boolean" || typeof isOver !== "boolean") return undefined;
  const id = Number(value);
  return repeats ? { id, isOver, everyMs: ms } : { id, isOver, inMs: ms };
}

/** A property of its own, without running a getter or a trap. */
function data(of: unknown, key: string): unknown {
  const isObject = (typeof of === "object" && of !== null) || typeof of === "function";
  return isObject && !types.isProxy(of) ? Object.getOwnPropertyDescriptor(of, key)?.value : undefined;
}

/** A timer in one line: `Timeout 41 (every 200 ms)`. What it is made of tells nobody anything. */
export function showTimer({ id, everyMs, inMs, isOver }: ShownTimer): string {
  const when = everyMs !== undefined ? `every ${everyMs} ms` : `in ${inMs} ms`;
  return `Timeout ${id} (${isOver ? "over" : when})`;
}
