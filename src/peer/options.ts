import type { Codec } from "../codec/codec.ts";
import type { Dialect, Payload } from "../dialect/dialect.ts";
import { framed } from "../dialect/framed.ts";
import type { OptionCheck } from "../dialect/option_check.ts";
import { type DialectName, type DialectOptions, dialects } from "../dialect/table.ts";
import { UsageRangeError, UsageTypeError } from "../errors.ts";
import { type Limits, MAX_WAIT_MS, resolveLimits } from "../limits.ts";
import type { Resend } from "../pending.ts";
import type { Alarm } from "./alarm.ts";
import type { Overflow } from "./outbox.ts";
import { RECONNECT_NAMES, type ReconnectOptions } from "./reconnect.ts";
import type { World } from "./world.ts";
import { CallbackChain, type Callbacks } from "./callbacks.ts";
import { Endpoint } from "./endpoint.ts";
import { Handlers } from "./handlers.ts";
import { suggestion } from "../suggestion.ts";

/** Options of every link, be it a server or a client. */
export interface LinkOptions<Owner = unknown> extends Callbacks<Owner>, DialectOptions {
  /** The wire language: a name, or one of your own made with `defineDialect`. Default `"native"`. */
  dialect?: DialectName | Dialect;
  /**
   * A codec instead of a dialect: every frame is a message. A function makes one for each connection; a codec that
   * has `fresh` may be given itself.
   */
  // deno-lint-ignore no-explicit-any -- any frame will do
  codec?: Codec<any> | (() => Codec<any>);
  /** What text dialects hand over: `"text"` (default) or `"bytes"` as they came. */
  payload?: Payload;
  /** Named actions and requests, shared with other endpoints. The endpoint's own come first. */
  handlers?: Handlers;
  /**
   * Whether the other side may ask which handlers there are (`peer.describe()`), and gets suggestions for names it
   * has mistyped. Default: only when it is on this machine.
   */
  discoverable?: boolean;
  /**
   * What happens to plain messages that the other side is too slow for. `"block"` (default): `send` waits, and
   * `broadcast` leaves that peer out. `"drop-oldest"`: the oldest that wait are dropped and counted, for telemetry.
   * `"close"`: the link is closed.
   */
  overflow?: Overflow;
  /** Bounds and default waits; see `Limits`. */
  limits?: Partial<Limits>;
  /** Closes the endpoint when it is aborted, and ends an attempt to connect. */
  signal?: AbortSignal;
}

/** Options of `listen` and `createServer`. */
export interface ServerOptions<Owner = unknown> extends LinkOptions<Owner> {
  /** How many peers may be connected at once; 1 = one client at a time. Default 1024. */
  maxPeers?: number;
}

/** Options of `connect` and `createClient`. */
export interface ClientOptions<Owner = unknown> extends LinkOptions<Owner> {
  /**
   * Whether the client gets another link when it has lost one, and goes on trying when it cannot connect: `true`, or
   * how; see {@linkcode ReconnectOptions}. In the native dialect the session then goes on with the other link, so
   * that nothing that was acknowledged is lost and nothing is handled twice. Default `false`.
   */
  reconnect?: boolean | ReconnectOptions;
  /**
   * What every new link begins with, such as a login or the setting up of a device: called when a link is up, the first
   * one and each one after. `connect` and `ready` wait until what it returns has resolved, for at most `limits.openMs`
   * (60 s); when it throws, the link is closed, and with `reconnect` tried again.
   */
  // deno-lint-ignore no-explicit-any -- the kind of client depends on the address
  onOpen?(client: any): unknown;
}

/** The names of all options of all dialects. */
const DIALECT_OPTION_NAMES: ReadonlySet<string> = new Set(
  Object.values(dialects).flatMap((entry) => Object.keys(entry.options ?? {})),
);

const LINK_OPTIONS: readonly string[] = [
  "dialect",
  "codec",
  "payload",
  "handlers",
  "limits",
  "signal",
  "discoverable",
  "overflow",
  ...DIALECT_OPTION_NAMES,
  "onInitialize",
  "onConnect",
  "onReceive",
  "onDisconnect",
  "onFail",
  "onEvent",
  "onTraffic",
  "onBytes",
];

/** The option names of each function that takes some. */
export const OPTION_NAMES = Object.freeze({
  client: [...LINK_OPTIONS, "reconnect", "onOpen"] as readonly string[],
  reconnect: RECONNECT_NAMES,
  server: [...LINK_OPTIONS, "maxPeers"] as readonly string[],
  callbacks: LINK_OPTIONS.filter((name) => name.startsWith("on")) as readonly string[],
  wait: ["timeoutMs", "signal"] as readonly string[],
  send: ["ack", "mode", "queue", "resend", "timeoutMs", "signal"] as readonly string[],
  call: ["kwargs", "ack", "resend", "timeoutMs", "signal"] as readonly string[],
  request: ["kwargs", "key", "resend", "timeoutMs", "signal"] as readonly string[],
  stream: ["kwargs", "timeoutMs", "signal"] as readonly string[],
});

