import type { Transport } from "../transport.ts";
import type { LineSettings } from "./serial_settings.ts";

/** The levels that a line can be told to have; what is left out stays as it is. */
export interface OutputSignals {
  /** Data terminal ready: many boards are reset when it drops. */
  dtr?: boolean;
  /** Request to send. */
  rts?: boolean;
  /** A break: the line is held at zero while it is true. */
  break?: boolean;
}

/** The levels of a line: those that the other side gives, and those that we have set. */
export interface LineSignals {
  /** Clear to send. */
  readonly cts: boolean;
  /** Data set ready. */
  readonly dsr: boolean;
  /** Data carrier detect. */
  readonly dcd: boolean;
  /** Ring indicator. */
  readonly ri: boolean;
  /** Data terminal ready, as it is set here. */
  readonly dtr: boolean;
  /** Request to send, as it is set here. */
  readonly rts: boolean;
}

/** Which bytes {@linkcode SerialLine.flush} throws away: what has come, what has not left yet, or both. */
export type FlushWhat = "input" | "output" | "both";

/** An open serial line: a transport that can do what only a serial line can. */
export interface SerialLine extends Transport {
  /** The device, such as `/dev/ttyUSB0`. */
  readonly path: string;
  /** How it is set. */
  readonly settings: Readonly<LineSettings>;
  /** Bytes that were written and that the system still holds; `undefined` where it cannot tell. */
  readonly unsentBytes?: number;
  /**
   * Sets output lines, at once.
   *
   * @throws {BrokenError} code `unsupported`: the port has no such lines; `unplugged`. @throws {ClosedError}
   */
  setSignals(signals: OutputSignals): Promise<void>;
  /** Reads all lines but the break. @throws as `setSignals` does. */
  getSignals(): Promise<LineSignals>;
  /** Throws away bytes that the system holds. @throws {BrokenError} code `unplugged`. @throws {ClosedError} */
  flush(what: FlushWhat): Promise<void>;
  /** Resolves when everything written has left. @throws {BrokenError} code `unplugged`. @throws {ClosedError} */
  drain(): Promise<void>;
  /**
   * Changes the rate, once everything written has left. What has come and was not read is lost.
   *
   * @throws {BrokenError} code `unsupported`: the driver refuses the rate; `unplugged`. @throws {ClosedError}
   */
  setBaudRate(baudRate: number): Promise<void>;
}

/** The names of the output lines. */
export const OUTPUT_SIGNALS: readonly (keyof OutputSignals)[] = Object.freeze(["dtr", "rts", "break"]);
