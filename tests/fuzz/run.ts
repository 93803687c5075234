import process from "node:process";
import type { SeededRandom } from "../../src/testing/seeded_random.ts";
import { caseRandom } from "./case_random.ts";
import { readSizes } from "./pieces.ts";
import { BrokenRule, type Case, type Outcome, type Target } from "./target.ts";

/** What a run of one target found. */
export interface RunResult {
  readonly target: Target;
  /** Inputs that were fed. */
  inputs: number;
  /** Inputs of which nothing was refused. */
  accepted: number;
  /** The others, by the code of their first error. */
  readonly refused: Map<string, number>;
  /** The input with the piece that took longest, and the milliseconds of that piece. */
  slowest: { index: number; ms: number };
  /** Milliseconds of the whole run. */
  elapsedMs: number;
  /** How much more memory the process has than after the first quarter of the run, in bytes. */
  driftBytes: number;
  readonly failures: Failure[];
}

/** An input that broke a rule. */
export interface Failure {
  readonly index: number;
  readonly reason: string;
  readonly input: string;
}

/** How a target is run. */
export interface RunOptions {
  readonly seed: number;
  /** Indexes from 0 on. */
  readonly inputs: number;
  /** Feeds this index only. */
  readonly only?: number;
  /** An input with a piece that takes longer than this many milliseconds is a failure. Default: none is. */
  readonly maxMs?: number;
  /** Told before each input is fed. */
  readonly onInput?: (index: number) => void;
  /** The memory of the process, in bytes, as small as it can be made at the moment. */
  readonly memory?: () => number;
}

/** Feeds one input after the other to a target. It stops at the tenth failure: more of them say the same. */
export function runTarget(target: Target, options: RunOptions): RunResult {
  const { seed, inputs, only, memory = () => 0 } = options;
  const result: RunResult = {
    target,
    inputs: 0,
    accepted: 0,
    refused: new Map(),
    slowest: { index: 0, ms: 0 },
    elapsedMs: 0,
    driftBytes: 0,
    failures: [],
  };
  const began = performance.now();
  const warmedUp = Math.floor(inputs / 4);
  let before = memory();
  const [from, to] = only === undefined ? [0, inputs] : [only, only + 1];
  for (let index = from; index < to && result.failures.length < MAX_FAILURES; index++) {
    if (index === warmedUp) before = memory();
    options.onInput?.(index);
    feedOne(result, caseRandom(seed, target.name, index), index, options.maxMs ?? Infinity);
  }
  result.elapsedMs = performance.now() - began;
  result.driftBytes = memory() - before;
  return result;
}

function feedOne(result: RunResult, random: SeededRandom, index: number, maxMs: number): void {
  const { target, refused, failures } = result;
  let input: Case | undefined;
  result.inputs++;
  try {
    input = target.make(random);
    const sizes = random.below(10) === 0 && input.size > 1 ? cut(random, input.size) : undefined;
    const whole = timed(input, readSizes(input.size), maxMs);
    const split = sizes === undefined ? undefined : timed(input, sizes, maxMs);
    const ms = Math.max(whole.ms, split?.ms ?? 0);
    if (ms > result.slowest.ms) result.slowest = { index, ms };
    const { outcome } = whole;
    const allowedMs = maxMs + (outcome.calls ?? 0) * CALL_MS;
    if (ms > allowedMs) {
      throw new BrokenRule(
        `One read of it took ${ms.toFixed(1)} ms, at most ${allowedMs.toFixed(1)} ms are allowed`,
      );
    }
    if (split !== undefined && split.outcome.digest !== outcome.digest) {
      throw new BrokenRule(
        `In ${sizes?.length} pieces something else came out than at once: refused ` +
          `${JSON.stringify(split.outcome.refused.slice(0, 8))} and ${
            JSON.stringify(outcome.refused.slice(0, 8))
          }`,
      );
    }
    const [code] = outcome.refused;
    if (code === undefined) result.accepted++;
    else refused.set(code, (refused.get(code) ?? 0) + 1);
  } catch (error) {
    failures.push({ index, reason: reasonOf(error), input: input?.show() ?? "the input could not be made" });
  }
}

/**
 * A slow input is fed up to three times more, by the time that this process had a processor, and the fastest time
 * counts: other programs, a compiler or a collector at work are no fault of the input.
 */
function timed(input: Case, sizes: readonly number[], maxMs: number): { outcome: Outcome; ms: number } {
  let fastest = Infinity;
  let outcome: Outcome;
  let turns = 0;
  do {
    const clock = turns === 0 ? wallMs : processorMs;
    let ms = 0;
    let last = clock();
    outcome = input.feed(sizes, () => {
      const now = clock();
      ms = Math.max(ms, now - last);
      last = now;
    });
    fastest = Math.min(fastest, ms);
  } while (fastest > maxMs && ++turns < 4);
  checkPrototypes();
  return { outcome, ms: fastest };
}

function wallMs(): number {
  return performance.now();
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Byte by byte where these are few, else at random. */
function cut(random: SeededRandom, size: number): number[] {
  return size <= MAX_SINGLE_BYTES && random.below(2) === 0 ? new Array(size).fill(1) : random.sizes(size);
}

function checkPrototypes(): void {
  for (const key in {}) throw new BrokenRule(`Object.prototype has got a property "${key}"`);
}

function reasonOf(error: unknown): string {
  if (error instanceof BrokenRule) return error.message;
  if (error instanceof Error) return `Escaped: ${error.stack ?? `${error.name}: ${error.message}`}`;
  return `Escaped: ${String(error)}`;
}

const MAX_FAILURES = 10;
const MAX_SINGLE_BYTES = 2048;
/**
 * What one of the calls in {@linkcode Outcome.calls} may take, in milliseconds: an error that is thrown and caught takes
 * half of it.
 */
const CALL_MS = 0.01;
