import { BrokenError, ClosedError } from "../../errors.ts";
import type { LineFacts } from "../transport.ts";
import { ReadMemory } from "../read_memory.ts";
import { WriteQueue } from "../write_queue.ts";
import type { Libc } from "./libc.ts";
import { LineControls } from "./line_controls.ts";
import { Naps } from "./naps.ts";
import type { Native } from "./native.ts";
import { Pacer, type Pacing } from "./pacing.ts";
import type { Poller } from "./poller.ts";
import type { FlushWhat, LineSignals, OutputSignals, SerialLine } from "./serial_line.ts";
import { describeSettings, type LineSettings } from "./serial_settings.ts";
import { EINVAL, ENOTTY } from "./system_numbers.ts";

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
  readonly #controls: LineControls;
  readonly #naps = new Naps();
  /** Somebody wants what comes. */
  #isRead = false;
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
    this.#pacer = pacing && new Pacer(pacing, this.#naps, () => this.#isRead);
    this.#queue = new WriteQueue({ write: (bytes) => this.#writeSome(bytes) });
    const self = {
      path,
      checkOpen: () => this.#checkOpen(),
      check: (result: number, doing: string) => this.#check(result, doing),
    };
    this.#controls = new LineControls(fd, self, system.libc, system.native);
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

  /** Resolves when nothing in the system waits for the line any more: a moment after `close`. */
  get released(): Promise<void> {
    return this.#gone;
  }

  get writtenBytes(): number {
    return this.#queue.written;
  }

  get unsentBytes(): number | undefined {
    const unsent = this.#closed ? -1 : this.#system.libc.unsent(this.#fd);
    return unsent < 0 ? undefined : unsent;
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
      this.#isRead = true;
      await this.#system.poller.readable(this.#fd);
      this.#isRead = false;
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
    const { working } = this.#controls;
    if (working === undefined) return this.#letGo();
    const forgotten = this.#gone;
    this.#gone = working.then(() => this.#letGo()).then(() => forgotten);
  }

  // deno-lint-ignore require-await -- so that whatever fails is a rejection
  async setSignals(signals: OutputSignals): Promise<void> {
    this.#controls.setSignals(signals);
  }

  // deno-lint-ignore require-await -- so that whatever fails is a rejection
  async getSignals(): Promise<LineSignals> {
    return this.#controls.getSignals();
  }

  // deno-lint-ignore require-await -- so that whatever fails is a rejection
  async flush(what: FlushWhat): Promise<void> {
    this.#controls.flush(what);
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
    await this.#controls.setRate(baudRate, this.#settings.baudRate);
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

function isUnsupported(result: number): boolean {
  return result === -ENOTTY || result === -EINVAL;
}

/** After so much that was there at once, everything else in the program gets a turn. */
const MAX_GREED_BYTES = 256 * 1024;
const MAX_WRITE_BYTES = 64 * 1024;
/** Between two looks at how much has not left yet, in milliseconds. */
const LONGEST_NAP_MS = 20;
