import { BrokenError } from "../../errors.ts";
import type { Libc } from "./libc.ts";
import { checkRate, refusedRate } from "./line_rate.ts";
import type { Native } from "./native.ts";
import type { FlushWhat, LineSignals, OutputSignals } from "./serial_line.ts";
import { MODEM } from "./system_numbers.ts";

/** The open line that is controlled. */
export interface ControlledLine {
  readonly path: string;
  /** @throws {ClosedError} @throws {BrokenError} it is not open any more. */
  checkOpen(): void;
  /** A result of the system, or the error that it means. @throws {BrokenError} `unsupported`, `unplugged`. */
  check(result: number, doing: string): number;
}

/** What an open line can do besides reading and writing: its signals, its buffers in the system, its rate. */
export class LineControls {
  readonly #fd: number;
  readonly #line: ControlledLine;
  readonly #libc: Libc;
  readonly #native: Native;
  #working: Promise<void> | undefined;

  constructor(fd: number, line: ControlledLine, libc: Libc, native: Native) {
    this.#fd = fd;
    this.#line = line;
    this.#libc = libc;
    this.#native = native;
  }

  /** Settles when the native code is done with the descriptor; `undefined` while it is not at work. */
  get working(): Promise<void> | undefined {
    return this.#working;
  }

  setSignals(signals: OutputSignals): void {
    this.#line.checkOpen();
    for (const on of [true, false]) {
      const bits = (signals.dtr === on ? MODEM.dtr : 0) | (signals.rts === on ? MODEM.rts : 0);
      if (bits === 0) continue;
      this.#line.check(this.#libc.setModemLines(this.#fd, bits, on), "set DTR and RTS of");
    }
    if (signals.break === undefined) return;
    this.#line.check(this.#libc.setBreak(this.#fd, signals.break), "send a break on");
  }

  getSignals(): LineSignals {
    this.#line.checkOpen();
    const bits = this.#line.check(this.#libc.modemLines(this.#fd), "read the modem lines of");
    const isSet = (line: number) => (bits & line) !== 0;
    const { cts, dsr, dcd, ri, dtr, rts } = MODEM;
    return {
      cts: isSet(cts),
      dsr: isSet(dsr),
      dcd: isSet(dcd),
      ri: isSet(ri),
      dtr: isSet(dtr),
      rts: isSet(rts),
    };
  }

  flush(what: FlushWhat): void {
    this.#line.checkOpen();
    this.#line.check(this.#libc.flush(this.#fd, what), "flush");
  }

  /** Changes the rate from the one `before`, which stays when the driver refuses the other. */
  async setRate(baudRate: number, before: number): Promise<void> {
    try {
      await this.#setRate(baudRate);
    } catch (error) {
      // Some drivers make another rate of one that they refuse. Where the line has ended there is nothing to mend.
      await this.#setRate(before).catch(noop);
      throw error;
    }
  }

  async #setRate(baudRate: number): Promise<void> {
    this.#line.checkOpen();
    const { path } = this.#line;
    const setting = this.#native.asyncUpdate(this.#fd, { baudRate })
      .then(() => this.#native.asyncGetBaudRate(this.#fd));
    this.#working = setting.then(noop, noop);
    try {
      const { baudRate: made } = await setting;
      this.#line.checkOpen();
      checkRate(path, baudRate, made);
    } catch (error) {
      this.#line.checkOpen();
      throw error instanceof BrokenError ? error : refusedRate(path, baudRate, (error as Error).message);
    } finally {
      this.#working = undefined;
    }
  }
}

function noop(): void {}
