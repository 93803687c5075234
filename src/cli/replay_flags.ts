import type { SecretMask } from "../../mod.ts";
import type { SerialFlags } from "./serial_flags.ts";

/** The options of `parley replay`. */
export interface ReplayFlags extends SerialFlags {
  readonly listen?: string;
  readonly link?: string;
  readonly peer?: string;
  readonly speed?: number;
  readonly wait?: true;
  readonly step?: true;
  readonly ignore?: RegExp;
  readonly timeout?: number;
  readonly json?: true;
  readonly quiet?: true;
}

/** How a replay is told. */
export interface ReplayHow extends ReplayFlags {
  /** Hides what was filled in. */
  readonly masks: SecretMask;
}

/** What a replay ends with that somebody has stopped. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}
