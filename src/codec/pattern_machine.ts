/**
 * Finds a pattern in bytes that come one by one, with a bounded amount of work for each.
 *
 * All ways to match are followed at the same time, in the order in which the pattern prefers them, so nothing is ever
 * looked at twice (Ken Thompson, "Regular expression search algorithm", Communications of the ACM 11 (6), 1968; the
 * order of preference as in Rob Pike's editor sam).
 *
 * @module
 */
import { MATCHED, type Program } from "./pattern_program.ts";

/** The longest match, in bytes: marks in use are a few; a longer one is taken as several. */
const MAX_MATCH_BYTES = 256;
/** How many bytes behind a match are looked at to see whether it goes on. They are then looked at again. */
const MAX_OVERHANG_BYTES = 8;
/** The ways to match that are still open: at which instruction each is, and where it has begun. */
class Ways {
  readonly at: Int32Array;
  readonly start: Int32Array;
  count = 0;

  constructor(most: number) {
    this.at = new Int32Array(most);
    this.start = new Int32Array(most);
  }
}

/** Runs a program over the bytes of one connection. Positions count from the first byte that is still kept. */
export class PatternMachine {
  readonly #program: Program;
  readonly #seen: Int32Array;
  #turn = 0;
  #now: Ways;
  #next: Ways;
  /** The best match so far; -1 for none. Open ways are those that the pattern prefers to it. */
  matchStart = -1;
  matchEnd = -1;

  constructor(program: Program) {
    const most = program.instructions.length;
    this.#program = program;
    this.#seen = new Int32Array(most);
    this.#now = new Ways(most);
    this.#next = new Ways(most);
  }

  /** True when there is a match that no further byte can change. */
  get isDecided(): boolean {
    return this.matchStart !== -1 && this.#now.count === 0;
  }

  /** Where the first match begins that may still come out of the bytes up to `end`; `end` when none has begun. */
  openAt(end: number): number {
    if (this.#now.count > 0) return this.#now.start[0]; // in order of preference, so the earliest is first
    return this.matchStart === -1 ? end : this.matchStart;
  }

  /**
   * Looks at `bytes` from `from` on, until a match is decided or none can begin at or before `limit`.
   *
   * @returns how far it has looked.
   */
  run(bytes: Uint8Array, from: number, limit: number): number {
    const { first } = this.#program;
    let at = from;
    while (at < bytes.length && !this.isDecided && this.openAt(at) <= limit) {
      if (this.#now.count === 0) {
        const end = Math.min(bytes.length, limit + 1);
        while (at < end && first[bytes[at]] === 0) at++; // most bytes begin nothing
        if (at === end) break;
      }
      this.#step(bytes[at], at);
      at++;
    }
    return at;
  }

  /** No more bytes come for now: the best match so far is the one. */
  decide(): void {
    this.#now.count = 0;
  }

  /** Begins anew. */
  reset(): void {
    this.#now.count = 0;
    this.#turn++;
    this.matchStart = this.matchEnd = -1;
  }

  /** So many bytes before all that is open are not kept any more. */
  shift(count: number): void {
    const { start } = this.#now;
    for (let way = 0; way < this.#now.count; way++) start[way] -= count;
    if (this.matchStart !== -1) {
      this.matchStart -= count;
      this.matchEnd -= count;
    }
  }

  #step(value: number, at: number): void {
    const { instructions } = this.#program;
    if (this.matchStart === -1) this.#follow(this.#now, instructions.length - 1, at, at, this.#turn);
    this.#turn++;
    this.#next.count = 0;
    const { at: places, start, count } = this.#now;
    for (let way = 0; way < count; way++) {
      const { set, to } = instructions[places[way]];
      if (set![value] === 0) continue;
      // What comes behind a match is preferred less, and given up.
      if (this.#follow(this.#next, to, start[way], at + 1, this.#turn)) break;
    }
    [this.#now, this.#next] = [this.#next, this.#now];
    this.#bound(at + 1);
  }

  /** Adds all ways on from an instruction, the preferred ones first; true when one of them is a match. */
  #follow(ways: Ways, at: number, start: number, end: number, turn: number): boolean {
    if (at === MATCHED) {
      this.matchStart = start;
      this.matchEnd = end;
      return true;
    }
    if (this.#seen[at] === turn + 1) return false; // on the same way already, and preferred
    this.#seen[at] = turn + 1;
    const { set, to, or } = this.#program.instructions[at];
    if (set !== undefined) {
      ways.at[ways.count] = at;
      ways.start[ways.count++] = start;
      return false;
    }
    if (this.#follow(ways, to, start, end, turn)) return true;
    return or !== undefined && this.#follow(ways, or, start, end, turn);
  }

  /** Gives up ways that are too long. */
  #bound(end: number): void {
    const ways = this.#now;
    if (ways.count === 0) return;
    if (this.matchStart !== -1) {
      const isLong = end - ways.start[0] >= MAX_MATCH_BYTES || end - this.matchEnd >= MAX_OVERHANG_BYTES;
      if (isLong) ways.count = 0;
      return;
    }
    let old = 0;
    while (old < ways.count && end - ways.start[old] >= MAX_MATCH_BYTES) old++;
    if (old === 0) return;
    ways.at.copyWithin(0, old, ways.count);
    ways.start.copyWithin(0, old, ways.count);
    ways.count -= old;
    // Those that were given up must not keep a new one from the same instructions.
    this.#turn++;
    for (let way = 0; way < ways.count; way++) this.#seen[ways.at[way]] = this.#turn + 1;
  }
}
