import type { HandlerEntry } from "./handler_entry.ts";
import { parameterNames } from "./parameter_names.ts";

/** What `describe` tells of one handler: plain data, so that it can be sent. */
export interface HandlerDescription {
  /** The name to call it by. */
  readonly name: string;
  /** An action answers nothing; a request answers once, or with a stream of parts. */
  readonly kind: "action" | "request";
  /** What it does, where that was said when it was registered. */
  readonly description?: string;
  /**
   * The names of the arguments, in order, as they were given or as the function has them: `"...values"` takes all
   * that follow, `"{ x, y }"` an object. Empty when there are none, or when they are not known.
   */
  readonly parameters: readonly string[];
}

/** What is told of a registered handler. */
export function describeHandler(entry: HandlerEntry): HandlerDescription {
  const { name, kind, handler, options: { description, parameters } } = entry;
  return {
    name,
    kind,
    ...description === undefined ? {} : { description },
    parameters: parameters === undefined ? parameterNames(handler) : [...parameters],
  };
}

/**
 * Several tables as one, sorted by kind and then by name. Where two have the same name, the first one is called, and
 * so it is the one that is told.
 */
export function mergeDescriptions(tables: readonly (readonly HandlerDescription[])[]): HandlerDescription[] {
  const merged = new Map<string, HandlerDescription>();
  for (const described of tables.flat()) {
    const key = `${described.kind} ${described.name}`;
    if (!merged.has(key)) merged.set(key, described);
  }
  // By code unit and not by locale, so that the order is the same everywhere; "action" comes before "request".
  return [...merged].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([, described]) => described);
}
