import { BrokenError, ClosedError } from "../../errors.ts";
import type { LineFacts } from "../transport.ts";
import { ReadMemory } from "../read_memory.ts";
import { WriteQueue } from "../write_queue.ts";
import type { Libc } from "./libc.ts";
import { Naps } from "./naps.ts";
import type { Native } from "./native.ts";
import { Pacer, type Pacing } from "./pacing.ts";
import type { Poller } from "./poller.ts";
import type { FlushWhat, InputSignals, OutputSignals, SerialLine } from "./serial_line.ts";
import { describeSettings, type LineSettings } from "./serial_settings.ts";
import { EINVAL, ENOTTY, MODEM } from "./system_numbers.ts";

/** What a line needs of the system. */
export interface LineSystem {
  readonly libc: Libc;
  readonly poller: Poller;
  readonly native: Native;
  /** The line needs `libc` no more. */
  release(): void;
}

/** An open serial line on Linux or macOS: one descriptor, read and written without waiting in the system. */
export class PosixLine implements SerialLine {
  readonly path: string;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly isLocal = true;
  /** A serial line has no end that could be told. */
  readonly isEndless = true;
  readonly #fd: number;
  readonly #system: LineSystem;
  readonly #memory = new ReadMemory();
  readonly #queue: WriteQueue;
  #settings: Readonly<LineSettings>;
  /** Bytes read in a row without giving anybody else a turn. */
  #greed = 0;
  #failure: BrokenError | undefined;
  readonly #lost = Promise.withResolvers<void>();
  #closed = false;
  /** Settles when the system has let the descriptor go. */
  #gone: Promise<void> = Promise.resolve();
  /** Settles when the native code is done with the descriptor, while it is at work. */
  #setting: Promise<void> | undefined;
  readonly #naps = new Naps();
  readonly #pacer: Pacer | undefined;