/**
 * Checks that `options` is an object with known names only, so that a mistyped `onRecieve` is told at once instead
 * of never being called.
 *
 * @throws {UsageTypeError} code `usage`.
 */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new UsageTypeError(`Cannot use ${shown(options)} as options of ${where}: an object is wanted`);
  }
  for (const name in options) {
    if (known.includes(name)) continue;
    throw new UsageTypeError(`Unknown option "${name}" of ${where}${suggestion(name, known)}`);
  }
}

/** Checks a time limit of a single call. @throws {UsageTypeError} @throws {UsageRangeError} */
export function checkWait(where: string, options: { timeoutMs?: number; signal?: AbortSignal }): void {
  const { timeoutMs, signal } = options;
  if (timeoutMs !== undefined) {
    if (typeof timeoutMs !== "number") {
      throw new UsageTypeError(
        `Cannot use ${shown(timeoutMs)} as "timeoutMs" of ${where}: a number is wanted`,
      );
    }
    if (!(timeoutMs > 0 && timeoutMs <= MAX_WAIT_MS)) {
      throw new UsageRangeError(
        `Cannot use ${timeoutMs} as "timeoutMs" of ${where}: more than 0 and at most ${MAX_WAIT_MS} is wanted`,
      );
    }
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new UsageTypeError(`Cannot use ${shown(signal)} as "signal" of ${where}: an AbortSignal is wanted`);
  }
}

/** Builds what all links of an endpoint share out of its options. `usual` is the dialect when none is named. */
export function makeEndpoint<Owner>(
  options: LinkOptions<Owner>,
  own: Handlers,
  alarm: Alarm,
  world: World,
  usual?: string,
): Endpoint<Owner> {
  const chain = new CallbackChain<Owner>();
  checkCallbacks(options);
  chain.add(options);
  if (options.handlers !== undefined && !(options.handlers instanceof Handlers)) {
    throw new UsageTypeError(
      `Cannot use ${shown(options.handlers)} as "handlers": make one with new Handlers()`,
    );
  }
  if (options.payload !== undefined && options.payload !== "text" && options.payload !== "bytes") {
    throw new UsageTypeError(
      `Cannot use ${shown(options.payload)} as "payload": "text" or "bytes" is wanted`,
    );
  }
  if (options.discoverable !== undefined && typeof options.discoverable !== "boolean") {
    throw new UsageTypeError(
      `Cannot use ${shown(options.discoverable)} as "discoverable": true or false is wanted`,
    );
  }
  const { overflow = "block" } = options;
  if (!OVERFLOWS.includes(overflow)) {
    throw new UsageTypeError(
      `Cannot use ${shown(overflow)} as "overflow": one of ${OVERFLOWS.map(shown).join(", ")} is wanted`,
    );
  }
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    throw new UsageTypeError(`Cannot use ${shown(options.signal)} as "signal": an AbortSignal is wanted`);
  }
  const dialect = chooseDialect(options, usual);
  if (overflow === "drop-oldest" && dialect.uniform !== true) {
    throw new UsageTypeError(
      `Cannot use "drop-oldest" as "overflow" with the dialect "${dialect.name}": what it sends depends on what was ` +
        `sent before, so that nothing can be taken out`,
    );
  }
  return new Endpoint<Owner>({
    dialect,
    limits: resolveLimits(options.limits),
    payload: options.payload ?? "text",
    chain,
    alarm,
    world,
    overflow,
    discoverable: options.discoverable,
    handlers: options.handlers === undefined ? [own] : [own, options.handlers],
  });
}

const OVERFLOWS: readonly Overflow[] = Object.freeze(["block", "drop-oldest", "close"]);
const RESENDS: readonly Resend[] = Object.freeze(["safe", "always", "never"]);

/** Checks what may become of a call on another link. @throws {UsageTypeError} code `usage`. */
export function checkResend(where: string, { resend }: { resend?: Resend }): void {
  if (resend === undefined || RESENDS.includes(resend)) return;
  throw new UsageTypeError(
    `Cannot use ${shown(resend)} as "resend" of ${where}: one of ${RESENDS.map(shown).join(", ")} is wanted`,
  );
}

