import type { CheckOutcome } from "../../mod.ts";
import type { LiveLines } from "./terminal/live_view.ts";

/** Where a shell writes: results apart from everything else, since a program may read them. */
export interface ShellScreen {
  /** The value of an expression, and how long its answer was under way. */
  result(value: unknown, roundTrip?: string): void;
  /** An error: a thrown value, or text that tells of one. */
  failure(text: string, error: unknown): void;
  /** Everything else: what commands say. */
  notice(text: string): void;
  /** What a person may have meant; absent where it is said like everything else. */
  hint?(text: string): void;
  /** What became of a check; absent where it is a line like any other. */
  check?(outcome: CheckOutcome): void;
  /** Asks something that is answered by yes or no; absent where there is nobody to ask. */
  confirm?(question: string): Promise<boolean>;
  /** Shows lines that change until a key is pressed; absent where nothing can be written over. */
  showLive?(lines: LiveLines): Promise<void>;
}
