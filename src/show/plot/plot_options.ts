import { UsageRangeError, UsageTypeError } from "../../errors.ts";
import { suggestionOrAll } from "../../suggestion.ts";

/** Picks a number out of a message; text of a number is one, and anything else is none. */
// deno-lint-ignore no-explicit-any -- what comes is for the user's dialect to know
export type PlotPick = (message: any) => unknown;

/** How a {@linkcode plot} looks. */
export interface PlotOptions {
  /** The names of the series, in order. Default: what the pick functions pick, such as `rpm`. */
  names?: readonly string[];
  /** How far back it goes, in seconds: 1 to 86,400. Default 60. */
  seconds?: number;
  /** Where the scales begin. Default: where the values do. */
  min?: number;
  /** Where the scales end. Default: where the values do. */
  max?: number;
  /** Plot what comes with this action instead of messages: the first argument is what is picked from. */
  action?: string;
  /** Ends the plot. */
  signal?: AbortSignal;
}

/** Options that were checked, and the series that they are about. */
export interface PlotPlan {
  readonly picks: readonly { readonly name: string; readonly pick: PlotPick }[];
  readonly options: PlotOptions & { readonly seconds: number };
}

/** @throws {UsageTypeError} {@linkcode UsageRangeError} an argument is wrong; the message says which. */
export function planPlot(args: readonly (PlotPick | PlotOptions)[]): PlotPlan {
  const last = args.at(-1);
  const options = typeof last === "object" && last !== null ? last : {};
  const given = (last === options ? args.slice(0, -1) : args) as readonly PlotPick[];
  for (const [index, pick] of given.entries()) {
    if (typeof pick === "function") continue;
    throw new UsageTypeError(
      `Cannot plot with ${String(pick)} as argument ${index + 2}: a function such as (m) => m.rpm is wanted`,
    );
  }
  const picks: readonly PlotPick[] = given.length === 0 ? [(message) => message] : given;
  if (picks.length > MAX_SERIES) {
    throw new UsageRangeError(`Cannot plot ${picks.length} series: ${MAX_SERIES} are the most`);
  }
  checkOptions(options, picks.length);
  return {
    picks: picks.map((pick, index) => ({ pick, name: options.names?.[index] ?? nameOf(pick, index) })),
    options: { ...options, seconds: options.seconds ?? DEFAULT_SECONDS },
  };
}

function checkOptions(options: PlotOptions, series: number): void {
  for (const name of Object.keys(options)) {
    if (OPTION_NAMES.includes(name)) continue;
    const near = suggestionOrAll(name, OPTION_NAMES);
    throw new UsageTypeError(`Unknown option "${name}" of plot()${near}`);
  }
  const { names, seconds = DEFAULT_SECONDS, min, max, action, signal } = options;
  if (names !== undefined && !(Array.isArray(names) && names.every((name) => typeof name === "string"))) {
    throw new UsageTypeError(`Cannot use ${String(names)} as "names": a list of texts is wanted`);
  }
  if (names !== undefined && names.length > series) {
    throw new UsageRangeError(`Cannot use ${names.length} "names" for ${series} series`);
  }
  if (typeof seconds !== "number" || !(seconds >= 1 && seconds <= MAX_SECONDS)) {
    throw new UsageRangeError(`Cannot use ${String(seconds)} as "seconds": 1 to ${MAX_SECONDS} is wanted`);
  }
  for (const [name, value] of [["min", min], ["max", max]] as const) {
    if (value === undefined || Number.isFinite(value)) continue;
    throw new UsageTypeError(`Cannot use ${String(value)} as "${name}": a number is wanted`);
  }
  if (min !== undefined && max !== undefined && min >= max) {
    throw new UsageRangeError(`Cannot plot from ${min} to ${max}: "min" has to be less than "max"`);
  }
  if (action !== undefined && (typeof action !== "string" || action === "")) {
    throw new UsageTypeError(`Cannot use ${String(action)} as "action": the name of an action is wanted`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new UsageTypeError(`Cannot use ${String(signal)} as "signal": an AbortSignal is wanted`);
  }
}

/** `(m) => m.engine.rpm` picks `engine.rpm`. */
function nameOf(pick: PlotPick, index: number): string {
  const path = /[\w$]+((?:\??\.[\w$]+|\[["']?[\w $-]{1,40}["']?\])+)\W*$/.exec(
    String(pick).slice(-MAX_SOURCE_CHARS),
  );
  return path === null ? `series ${index + 1}` : path[1].replaceAll("?.", ".").replace(/^\./, "");
}

const OPTION_NAMES: readonly string[] = Object.freeze(["names", "seconds", "min", "max", "action", "signal"]);
const DEFAULT_SECONDS = 60;
/** A day. */
const MAX_SECONDS = 86_400;
/** A terminal has no room for more. */
const MAX_SERIES = 8;
/** A function may be long; what it picks stands at its end. */
const MAX_SOURCE_CHARS = 200;
