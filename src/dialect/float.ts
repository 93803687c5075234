import { UsageTypeError } from "../errors.ts";

/** A number that is to travel as a float, whatever it is: see {@linkcode float}. */
export class Float {
  /** The number. */
  readonly value: number;

  /** Checked by {@linkcode float}. */
  constructor(value: number) {
    this.value = value;
    Object.freeze(this);
  }
}

/**
 * A number that travels as a float, for dialects whose numbers have types (`serpy`, `serpy2`, `clever-show`). By itself a
 * whole number travels as an int there: `3` is `3` in Python, `float(3)` is `3.0`. What arrives as a float is a number like any other, so a
 * `3.0` that is sent back as it came goes out as the int 3; `float` makes it a float again.
 *
 * @throws {UsageTypeError} code `usage`: it is no number.
 *
 * @example
 * ```ts
 * import { connect, float, listen } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * await using server = await listen("tcp://127.0.0.1:0", {
 *   dialect: "serpy2",
 *   onReceive: (value, peer) => peer.send(float(Number(value) / 2)),
 * });
 * await using client = await connect(server.address, { dialect: "serpy2" });
 * assert.equal(await client.ask(6), 3); // 3.0 on the wire
 * ```
 */
export function float(value: number): Float {
  if (typeof value === "number") return new Float(value);
  throw new UsageTypeError(`Cannot use a value of type ${typeof value} as a float: a number is wanted`);
}
