import type { SerialOptions } from "../../../mod.ts";
import type { StampKind } from "../../show/stamps.ts";
import type { Pattern } from "../pattern.ts";

/** What `parley monitor` was asked for. */
export interface MonitorOptions {
  readonly address: string;
  readonly settings: SerialOptions;
  readonly hex: boolean;
  readonly stamps: StampKind | undefined;
  readonly echo: boolean;
  /** Colour sequences of the device pass. */
  readonly colours: boolean;
  /** What the Enter key sends. */
  readonly enter: Uint8Array;
  /** A file to which what comes is appended as it is. */
  readonly log: string | undefined;
  /** End when the link ends, instead of waiting for the device. */
  readonly once: boolean;
  /** Without a terminal: do not end after the input has. */
  readonly follow: boolean;
  /** End after a line that matches. */
  readonly until: Pattern | undefined;
  /** End after so many lines. */
  readonly count: number | undefined;
  /**
   * With one of those: the longest wait for it. Otherwise, without a terminal: end after so many milliseconds without a
   * byte, when the input has ended.
   */
  readonly timeoutMs: number | undefined;
  /** One JSON object a line. */
  readonly json: boolean;
  /** No notes. */
  readonly quiet: boolean;
}
