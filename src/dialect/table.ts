import type { Dialect } from "./dialect.ts";
import { LINE_OPTIONS, type LineDialectOptions, lines } from "./lines.ts";
import { native } from "./native/native.ts";
import type { OptionCheck } from "./option_check.ts";
import { raw } from "./raw.ts";

/** One wire language as users choose it. */
export interface DialectEntry {
  /** One line for help texts. */
  readonly about: string;
  /** Makes the dialect, for one endpoint. */
  make(options?: DialectOptions): Dialect;
  /** The options of `connect` and `listen` that it takes, and what they have to be. Default none. */
  readonly options?: Readonly<Record<string, OptionCheck>>;
  /** The port where an address names none. */
  readonly port?: number;
}

/** Options of `connect` and `listen` that are for one dialect. */
export interface DialectOptions extends LineDialectOptions {}

/** The name of a dialect that ships with Parley. */
export type DialectName = "native" | "lines" | "raw";

/** All dialects by name. To add one: write its file, and add its name and its options above and its line here. */
export const dialects: Readonly<Record<DialectName, DialectEntry>> = Object.freeze({
  native: { about: "Parley's own: messages, actions, requests with answers", make: native },
  lines: { about: "text, one message a line", make: lines, options: LINE_OPTIONS },
  raw: { about: "bytes as they come, no frames", make: raw },
});
