import type { Answers } from "./answers.ts";
import type { Peer } from "./peer.ts";

/** What came of a call for one of many peers: a row in the table of answers. */
export type Answer<Value = unknown> =
  & {
    /** Whom it is from. Not shown and not in JSON: `name` is. */
    readonly peer: Peer;
    /** What the peer is called; see `Peer.name`. */
    readonly name: string;
    /** From the call to this answer, in milliseconds. */
    readonly ms: number;
  }
  & (
    | { readonly ok: true; readonly value: Value; readonly error?: undefined }
    | {
      readonly ok: false;
      readonly value?: undefined;
      /** Why there is no value: `TimeoutError`, `RemoteError`, `BrokenError`, … */
      readonly error: Error;
      /** Whether the link was up when the call failed. */
      readonly isOpen: boolean;
      /** For how long nothing had come from the peer by then, in milliseconds; where that is known. */
      readonly silentMs?: number;
    }
  );

/**
 * What the global event `"parley:answers"` carries when many peers are called: for a program, such as the console, that
 * shows the answers as they come.
 */
export interface AnswersBegun {
  /** What is called, such as `request "battery"`. */
  readonly what: string;
  /** The names of those that are called. */
  readonly names: readonly string[];
  /** The table that comes of it, as the caller has it. */
  readonly answers: Answers;
  /** Calls `show` with each answer, before anybody who waits for it goes on. */
  watch(show: (answer: Answer) => void): void;
  /** Calls off what has no answer yet: the calls fail with a `CancelledError` that has this reason. */
  stop(reason: Error): void;
}