/** Checks the named arguments of a call: nobody over there may say what is wrong with them. @throws {UsageTypeError} */
export function checkKwargs(where: string, { kwargs }: { kwargs?: unknown }): void {
  if (kwargs === undefined || (typeof kwargs === "object" && kwargs !== null && !Array.isArray(kwargs))) {
    return;
  }
  throw new UsageTypeError(
    `Cannot use ${shown(kwargs)} as "kwargs" of ${where}: an object such as { z: 1.5 } is wanted`,
  );
}

/** Checks how a message is to travel; the dialect knows which ways there are. @throws {UsageTypeError} code `usage`. */
export function checkMode(where: string, { mode }: { mode?: number }): void {
  if (mode === undefined || (Number.isInteger(mode) && mode >= 0)) return;
  throw new UsageTypeError(`Cannot use ${shown(mode)} as "mode" of ${where}: a whole number is wanted`);
}

/** Checks that every callback is a function. @throws {UsageTypeError} code `usage`. */
export function checkCallbacks(callbacks: object): void {
  for (const name of OPTION_NAMES.callbacks) {
    const value = (callbacks as Record<string, unknown>)[name];
    if (value === undefined || typeof value === "function") continue;
    throw new UsageTypeError(`Cannot use ${shown(value)} as "${name}": a function is wanted`);
  }
}

function chooseDialect(options: LinkOptions, usual = "native"): Dialect {
  const implied = options.identity === undefined ? usual : "leads"; // only there devices tell who they are
  const { codec, dialect = codec === undefined ? implied : undefined } = options;
  if (codec !== undefined && dialect !== undefined) {
    throw new UsageTypeError(`Cannot use "codec" and "dialect" together: choose one`);
  }
  if (typeof dialect === "string") {
    const names = Object.keys(dialects);
    if (!Object.hasOwn(dialects, dialect)) {
      const near = suggestion(dialect, names);
      const list = near === "" ? "; the dialects are" : `${near} The dialects are`;
      throw new UsageTypeError(`Unknown dialect "${dialect}"${list} ${names.join(", ")}`);
    }
    const entry = dialects[dialect as DialectName];
    checkDialectOptions(options, `the dialect "${dialect}"`, entry.options);
    return entry.make(options);
  }
  checkDialectOptions(options, codec === undefined ? "a dialect of your own" : "a codec");
  if (codec !== undefined) return framed(codecMaker(codec));
  if (typeof dialect?.converse !== "function") {
    throw new UsageTypeError(
      `Cannot use ${shown(dialect)} as "dialect": a name, or what defineDialect returns, is wanted`,
    );
  }
  return dialect;
}

/** Options of another dialect are a mistake: `newline` has no meaning for bytes. */
function checkDialectOptions(
  options: LinkOptions,
  spoken: string,
  taken: Readonly<Record<string, OptionCheck>> = {},
): void {
  for (const name of DIALECT_OPTION_NAMES) {
    const value = options[name as keyof LinkOptions];
    if (value === undefined) continue;
    if (!Object.hasOwn(taken, name)) {
      const owners = Object.entries(dialects).filter(([, { options }]) => Object.hasOwn(options ?? {}, name));
      const whose = owners.map(([dialect]) => `"${dialect}"`).join(" and ");
      throw new UsageTypeError(`Cannot use "${name}" with ${spoken}: it is for the dialect ${whose}`);
    }
    checkDialectOption(name, value, taken[name]);
  }
}

/** @throws {UsageTypeError} code `usage`. */
function checkDialectOption(name: string, value: unknown, check: OptionCheck): void {
  const isRight = "test" in check ? check.test(value) : check.includes(value);
  if (isRight) return;
  const wanted = "test" in check ? check.wanted : `one of ${check.map(shown).join(", ")}`;
  throw new UsageTypeError(`Cannot use ${shown(value)} as "${name}": ${wanted} is wanted`);
}

/** The port of the dialect that is asked for, for addresses that name none. */
export function usualPort({ dialect }: LinkOptions): number | undefined {
  if (typeof dialect === "object") return dialect?.port;
  return typeof dialect === "string" && Object.hasOwn(dialects, dialect)
    ? dialects[dialect as DialectName].make().port
    : undefined;
}

function codecMaker(codec: Codec<unknown> | (() => Codec<unknown>)): () => Codec<unknown> {
  const make = typeof codec === "function" ? codec : codec.fresh?.bind(codec) ?? (() => codec);
  if (
    typeof codec !== "function" && (typeof codec.decode !== "function" || typeof codec.encode !== "function")
  ) {
    throw new UsageTypeError(`Cannot use ${shown(codec)} as "codec": it has no decode() and encode()`);
  }
  return make;
}

/** A value of the user in a message about it. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value !== "object" && typeof value !== "function") return String(value);
  return Array.isArray(value) ? "a list" : typeof value === "function" ? "a function" : "an object";
}
