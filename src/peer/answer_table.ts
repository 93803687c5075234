import { showAnswers } from "../show/answers.ts";
import type { Answer } from "./answer.ts";

/**
 * What came of a call to many peers, the fastest answer first and those without one last. The console shows it as a
 * table.
 */
export class AnswerTable<Value = unknown> implements Iterable<Answer<Value>> {
  /** What was called, such as `request "battery"`. */
  readonly what: string;
  /** One for each peer, in the order in which they came. */
  readonly rows: readonly Answer<Value>[];

  /** Made by `server.request` and by groups. */
  constructor(what: string, rows: readonly Answer<Value>[]) {
    this.what = what;
    this.rows = Object.freeze([...rows]);
  }

  /** True when somebody was called, and all have answered. */
  get ok(): boolean {
    return this.rows.length > 0 && this.failed.length === 0;
  }

  /** How many were called. */
  get length(): number {
    return this.rows.length;
  }

  /** What was answered, in the order in which it came. */
  get values(): Value[] {
    return this.rows.flatMap((row) => row.ok ? [row.value] : []);
  }

  /** The rows of those that have not answered, or with an error. */
  get failed(): (Answer<Value> & { readonly ok: false })[] {
    return this.rows.filter((row) => !row.ok);
  }

  /** The rows, one by one. */
  [Symbol.iterator](): Iterator<Answer<Value>> {
    return this.rows[Symbol.iterator]();
  }

  /** How the console shows it. */
  [Symbol.for("Deno.customInspect")](_inspect: unknown, options?: { colors?: boolean }): string {
    return showAnswers(this.what, this.rows, { colors: options?.colors === true });
  }
}
