import type { CallEntry, Reference } from "../reference/reference.ts";
import { calleeOf, valueOf } from "./chain.ts";
import { classOf } from "./parley_class.ts";

/** The classes whose methods are meant when it is not known what they are called on, as with callbacks' parameters. */
const usual: readonly string[] = Object.freeze(["SerialClient", "Client", "Peer", "Server", "Handlers"]);

/** How the function can be called whose bracket follows this code, when it is one of Parley's. */
export function callsOf(code: string, reference: Reference, globals: object): readonly CallEntry[] {
  const callee = calleeOf(code);
  if (callee === undefined) return [];
  if (!callee.isMember) {
    const entry = reference.entry(callee.name);
    return entry?.kind === "function" || entry?.kind === "class" ? entry.calls ?? [] : [];
  }
  const holder = callee.holder && valueOf(callee.holder, globals);
  const owner = holder && classOf(holder.value);
  if (holder !== undefined && owner === undefined) return [];
  for (const name of owner === undefined ? usual : [owner]) {
    const calls = reference.members(name).get(callee.name)?.calls;
    if (calls !== undefined) return calls;
  }
  return [];
}
