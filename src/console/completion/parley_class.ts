import { types } from "node:util";
import * as parley from "../../../mod.ts";

/** The name of the class of `mod.ts` that a value is an instance of, the nearest one; found without running anything. */
export function classOf(value: unknown): string | undefined {
  let holder: unknown = value;
  for (let depth = 0; depth < MAX_PROTOTYPES; depth++) {
    if (typeof holder !== "object" || holder === null || types.isProxy(holder)) return undefined;
    const name = classes.get(holder);
    if (name !== undefined) return name;
    holder = Object.getPrototypeOf(holder);
  }
  return undefined;
}

/** The peer or the server that a value is; found without running anything, as `instanceof` would with a proxy. */
export function peerOrServer(value: unknown): parley.Peer | parley.Server | undefined {
  if (classOf(value) === undefined) return undefined;
  return value instanceof parley.Peer || value instanceof parley.Server ? value : undefined;
}

const MAX_PROTOTYPES = 50;

/** Every class by its prototype. */
const classes: ReadonlyMap<object, string> = new Map(
  Object.entries(parley).flatMap(([name, value]): [object, string][] =>
    typeof value === "function" && typeof value.prototype === "object" && value.prototype !== null
      ? [[value.prototype, name]]
      : []
  ),
);
