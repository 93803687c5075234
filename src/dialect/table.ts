import { CLEVER_SHOW_OPTIONS, cleverShow, type CleverShowOptions } from "./clever_show/clever_show.ts";
import type { Dialect } from "./dialect.ts";
import { leads, LEADS_OPTIONS, type LeadsOptions } from "./leads/leads.ts";
import { LINE_OPTIONS, type LineDialectOptions, lines } from "./lines.ts";
import { native } from "./native/native.ts";
import { oneline, ONELINE_OPTIONS, type OnelineOptions } from "./oneline/oneline.ts";
import type { OptionCheck } from "./option_check.ts";
import { raw } from "./raw.ts";
import { serpy, SERPY_OPTIONS, type SerpyOptions } from "./serpy/serpy.ts";
import { serpy2, SERPY2_OPTIONS, type Serpy2Options } from "./serpy2/serpy2.ts";

/** One wire language as users choose it. */
export interface DialectEntry {
  /** One line for help texts. */
  readonly about: string;
  /** Makes the dialect, for one endpoint. */
  make(options?: DialectOptions): Dialect;
  /** The options of `connect` and `listen` that it takes, and what they have to be. Default none. */
  readonly options?: Readonly<Record<string, OptionCheck>>;
}

/** Options of `connect` and `listen` that are for one dialect. */
export interface DialectOptions
  extends LineDialectOptions, LeadsOptions, OnelineOptions, SerpyOptions, Serpy2Options, CleverShowOptions {}

/** The name of a dialect that ships with Parley. */
export type DialectName =
  | "native"
  | "lines"
  | "raw"
  | "leads"
  | "oneline"
  | "serpy"
  | "serpy2"
  | "clever-show";

/** All dialects by name. To add one: write its file, and add its name and its options above and its line here. */
export const dialects: Readonly<Record<DialectName, DialectEntry>> = Object.freeze({
  native: { about: "Parley's own: messages, actions, requests with answers", make: native },
  lines: { about: "text, one message a line", make: lines, options: LINE_OPTIONS },
  raw: { about: "bytes as they come, no frames", make: raw },
  leads: {
    about: "LEADS vehicles: text up to a separator",
    make: leads,
    options: LEADS_OPTIONS,
  },
  oneline: {
    about: "socket-oneline: commands and answers in lines",
    make: oneline,
    options: ONELINE_OPTIONS,
  },
  serpy: { about: "Python's serpy: text, bytes, plain pickles", make: serpy, options: SERPY_OPTIONS },
  serpy2: { about: "Python's serpy2: typed values", make: serpy2, options: SERPY2_OPTIONS },
  "clever-show": {
    about: "drone shows: actions, requests, files",
    make: cleverShow,
    options: CLEVER_SHOW_OPTIONS,
  },
});