  /** Takes over a descriptor that is open, set and non-blocking. */
  constructor(
    fd: number,
    path: string,
    settings: Readonly<LineSettings>,
    system: LineSystem,
    pacing?: Pacing,
  ) {
    this.#fd = fd;
    this.path = path;
    this.remoteAddress = this.localAddress = `serial:${path}`;
    this.#settings = settings;
    this.#system = system;
    this.#pacer = pacing && new Pacer(pacing, this.#naps);
    this.#queue = new WriteQueue({ write: (bytes) => this.#writeSome(bytes) });
    if (settings.lock) system.libc.setExclusive(fd, true);
    system.poller.watch(fd, () => this.#look());
  }

  get settings(): Readonly<LineSettings> {
    return this.#settings;
  }

  get line(): LineFacts {
    return { baudRate: this.#settings.baudRate, text: describeSettings(this.#settings) };
  }

  get lost(): Promise<void> {
    return this.#lost.promise;
  }

  get writtenBytes(): number {
    return this.#queue.written;
  }

  async read(): Promise<Uint8Array | null> {
    for (;;) {
      if (this.#closed) {
        await this.#gone;
        return null;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#greed < MAX_GREED_BYTES) {
        const count = this.#system.libc.read(this.#fd, this.#memory.bytes);
        if (count > 0) {
          this.#greed += count;
          const bytes = this.#memory.took(count);
          this.#pacer?.heard(bytes);
          return bytes;
        }
        if (count !== -this.#system.libc.numbers.EAGAIN) throw this.#break("read from", count);
      }
      this.#greed = 0;
      await this.#system.poller.readable(this.#fd);
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#queue.write(bytes);
  }

  async closeWrite(): Promise<void> {
    try {
      await this.drain();
    } catch {
      // The device is gone, or the line is closed: then nothing more leaves.
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.end(this.#closedError());
    const { libc, poller } = this.#system;
    // The system would wait up to half a minute in `close` until the last byte has left. On virtual ports it holds
    // none, and what the other end has not read yet must stay.
    if (libc.unsent(this.#fd) > 0) libc.flush(this.#fd, "output");
    // Not left to the end of the descriptor: on a port that somebody else holds open as well it would stay.
    if (this.#settings.lock) libc.setExclusive(this.#fd, false);
    if (this.#failure === undefined) this.#gone = poller.forget(this.#fd);
    this.#naps.end();
    // While the native code is at work on the descriptor, its number must not become that of another file.
    if (this.#setting === undefined) this.#letGo();
    else this.#gone = Promise.all([this.#gone, this.#setting.then(() => this.#letGo())]).then(noop);
  }

  // deno-lint-ignore require-await -- so that whatever fails is a rejection
  async setSignals(signals: OutputSignals): Promise<void> {
    this.#checkOpen();
    const { libc } = this.#system;
    for (const on of [true, false]) {
      const bits = (signals.dtr === on ? MODEM.dtr : 0) | (signals.rts === on ? MODEM.rts : 0);
      if (bits !== 0) this.#check(libc.setModemLines(this.#fd, bits, on), "set DTR and RTS of");
    }
    if (signals.break !== undefined) this.#check(libc.setBreak(this.#fd, signals.break), "send a break on");
  }

  // deno-lint-ignore require-await -- so that whatever fails is a rejection
  async getSignals(): Promise<InputSignals> {
    this.#checkOpen();
    const bits = this.#check(this.#system.libc.modemLines(this.#fd), "read the modem lines of");
    const { cts, dsr, dcd, ri } = MODEM;
    return {
      cts: (bits & cts) !== 0,
      dsr: (bits & dsr) !== 0,
      dcd: (bits & dcd) !== 0,
      ri: (bits & ri) !== 0,
    };
  }

  // deno-lint-ignore require-await -- so that whatever fails is a rejection
  async flush(what: FlushWhat): Promise<void> {
    this.#checkOpen();
    this.#check(this.#system.libc.flush(this.#fd, what), "flush");
  }

  async drain(): Promise<void> {
    this.#checkOpen();
    await this.#queue.idle();
    for (;;) {
      this.#checkOpen();
      const unsent = this.#system.libc.unsent(this.#fd);
      if (unsent === 0) return;
      if (unsent < 0) {
        if (isUnsupported(unsent)) return; // a port that cannot tell has nothing to wait for
        throw this.#break("drain", unsent);
      }
      const ms = Math.ceil(unsent * 10_000 / this.#settings.baudRate);
      await this.#naps.take(Math.min(Math.max(ms, 1), LONGEST_NAP_MS));
    }
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.drain();
    try {
      await this.#setRate(baudRate);
    } catch (error) {
      // Some drivers make another rate of one that they refuse: back to the one before.
      if (!this.#closed) await this.#setRate(this.#settings.baudRate).catch(() => {});
      throw error;
    }
    this.#settings = { ...this.#settings, baudRate };
  }

  /** How the console shows a line. */
  [Symbol.for("Deno.customInspect")](): string {
    const state = this.#closed ? "closed" : this.#failure?.code ?? "open";
    return `SerialLine { ${this.path} ${describeSettings(this.#settings)} ${state} }`;
  }

  #letGo(): void {
    const { libc, release } = this.#system;
    libc.close(this.#fd);
    release();
  }

  async #setRate(baudRate: number): Promise<void> {
    const { native } = this.#system;
    const setting = native.asyncUpdate(this.#fd, { baudRate }).then(() => native.asyncGetBaudRate(this.#fd));
    this.#setting = setting.then(noop, noop);
    try {
      const { baudRate: made } = await setting;
      this.#checkOpen();
      checkRate(this.path, baudRate, made);
    } catch (error) {
      this.#checkOpen();
      if (error instanceof BrokenError) throw error;
      throw new BrokenError("unsupported", refusedRate(this.path, baudRate, (error as Error).message));
    } finally {
      this.#setting = undefined;
    }
  }

  async #writeSome(bytes: Uint8Array): Promise<number> {
    const { libc, poller } = this.#system;
    const pacer = this.#pacer;
    if (pacer !== undefined) await pacer.turn();
    const allowed = Math.min(pacer === undefined ? bytes.length : pacer.allowed(bytes), MAX_WRITE_BYTES);
    const leaving = allowed < bytes.length ? bytes.subarray(0, allowed) : bytes;
    for (;;) {
      this.#checkOpen();
      const count = libc.write(this.#fd, leaving);
      if (count >= 0) {
        pacer?.left(bytes, count);
        return count;
      }
      if (count !== -libc.numbers.EAGAIN) throw this.#break("write to", count);
      await poller.writable(this.#fd);
    }
  }

  /** Is the device still there? Some drivers tell nobody who only waits. */
  #look(): void {
    const { libc } = this.#system;
    const unsent = libc.unsent(this.#fd);
    if (unsent < 0 && !isUnsupported(unsent)) this.#break("use", unsent);
    else if (!libc.exists(this.path)) this.#break("use", 0);
  }

  /** The device is gone: nothing more will come or leave. */
  #break(doing: string, result: number): BrokenError {
    if (this.#failure === undefined) {
      const why = result === 0 ? "" : ` (${this.#system.libc.describe(-result)})`;
      const text = `Cannot ${doing} ${this.remoteAddress}: the device was unplugged${why}`;
      this.#failure = new BrokenError("unplugged", text);
      this.#queue.end(this.#failure);
      this.#lost.resolve();
      // Wakes who waits to read or to write; the descriptor itself lives until `close`.
      this.#gone = this.#system.poller.forget(this.#fd);
      this.#naps.end();
    }
    return this.#failure;
  }

  #check(result: number, doing: string): number {
    if (result >= 0) return result;
    if (!isUnsupported(result)) throw this.#break(doing, result);
    const { libc } = this.#system;
    const why = `not supported by this port (${libc.describe(-result)}); virtual ports have no modem lines`;
    throw new BrokenError("unsupported", `Cannot ${doing} ${this.remoteAddress}: ${why}`);
  }

  #checkOpen(): void {
    if (this.#closed) throw this.#closedError();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #closedError(): ClosedError {
    return new ClosedError("closed", `Cannot use ${this.remoteAddress}: the link was closed here`);
  }
}

/** @throws {BrokenError} code `unsupported`: the driver has made a rate at which no byte would arrive whole. */
export function checkRate(path: string, wanted: number, made: number): void {
  // A receiver looks at the middle of the tenth bit: at 5 percent off it sees the wrong one, and both ends may be off.
  if (made > 0 && Math.abs(made - wanted) > wanted * MAX_RATE_ERROR) {
    throw new BrokenError("unsupported", refusedRate(path, wanted, `its driver makes ${made} of it`));
  }
}

function refusedRate(path: string, baudRate: number, why: string): string {
  return `Cannot set serial:${path} to ${baudRate} baud: ${why}; use a rate that it has, such as 115200`;
}

function isUnsupported(result: number): boolean {
  return result === -ENOTTY || result === -EINVAL;
}

function noop(): void {}

const MAX_RATE_ERROR = 0.025;
/** After so much that was there at once, everything else in the program gets a turn. */
const MAX_GREED_BYTES = 256 * 1024;
const MAX_WRITE_BYTES = 64 * 1024;
/** Between two looks at how much has not left yet, in milliseconds. */
const LONGEST_NAP_MS = 20;
