import { ClosedError, UsageRangeError, UsageTypeError } from "../errors.ts";
import { DEFAULT_LIMITS, MAX_WAIT_MS } from "../limits.ts";
import type { SerialDialer, SerialOptions } from "../transport/serial/serial_dialer.ts";
import {
  type FlushWhat,
  type LineSignals,
  OUTPUT_SIGNALS,
  type OutputSignals,
  type SerialLine,
} from "../transport/serial/serial_line.ts";
import { checkBaudRate, describeSettings, type LineSettings } from "../transport/serial/serial_settings.ts";
import { Client, DIALER } from "./client.ts";
import { drainLine } from "./line_drain.ts";
import { checkOptions, checkWait, type ClientOptions, OPTION_NAMES } from "./options.ts";
import type { WaitOptions } from "./peer.ts";
import { pause, REAL_WORLD, type World } from "./world.ts";

/** Options of `serial`: those of a client, and those of the line. */
export interface SerialClientOptions extends ClientOptions<Client>, SerialOptions {}

/** A client on a serial line: a {@linkcode Client} that can do what only a serial line can. */
export class SerialClient extends Client {
  readonly #world: World;
  /** How long a line may stand still while it is drained, in milliseconds. */
  readonly #stillMs: number;

  /** Use `serial`, `connect` or `createClient`. */
  constructor(address: string, options: SerialClientOptions = {}, world: World = REAL_WORLD) {
    super(address, options, world);
    this.#world = world;
    const { byteMs = 0, lineMs = 0, promptMs = 0 } = options.pacing ?? {};
    const { sendMs = DEFAULT_LIMITS.sendMs } = options.limits ?? {};
    this.#stillMs = Math.min(sendMs + byteMs + lineMs + promptMs, MAX_WAIT_MS);
  }

  /** How the line is set, or will be when it opens next. */
  get settings(): Readonly<LineSettings> {
    return this.#dialer.settings;
  }

  /** The device that is open, or was last, such as `/dev/ttyUSB0`; `undefined` before. */
  get path(): string | undefined {
    return this.#dialer.line?.path;
  }

  /**
   * Sets output lines: `{ dtr: false }`, `{ rts: true }`, `{ break: true }`. What is left out stays as it is. DTR and
   * RTS are set again when the device comes back.
   *
   * @throws {BrokenError} code `unsupported`: the port has no such lines, as virtual ports have none; `unplugged`.
   * @throws {ClosedError} code `closed`: the line is not open.
   */
  async setSignals(signals: OutputSignals): Promise<void> {
    if (signals === undefined) {
      throw new UsageTypeError(
        "Cannot set no lines: setSignals() takes those to set, such as { dtr: false }",
      );
    }
    checkOptions("setSignals()", signals, OUTPUT_SIGNALS);
    for (const [name, on] of Object.entries(signals)) {
      if (on !== undefined && typeof on !== "boolean") {
        throw new UsageTypeError(
          `Cannot use ${String(on)} as "${name}" of setSignals(): true or false is wanted`,
        );
      }
    }
    await this.#line("set the lines").setSignals(signals);
    this.#dialer.keepSignals(signals);
  }

  /** Reads the lines: CTS, DSR, DCD and RI of the other side, DTR and RTS of ours. @throws as `setSignals` does. */
  async getSignals(): Promise<LineSignals> {
    return await this.#line("read the lines").getSignals();
  }

  /**
   * Turns an output line over and back: `pulse("dtr")` resets many boards.
   *
   * @param ms How long, in milliseconds. Default 100.
   * @param on The level during the pulse. Default false for DTR and RTS, true for the break.
   * @throws as `setSignals` does.
   */
  async pulse(name: keyof OutputSignals, ms = 100, on: boolean = name === "break"): Promise<void> {
    if (!OUTPUT_SIGNALS.includes(name)) {
      throw new UsageTypeError(`Cannot pulse ${JSON.stringify(name)}: "dtr", "rts" or "break" is wanted`);
    }
    checkDuration("pulse()", ms);
    const line = this.#line(`pulse ${name}`);
    await line.setSignals({ [name]: on });
    await pause(this.#world, ms);
    await line.setSignals({ [name]: !on });
  }

  /** Holds the line at zero, which wakes or resets some devices. @param ms In milliseconds. Default 250. */
  async sendBreak(ms = 250): Promise<void> {
    await this.pulse("break", ms);
  }

  /** Throws away bytes that the system holds: what has come, what has not left yet, or both (default). */
  async flush(what: FlushWhat = "both"): Promise<void> {
    if (!["input", "output", "both"].includes(what)) {
      throw new UsageTypeError(`Cannot flush ${JSON.stringify(what)}: "input", "output" or "both" is wanted`);
    }
    await this.#line("flush the buffers").flush(what);
  }

  /**
   * Resolves when everything that was sent has left the computer, however long that takes.
   *
   * @param options `timeoutMs`: how long the line may stand still. Default `limits.sendMs` (30 s), and the waits of
   * `pacing` on top of it.
   * @throws {TimeoutError} code `timeout`: not a byte has left for so long. @throws {CancelledError} by the signal.
   * @throws {BrokenError} code `unplugged`. @throws {ClosedError} code `closed`: the line is not open.
   */
  async drain(options: WaitOptions = {}): Promise<void> {
    checkOptions("drain()", options, OPTION_NAMES.wait);
    checkWait("drain()", options);
    const line = this.#line("drain the output");
    const { timeoutMs: stillMs = this.#stillMs, signal } = options;
    await drainLine(line, { stillMs, signal, world: this.#world });
  }

  /**
   * Changes the rate while the line is open, once everything sent has left; what has come and was not read is lost. The
   * new rate is used when the device comes back.
   *
   * @throws {BrokenError} code `unsupported`: the driver refuses it. @throws {ClosedError} the line is not open.
   * @throws {TimeoutError} what was sent does not leave: see {@linkcode SerialClient.drain}.
   */
  async update(settings: { baudRate: number }): Promise<void> {
    checkOptions("update()", settings, ["baudRate"]);
    checkBaudRate(settings?.baudRate);
    const line = this.#line("change the rate");
    await this.drain();
    await line.setBaudRate(settings.baudRate);
    this.#dialer.keepBaudRate(settings.baudRate);
  }

  /** How the console shows it. */
  [Symbol.for("Deno.customInspect")](): string {
    return `SerialClient { ${this.address} ${
      describeSettings(this.settings)
    } ${this.dialect} ${this.state} }`;
  }

  get #dialer(): SerialDialer {
    return this[DIALER] as SerialDialer;
  }

  #line(doing: string): SerialLine {
    const { line } = this.#dialer;
    if (line !== undefined && this.isOpen) return line;
    throw new ClosedError(
      "closed",
      `Cannot ${doing} of ${this.address}: the line is not open (${this.state})`,
    );
  }
}

/** @throws {UsageTypeError} @throws {UsageRangeError} */
function checkDuration(where: string, ms: unknown): void {
  if (typeof ms !== "number") {
    throw new UsageTypeError(`Cannot use ${String(ms)} as the time of ${where}: milliseconds are wanted`);
  }
  if (!(ms >= 0 && ms <= MAX_PULSE_MS)) {
    throw new UsageRangeError(`Cannot use ${ms} as the time of ${where}: 0 to ${MAX_PULSE_MS} ms are wanted`);
  }
}

/** A longer pulse is a mistake of unit. */
const MAX_PULSE_MS = 60_000;
