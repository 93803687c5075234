/**
 * What the conformance kit for dialects is told about a dialect.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import type { Dialect, Payload, Role } from "../dialect/dialect.ts";
import { UsageTypeError } from "../errors.ts";
import { type Limits, resolveLimits } from "../limits.ts";
import type { ActionMessage, PlainMessage, RequestMessage } from "../message.ts";

/** What one side can say by itself: `{ kind: "message", value }`, or an action or a request with `name` and `args`. */
export type SaidMessage = PlainMessage | ActionMessage | RequestMessage;

/** Messages, or bytes that stand for them. At least one of `messages` and `bytes` is given. */
export interface DialectSample {
  /** Who says it. Default: both, one after the other. */
  role?: Role;
  /** What is said, in order. */
  messages?: SaidMessage[];
  /** What arrives on the other side. Default: `messages`. */
  arrives?: SaidMessage[];
  /** The bytes after the handshake: what `messages` are written as, if there are any, and what is read as `arrives`. */
  bytes?: Uint8Array;
}

/** How the kit asks and answers, in dialects whose `correlation` is not `"none"`. */
export interface RequestSample {
  /** The name that is asked for. Default `"name"`. */
  name?: string;
  /** Its arguments. Default one text. */
  args?: unknown[];
  /** Values that may answer it, at least two different ones. Default three texts. */
  answers?: unknown[];
  /** A value that the dialect cannot say in an answer. Default: none is tried. */
  unsayable?: unknown;
  /** Who may ask. Default only the client. */
  askers?: Role[];
}

/** What `checkDialect` needs to know about a dialect. */
export interface DialectCheck {
  /** The dialect to check. */
  dialect: Dialect;
  /** Messages of every kind that the dialect has. At least one sample. */
  samples: DialectSample[];
  /** Messages that the dialect cannot say. Default none. */
  unsayable?: SaidMessage[];
  /** How requests are asked and answered. */
  requests?: RequestSample;
  /** A message that takes at least so many bytes on the wire. Default: a plain message of that many letters. */
  sized?: (bytes: number) => SaidMessage;
  /** Whether two values are the same. Default: deep equality. */
  equal?: (one: unknown, other: unknown) => boolean;
  /** Where messages begin and end has no meaning (`raw`), so only their bytes or text, joined, are compared. */
  streaming?: boolean;
  /** Rules that the wire cannot keep, by name: one without error answers has no `"failures"`. Default none. */
  skip?: string[];
  /** As in the options of a link. */
  payload?: Payload;
  /** As in the options of a link. */
  limits?: Partial<Limits>;
  /** Number of wrong inputs to try. Default 2000. */
  garbageInputs?: number;
  /** Seed of everything random. Default 1; equal seeds give equal runs. */
  seed?: number;
}

/** A dialect breaks a rule of the contract. `rule` is its name; the message says where and how. */
export class DialectRuleError extends Error {
  /** Always `"DialectRuleError"`. */
  override readonly name = "DialectRuleError";
  /** The rule that was broken, such as `"byte by byte"`. */
  readonly rule: string;
  /** Where and how, without the name of the rule. */
  readonly detail: string;

  /** The message is made of `rule` and `detail`; `options.cause` is what was caught, if anything. */
  constructor(rule: string, detail: string, options: ErrorOptions = {}) {
    super(`Dialect breaks the rule "${rule}": ${detail}`, options);
    this.rule = rule;
    this.detail = detail;
  }
}

/** One rule of the contract. */
export interface DialectRule {
  /** How the rule is called in errors and in `skip`. */
  readonly name: string;
  check(subject: DialectSubject): void;
}

/** A sample with every default filled in, for one sender. */
export interface DialectCase {
  readonly where: string;
  readonly role: Role;
  readonly messages: readonly SaidMessage[] | undefined;
  readonly arrives: readonly SaidMessage[];
  readonly bytes: Uint8Array | undefined;
}

/** A check with every default filled in. */
export interface DialectSubject extends Required<Omit<DialectCheck, "samples" | "limits" | "requests">> {
  readonly cases: readonly DialectCase[];
  readonly limits: Limits;
  readonly requests: Required<RequestSample>;
}

/** Fills in the defaults. @throws {UsageTypeError} code `usage`: there is no sample, or an unknown rule to skip. */
export function dialectSubject(check: DialectCheck, rules: readonly DialectRule[]): DialectSubject {
  if (!Array.isArray(check.samples) || check.samples.length === 0) {
    throw new UsageTypeError("Cannot check a dialect with 0 samples: at least 1 is wanted");
  }
  const names = rules.map(({ name }) => name);
  for (const name of check.skip ?? []) {
    if (names.includes(name)) continue;
    const known = names.map((known) => `"${known}"`).join(", ");
    throw new UsageTypeError(`Cannot skip the rule "${name}": the rules are ${known}`);
  }
  const { name = "name", args = ["a"], answers = ["one", "two", "three"] } = check.requests ?? {};
  const { unsayable, askers = ["client"] } = check.requests ?? {};
  return {
    dialect: check.dialect,
    cases: check.samples.flatMap(casesOf),
    unsayable: check.unsayable ?? [],
    requests: { name, args, answers, unsayable, askers },
    sized: check.sized ?? ((bytes) => ({ kind: "message", value: "x".repeat(bytes) })),
    equal: check.equal ?? isDeepStrictEqual,
    streaming: check.streaming ?? false,
    skip: check.skip ?? [],
    payload: check.payload ?? "text",
    limits: resolveLimits(check.limits),
    garbageInputs: check.garbageInputs ?? 2000,
    seed: check.seed ?? 1,
  };
}

function casesOf(sample: DialectSample, index: number): DialectCase[] {
  const { messages, arrives = messages, bytes } = sample;
  if (arrives === undefined || (messages === undefined && bytes === undefined)) {
    throw new UsageTypeError(
      `Cannot use sample ${index}: it has neither "messages" nor "bytes" with "arrives"`,
    );
  }
  const roles: Role[] = sample.role === undefined ? ["client", "server"] : [sample.role];
  return roles.map((role) => ({
    where: `sample ${index} from the ${role}`,
    role,
    messages,
    arrives,
    bytes,
  }));
}
