import { UsageTypeError } from "../errors.ts";
import { checkCount } from "../limits.ts";
import { Answers } from "./answers.ts";
import { checkKwargs, checkOptions, checkResend, checkWait, OPTION_NAMES } from "./options.ts";
import type { ActionOptions, Peer, RequestOptions, SendOptions, WaitOptions } from "./peer.ts";
import { REAL_WORLD, type World } from "./world.ts";

/** How many peers are called at once. */
export interface FanOutOptions {
  /** How many may wait for their answer at once; the others are called when these have answered. Default: all. */
  concurrency?: number;
}

/** Calls a request of all of these peers. @throws {UsageTypeError} @throws {UsageRangeError} */
export function requestAll<Value>(
  peers: readonly Peer[],
  name: string,
  args: unknown,
  options: Omit<RequestOptions, "key"> & FanOutOptions,
  world?: World,
): Answers<Value> {
  checkName(name);
  return callAll(
    { where: "request()", what: `request "${name}"`, peers, known: REQUEST_OPTIONS, options, world },
    (peer, own) => peer.request<Value>(name, args, own),
  );
}

/** Sends one message to all of them and waits for the next one of each. @throws as `requestAll`. */
export function askAll<Value>(
  peers: readonly Peer[],
  message: unknown,
  options: WaitOptions & FanOutOptions,
): Answers<Value> {
  return callAll(
    { where: "ask()", what: "ask", peers, known: OPTION_NAMES.wait, options },
    (peer, own) => peer.ask<Value>(message, own),
  );
}

/** Sends one message to all of them. @throws as `requestAll`. */
export function sendAll(
  peers: readonly Peer[],
  message: unknown,
  options: SendOptions & FanOutOptions,
): Answers<void> {
  return callAll(
    { where: "send()", what: "send", peers, known: OPTION_NAMES.send, options },
    (peer, own) => peer.send(message, own),
  );
}

/** Calls an action of all of them. @throws as `requestAll`. */
export function actAll(
  peers: readonly Peer[],
  name: string,
  args: unknown,
  options: ActionOptions & FanOutOptions,
): Answers<void> {
  checkName(name);
  return callAll(
    { where: "action()", what: `action "${name}"`, peers, known: OPTION_NAMES.call, options },
    (peer, own) => peer.action(name, args, own),
  );
}

/** The same call for many peers. */
interface CallParts<Options> {
  /** What was called, for errors. */
  readonly where: string;
  readonly what: string;
  readonly peers: readonly Peer[];
  /** The names of the options of one call. */
  readonly known: readonly string[];
  readonly options: Options;
  readonly world?: World;
}

function callAll<Value, Options extends CallOptions>(
  { where, what, peers, known, options, world = REAL_WORLD }: CallParts<Options>,
  call: (peer: Peer, options: Omit<Options, "concurrency">) => Promise<Value>,
): Answers<Value> {
  checkOptions(`${where} of many`, options, [...known, "concurrency"]);
  checkWait(where, options);
  checkResend(where, options);
  checkKwargs(where, options);
  const { concurrency, signal, ...own } = options;
  if (concurrency !== undefined) checkCount("concurrency", concurrency);
  return new Answers({
    what,
    peers,
    concurrency: concurrency ?? Infinity,
    signal,
    now: () => world.now(),
    call: (peer, signal) => call(peer, { ...own, signal } as unknown as Omit<Options, "concurrency">),
  });
}

/** What some of the calls take is there for all of them: which do, "known" says. */
type CallOptions = WaitOptions & FanOutOptions & Pick<RequestOptions, "kwargs" | "resend">;

/** A key is used for one request only. */
const REQUEST_OPTIONS: readonly string[] = OPTION_NAMES.request.filter((name) => name !== "key");

/** As a single call has it, but told at once: it is wrong for all of them. @throws {UsageTypeError} */
function checkName(name: unknown): void {
  if (typeof name === "string" && name !== "") return;
  const shown = typeof name === "string" ? '""' : String(name);
  throw new UsageTypeError(`Cannot call ${shown}: the name of an action or a request is a text`);
}
