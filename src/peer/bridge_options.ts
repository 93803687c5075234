import { UsageTypeError } from "../errors.ts";
import { checkCount } from "../limits.ts";
import { checkOptions } from "./options.ts";
import type { Peer } from "./peer.ts";

/**
 * What a message becomes on its way over a bridge: what the function returns or resolves to is sent in its place, and
 * `undefined` is sent to nobody. A generator function makes several messages of one. `from` is the peer that it came
 * from.
 */
// deno-lint-ignore no-explicit-any -- what comes is for the user's dialect to know
export type BridgeMap = (message: any, from: Peer) => unknown;

/** Options of {@linkcode bridge}. */
export interface BridgeOptions {
  /** What goes from the first end to the second: all (`true`, default), nothing (`false`), or what a function says. */
  toB?: boolean | BridgeMap;
  /** The same from the second end to the first. With `false` the second end is not read. Default `true`. */
  toA?: boolean | BridgeMap;
  /**
   * What becomes of messages for an end whose link is down and may come back: `"wait"` (default) for the next link,
   * while the other end is read no further than its inbox holds, or `"drop"`. For a server, nobody waits: messages go
   * to the peers that it has.
   */
  whenDown?: "wait" | "drop";
  /**
   * How long one peer of a server may hold up all others because it does not read, in milliseconds. After that it is
   * left out until it has read what waits for it. Default 5000: a device should not stand still for a client that
   * sleeps. A single peer or client holds up the other end for as long as it takes.
   */
  stallMs?: number;
  /**
   * Told when a message cannot cross: the other end's dialect cannot say it, the link broke under it, or the map threw.
   * The bridge goes on. Default: the global event `"parley:fail"`, which the console shows.
   */
  onFail?(error: Error, peer?: Peer): unknown;
  /** Closes the bridge when it is aborted; its ends stay open. */
  signal?: AbortSignal;
}

/** {@linkcode BridgeOptions} that were looked through. */
export interface BridgePlan {
  /** The map of each way, or `undefined` for a way that nothing goes. */
  readonly toB: BridgeMap | undefined;
  readonly toA: BridgeMap | undefined;
  readonly whenDown: "wait" | "drop";
  readonly stallMs: number;
  readonly onFail: ((error: Error, peer?: Peer) => unknown) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What a way has whose messages stay as they are. */
const AS_IT_IS: BridgeMap = (message) => message;

/** Looks through what the user gave. @throws {UsageTypeError} {@linkcode UsageRangeError} code `usage`. */
export function planOf(given: BridgeMap | BridgeOptions | undefined): BridgePlan {
  const options: BridgeOptions = typeof given === "function" ? { toB: given, toA: given } : given ?? {};
  checkOptions("bridge()", options, NAMES);
  const { whenDown = "wait", stallMs = STALL_MS, onFail, signal } = options;
  if (whenDown !== "wait" && whenDown !== "drop") throw wrong("whenDown", whenDown, '"wait" or "drop"');
  checkCount("stallMs", stallMs);
  if (onFail !== undefined && typeof onFail !== "function") throw wrong("onFail", onFail, "a function");
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw wrong("signal", signal, "an AbortSignal");
  }
  const [toB, toA] = [mapOf("toB", options.toB), mapOf("toA", options.toA)];
  if (toB === undefined && toA === undefined) {
    throw new UsageTypeError("Cannot make a bridge that nothing crosses: toB and toA are both false");
  }
  return { toB, toA, whenDown, stallMs, onFail, signal };
}

function mapOf(name: string, way: unknown = true): BridgeMap | undefined {
  if (way === true) return AS_IT_IS;
  if (way === false) return undefined;
  if (typeof way !== "function") throw wrong(name, way, "true, false or a function (message, from)");
  return way as BridgeMap;
}

function wrong(name: string, value: unknown, wanted: string): UsageTypeError {
  return new UsageTypeError(
    `Cannot use ${JSON.stringify(value)} as "${name}" of bridge(): ${wanted} is wanted`,
  );
}

const NAMES = ["toB", "toA", "whenDown", "stallMs", "onFail", "signal"];

/** See {@linkcode BridgeOptions.stallMs}. */
const STALL_MS = 5000;
