import type { Dialect } from "./dialect.ts";
import { lines } from "./lines.ts";
import { native } from "./native/native.ts";
import { raw } from "./raw.ts";

/** One wire language as users choose it. */
export interface DialectEntry {
  /** One line for help texts. */
  readonly about: string;
  /** Makes the dialect, for one endpoint. */
  make(): Dialect;
}

/** The name of a dialect that ships with Parley. */
export type DialectName = "native" | "lines" | "raw";

/** All dialects by name. To add one: write its file, and add its name above and its line here. */
export const dialects: Readonly<Record<DialectName, DialectEntry>> = Object.freeze({
  native: { about: "Parley's own: messages, actions, requests with answers", make: native },
  lines: { about: "text, one message a line", make: lines },
  raw: { about: "bytes as they come, no frames", make: raw },
});
