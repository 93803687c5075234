import type { Completion } from "./completion.ts";

/** Why a terminal can be read no more: the user's window is gone, or somebody asked the process to end. */
export type TerminalEnd = "hang-up" | "SIGTERM";

/** What a {@linkcode Terminal} is made of. */
export interface TerminalOptions {
  /** Before the first line of an input; may hold SGR colours. A function is asked for each drawing. Default: `"> "`. */
  prompt?: string | (() => string);
  /** Before every further line of an input. Default: `"… "`. */
  continuationPrompt?: string;
  /** Earlier inputs, oldest first, and where a new one is kept before it is handed over. Default: none are kept. */
  history?: { readonly entries: readonly string[]; add(input: string): void };
  /** What could be meant at the cursor, for Tab. A promise may take its time: it counts only if nothing changed. */
  complete?(text: string, cursor: number): Completion | Promise<Completion>;
  /** Whether a text is a whole input, or Enter begins another line. Default: it always is. */
  isComplete?(text: string): boolean | Promise<boolean>;
  /** Ctrl-C while no input is being read, which is while the last one is evaluated. */
  onInterrupt?(): void;
  /**
   * The terminal is gone or the process shall end; modes are restored already. Default: a pending
   * {@linkcode Terminal.readInput} gives null after a hang-up, otherwise the process exits with 129 or 143.
   */
  onEnd?(reason: TerminalEnd): void;
}
