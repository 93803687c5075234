/**
 * Turns a pattern into steps that can be run.
 *
 * @module
 */
import { UsageRangeError } from "../errors.ts";
import type { ByteSet } from "./byte_set.ts";
import type { Pattern } from "./pattern_syntax.ts";

/** Instructions of a program: the work for one byte is bounded by it. */
const MAX_INSTRUCTIONS = 2000;

/** One step of a program: take a byte of `set`, or go on at `to` and, with less preference, at `or`. */
export interface Instruction {
  set?: ByteSet;
  to: number;
  or?: number;
}

/** A pattern made ready to be run. Shared by all machines that run it. */
export interface Program {
  readonly instructions: readonly Readonly<Instruction>[];
  /** The bytes that a match can begin with. */
  readonly first: ByteSet;
}

/** Where a program ends: there is a match. */
export const MATCHED = -1;

/**
 * Makes a pattern ready to be run.
 *
 * @throws {UsageRangeError} code `usage`: it is too large, written out.
 */
export function compilePattern(pattern: Pattern, shown: string): Program {
  const instructions: Instruction[] = [];
  const add = (instruction: Instruction): number => {
    if (instructions.length === MAX_INSTRUCTIONS) {
      throw new UsageRangeError(
        `Cannot split at ${shown}: written out it has more than ${MAX_INSTRUCTIONS} steps`,
      );
    }
    return instructions.push(instruction) - 1;
  };
  // Backwards: each part is told where to go on.
  const emit = (part: Pattern, next: number): number => {
    switch (part.kind) {
      case "byte":
        return add({ set: part.set, to: next });
      case "row":
        return part.parts.reduceRight((after, inner) => emit(inner, after), next);
      case "choice":
        return part.parts.map((inner) => emit(inner, next)).reduceRight((or, to) => add({ to, or }));
      case "repeat":
        return emitRepeat(part, next);
    }
  };
  const emitRepeat = ({ part, min, max, greedy }: Pattern & { kind: "repeat" }, next: number): number => {
    let entry = next;
    if (max === Infinity) {
      entry = add({ to: next });
      const again = emit(part, entry);
      Object.assign(instructions[entry], greedy ? { to: again, or: next } : { to: next, or: again });
    } else {
      for (let extra = min; extra < max; extra++) {
        const once = emit(part, entry);
        entry = greedy ? add({ to: once, or: next }) : add({ to: next, or: once });
      }
    }
    for (let times = 0; times < min; times++) entry = emit(part, entry);
    return entry;
  };
  const start = emit(pattern, MATCHED);
  instructions.push({ to: start }); // the last one is where a program begins
  const first = new Uint8Array(256);
  for (const at of reached(instructions, instructions.length - 1)) {
    instructions[at].set?.forEach((belongs, value) => first[value] |= belongs);
  }
  return { instructions, first };
}

/** The least and the most bytes that a pattern matches. */
export function matchLengths(pattern: Pattern): [least: number, most: number] {
  switch (pattern.kind) {
    case "byte":
      return [1, 1];
    case "row":
      return pattern.parts.map(matchLengths).reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    case "choice":
      return pattern.parts.map(matchLengths).reduce(([a, b], [c, d]) => [Math.min(a, c), Math.max(b, d)]);
    case "repeat": {
      const [least, most] = matchLengths(pattern.part);
      return [least * pattern.min, most === 0 || pattern.max === 0 ? 0 : most * pattern.max];
    }
  }
}

function reached(instructions: readonly Instruction[], from: number): Set<number> {
  const seen = new Set<number>();
  const todo = [from];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (at === MATCHED || seen.has(at)) continue;
    seen.add(at);
    const { set, to, or } = instructions[at];
    if (set === undefined) todo.push(to, ...(or === undefined ? [] : [or]));
  }
  return seen;
}
