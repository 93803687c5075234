/**
 * What the conformance kit for transports is told about a transport, and how its rules use it.
 *
 * @module
 */
import { UsageTypeError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";

/** What `checkTransport` needs to know about a transport. */
export interface TransportCheck {
  /** Opens two transports that are each other's other end. Called many times; the kit closes what it gets. */
  pair: () => Promise<[Transport, Transport]>;
  /** Called once at the end, also after a failure: closes the listener, removes the file. */
  cleanup?: () => void | Promise<void>;
  /** Rules that the medium cannot keep, by name, such as `"back-pressure"`. Default none. */
  skip?: string[];
  /** The longest run of bytes that is sent, in bytes. Default 4 MiB (4,194,304). */
  largestBytes?: number;
  /** More than all buffers between the two ends hold, in bytes. Default 64 MiB (67,108,864). */
  floodBytes?: number;
  /** How often a pair is opened and closed to look for leaks. Default 300. */
  rounds?: number;
  /** Counts what is open, such as file descriptors: after the rounds it has to be as before. Default: not counted. */
  countOpen?: () => number;
  /** How long one rule may take before it counts as a hang, in milliseconds. Default 30,000. */
  deadlineMs?: number;
  /** Seed of everything random. Default 1; equal seeds give equal runs. */
  seed?: number;
}

/** A transport breaks a rule of the contract. `rule` is its name; the message says how. */
export class TransportRuleError extends Error {
  /** Always `"TransportRuleError"`. */
  override readonly name = "TransportRuleError";
  /** The rule that was broken, such as `"close"`. */
  readonly rule: string;
  /** How it was broken, without the name of the rule. */
  readonly detail: string;

  /** The message is made of `rule` and `detail`; `options.cause` is what was caught, if anything. */
  constructor(rule: string, detail: string, options: ErrorOptions = {}) {
    super(`Transport breaks the rule "${rule}": ${detail}`, options);
    this.rule = rule;
    this.detail = detail;
  }
}

/** A check with every default filled in. */
export type TransportSettings =
  & Required<Omit<TransportCheck, "countOpen">>
  & Pick<TransportCheck, "countOpen">;

/** One rule of the contract: it opens pairs through `open` and complains through `fail`. */
export interface TransportRule {
  /** How the rule is called in errors and in `skip`. */
  readonly name: string;
  check(run: RuleRun): Promise<void>;
}

/** One rule being checked. */
export class RuleRun {
  readonly settings: TransportSettings;
  readonly #rule: string;
  readonly #open: Transport[] = [];
  #step = "open a pair";

  constructor(rule: string, settings: TransportSettings) {
    this.#rule = rule;
    this.settings = settings;
  }

  /** What is being waited for: told when the deadline passes. */
  get step(): string {
    return this.#step;
  }

  /** A new pair, closed when the rule is done. */
  async open(): Promise<[Transport, Transport]> {
    const pair = await this.settings.pair();
    this.#open.push(...pair);
    return pair;
  }

  /** Says what is waited for, and waits. */
  during<Result>(step: string, work: Promise<Result>): Promise<Result> {
    this.#step = step;
    return work;
  }

  /** Work that is looked at later: until then, or if the rule ends before, its failure is no unhandled one. */
  begin<Result>(work: Promise<Result>): Promise<Result> {
    work.catch(() => {});
    return work;
  }

  /** The error for this rule. */
  broken(detail: string, cause?: unknown): TransportRuleError {
    return new TransportRuleError(this.#rule, detail, { cause });
  }

  closeAll(): void {
    for (const transport of this.#open.splice(0)) {
      try {
        transport.close();
      } catch {
        // There is a rule about that; here it would hide what went wrong before.
      }
    }
  }
}

/** Fills in the defaults. @throws {UsageTypeError} code `usage`: `skip` has a name that no rule has. */
export function transportSettings(check: TransportCheck, rules: readonly TransportRule[]): TransportSettings {
  const names = rules.map(({ name }) => name);
  for (const name of check.skip ?? []) {
    if (names.includes(name)) continue;
    const known = names.map((known) => `"${known}"`).join(", ");
    throw new UsageTypeError(`Cannot skip the rule "${name}": the rules are ${known}`);
  }
  return {
    pair: check.pair,
    cleanup: check.cleanup ?? (() => {}),
    skip: check.skip ?? [],
    largestBytes: check.largestBytes ?? 4 * 1024 * 1024,
    floodBytes: check.floodBytes ?? 64 * 1024 * 1024,
    rounds: check.rounds ?? 300,
    countOpen: check.countOpen,
    deadlineMs: check.deadlineMs ?? 30_000,
    seed: check.seed ?? 1,
  };
}

/**
 * Checks one rule. A hang becomes an error that says what was waited for.
 *
 * @throws {TransportRuleError}
 */
export async function checkRule(rule: TransportRule, settings: TransportSettings): Promise<void> {
  const run = new RuleRun(rule.name, settings);
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(run.broken(`after ${settings.deadlineMs} ms it still waits to ${run.step}`));
  }, settings.deadlineMs);
  const work = rule.check(run);
  try {
    await Promise.race([work, late.promise]);
  } catch (error) {
    throw error instanceof TransportRuleError ? error : run.broken(`failed to ${run.step}: ${error}`, error);
  } finally {
    clearTimeout(timer);
    run.closeAll();
    work.catch(() => {}); // after a hang it fails once more, when the pair is closed
  }
}
