import type { Link } from "../link_book.ts";

/** What came on one link in one turn that no `ask` had waited for. */
export interface Heard {
  /** How many messages. */
  readonly count: number;
  /** Their length, where they are bytes in pieces as they happen to come; otherwise nobody needs it. */
  readonly rawBytes?: number;
  /** When each came, in milliseconds since 1970; the first {@linkcode MAX_WAITED} of them. */
  readonly at: readonly number[];
  /** What the first ones were, as text in one line. */
  readonly shown: readonly string[];
}

/** From one input to the next. Times in milliseconds since 1970. */
export interface Turn {
  /** Which of the saved inputs it is; `undefined` for one that has failed or is not saved. */
  readonly input: number | undefined;
  readonly beganAt: number;
  /** When the input had been evaluated: what comes later came while somebody looked at the screen and typed. */
  readonly endedAt: number;
  /** When the next input began, or the session was saved. */
  readonly nextAt: number;
  /** The links that the input has opened or sent something on, with the variable that held each in the end. */
  readonly spoke: ReadonlySet<Link>;
  readonly heard: ReadonlyMap<Link, Heard>;
  /** The variables that hold these links. */
  readonly names: ReadonlyMap<Link, string>;
}

/** More messages than this in one turn are no answer to a line. */
export const MAX_WAITED = 64;
