/**
 * What an oven can do: plain functions, without a word about links. `examples/handlers.ts` serves them.
 *
 * @module
 */
import type { Call } from "@parley/parley";

/** What the oven has, in °C. */
let celsius = 20;

/** Answers the request `temperature`. */
export function temperature(unit = "C"): number {
  return unit === "F" ? celsius * 1.8 + 32 : celsius;
}

/** Obeys the action `heat`, and answers the request of that name. */
export function heat(to: number): number {
  if (to > MAX_CELSIUS) throw new RangeError(`Cannot heat to ${to} °C: at most ${MAX_CELSIUS} °C is wanted`);
  return celsius = to;
}

/** Who wants to know about the call names the first parameter so. */
export async function bake(call: Call, what: string): Promise<string> {
  call.signal.throwIfAborted();
  await call.peer.send(`${what} is in the oven at ${celsius} °C`);
  return `${what} is done`;
}

/** A generator answers part by part. */
export function* ramp(step: number): Generator<number, void, void> {
  for (let at = celsius; at <= MAX_CELSIUS; at += step) yield at;
}

const MAX_CELSIUS = 250;
