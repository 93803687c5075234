import type { Dialect } from "./dialect.ts";
import { lines } from "./lines.ts";
import { native } from "./native/native.ts";
import { raw } from "./raw.ts";

/** One wire language as users choose it. */
export interface DialectEntry {
  /** One line for help texts. */
  readonly about: string;
  /** Makes the dialect, for one endpoint. */
  make(options?: DialectOptions): Dialect;
  /** The names of the options that it takes. Default none. */
  readonly optionNames?: readonly (keyof DialectOptions)[];
}

/** Options of `connect` and `listen` that are for one dialect. */
export interface DialectOptions {
  /**
   * The dialect `lines`: what ends a line that is sent, `"\n"` (default), `"\r\n"` or `"\r"`. Lines that come end with
   * LF, a CR before it is dropped; only with `"\r"` do they end with CR, and an LF behind it is dropped.
   */
  newline?: "\n" | "\r\n" | "\r";
  /**
   * The dialect `lines`: true for a device that says every line back, as shells and modems do: what comes back of our
   * own lines is no message, so that `ask` resolves with the answer. Default false.
   */
  echo?: boolean;
  /**
   * The dialect `lines`: true when empty lines are no messages, such as those that modems put before their answers.
   * Default false.
   */
  skipEmpty?: boolean;
}

/** The name of a dialect that ships with Parley. */
export type DialectName = "native" | "lines" | "raw";

/** All dialects by name. To add one: write its file, and add its name above and its line here. */
export const dialects: Readonly<Record<DialectName, DialectEntry>> = Object.freeze({
  native: { about: "Parley's own: messages, actions, requests with answers", make: native },
  lines: { about: "text, one message a line", make: lines, optionNames: ["newline", "echo", "skipEmpty"] },
  raw: { about: "bytes as they come, no frames", make: raw },
});
