import { BrokenError, ClosedError, type ParleyError, TimeoutError } from "../errors.ts";
import type { Direction } from "../peer/traffic.ts";
import { maskOfKnown } from "../secret/known_mask.ts";
import type { Transport } from "../transport/transport.ts";
import type { Exchange, NextPiece } from "./exchange.ts";
import { bytesText, type Difference, mismatchOf, type PlayNames } from "./mismatch.ts";
import { ToldPieces } from "./told_pieces.ts";

/** Something that was said while a recording was played. */
export interface PlayedPiece {
  /** The turn it belongs to, from 1. */
  readonly step: number;
  /** `out` was said by the side that is played, `in` by the other one. */
  readonly direction: Direction;
  /** The bytes of the piece. They are only good during the call. */
  readonly bytes: Uint8Array;
  /** The same for people: with `*` in place of the secrets that this program has read. */
  readonly shown: Uint8Array;
}

/** How a recorded connection is played. */
export interface PlayOptions {
  readonly names: PlayNames;
  /** Called before each piece is said: it leaves when what is returned has resolved. By default at once. */
  readonly pace?: (piece: NextPiece, signal: AbortSignal) => Promise<void> | void;
  /** How long the other side may be silent while something of it is waited for, in milliseconds. Default: for ever. */
  readonly timeoutMs?: number;
  /** Ends it: the transport is left as it is. */
  readonly signal?: AbortSignal;
  readonly onPiece?: (piece: PlayedPiece) => unknown;
  /** True when the other side must not say more than the recording has, until it ends the link. Default false. */
  readonly untilEnd?: boolean;
  /** True when the side that is played has ended the link in the recording: with `untilEnd` it does so again. */
  readonly ends?: boolean;
}

/**
 * Plays one side of a recorded connection on a transport that is open, until everything was said and has come; with
 * `untilEnd` until the other side has ended the link. The transport is left open.
 *
 * @throws {MismatchError} the other side says something else, or ends the link too early.
 * @throws {TimeoutError} it is silent. @throws {BrokenError} the link broke. @throws the signal's reason.
 */
export async function play(transport: Transport, exchange: Exchange, options: PlayOptions): Promise<void> {
  await new Play(transport, exchange, options).run();
}

class Play {
  readonly #transport: Transport;
  readonly #exchange: Exchange;
  readonly #options: PlayOptions;
  readonly #told: ToldPieces | undefined;
  /** Aborted when it is over, with why. */
  readonly #over = new AbortController();
  #changed = Promise.withResolvers<void>();
  #hasEnded = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(transport: Transport, exchange: Exchange, options: PlayOptions) {
    this.#transport = transport;
    this.#exchange = exchange;
    this.#options = options;
    if (options.onPiece !== undefined) this.#told = new ToldPieces(options.onPiece);
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const stop = () => this.#over.abort(signal!.reason);
    if (signal?.aborted) throw signal.reason;
    signal?.addEventListener("abort", stop);
    try {
      const listening = this.#listen();
      listening.catch((error) => this.#over.abort(error));
      await this.#speak();
    } finally {
      clearTimeout(this.#timer);
      signal?.removeEventListener("abort", stop);
      this.#over.abort(DONE); // whoever still waits for a turn
      this.#told?.end();
    }
  }

  /** Says each piece when its turn has come, until nothing is left to say or to hear. */
  async #speak(): Promise<void> {
    for (;;) {
      const { next, hasSpoken, hasHeard } = this.#exchange;
      if (this.#hasEnded) return await this.#sayRest();
      if (hasSpoken && hasHeard) {
        if (this.#options.untilEnd !== true) return;
        if (this.#options.ends === true) await this.#unlessOver(this.#transport.closeWrite());
      }
      if (next === undefined) await this.#change();
      else await this.#say(next);
    }
  }

  /** The other side says no more, and may still listen: whoever pipes all it has to say ends like that. */
  async #sayRest(): Promise<void> {
    this.#checkEnd();
    try {
      for (let next = this.#exchange.next; next !== undefined; next = this.#exchange.next) {
        await this.#say(next);
      }
    } catch (error) {
      if (!(error instanceof BrokenError || error instanceof ClosedError)) throw error; // it listens no more
    }
  }

  async #say(piece: NextPiece): Promise<void> {
    const waiting = this.#options.pace?.(piece, this.#over.signal);
    const hadEnded = this.#hasEnded;
    if (waiting !== undefined) await this.#unlessOver(waiting);
    if (this.#hasEnded !== hadEnded) return;
    this.#exchange.saidNext(); // the other side may have it before our write is done
    await this.#inTime(this.#transport.write(piece.bytes), () => this.#deaf(piece));
    this.#told?.push(piece.step, "out", piece.bytes);
  }

  async #listen(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const bytes = await this.#transport.read();
      if (this.#over.signal.aborted) return;
      if (bytes === null) {
        this.#hasEnded = true;
        this.#wake();
        return;
      }
      const { step, hasSpoken, hasHeard } = this.#exchange;
      if (hasSpoken && hasHeard && this.#options.untilEnd !== true) return; // what comes later was not recorded
      this.#check(this.#exchange.hear(bytes));
      this.#told?.push(step, "in", bytes);
      this.#wake();
    }
  }

  #checkEnd(): void {
    const { names } = this.#options;
    this.#check(this.#exchange.missing(`${names.other} has ended the link`));
  }

  #check(difference: Difference | undefined): void {
    if (difference !== undefined) throw mismatchOf(difference, this.#options.names);
  }

  /** Resolves when something has come. @throws {TimeoutError} it takes too long, while something is missing. */
  async #change(): Promise<void> {
    await this.#inTime(this.#changed.promise, () => this.#exchange.hasHeard ? undefined : this.#silent());
  }

  /** Waits for `work` as long as the other side may be silent. @param late What is wrong when it takes longer. */
  async #inTime(work: Promise<unknown>, late: () => ParleyError | undefined): Promise<void> {
    const { timeoutMs } = this.#options;
    const failure = timeoutMs === undefined ? undefined : late();
    if (failure !== undefined) this.#timer = setTimeout(() => this.#over.abort(failure), timeoutMs);
    await this.#unlessOver(work);
    clearTimeout(this.#timer);
  }

  #deaf({ step, line }: NextPiece): ParleyError {
    const { names: { link, path, other }, timeoutMs } = this.#options;
    const text =
      `${link}: stuck at step ${step} (line ${line} of ${path}): ${other} does not read, for ${timeoutMs} ms`;
    return new TimeoutError("timeout", text);
  }

  #silent(): ParleyError {
    const { names: { link, path, other }, timeoutMs } = this.#options;
    const { step, line, expected, received } = this.#exchange.missing()!;
    const shown = (bytes: Uint8Array) => bytesText(maskOfKnown().maskBytes(bytes));
    const came = received.length === 0 ? "nothing" : `only ${shown(received)}`;
    const text = `${link}: no answer at step ${step} (line ${line} of ${path}): ${other} was to say ` +
      `${shown(expected)}, and ${came} came within ${timeoutMs} ms`;
    return new TimeoutError("timeout", text);
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Waits for `work`, or throws why it is over. */
  async #unlessOver(work: Promise<unknown>): Promise<void> {
    const { signal } = this.#over;
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
    work.catch(() => {}); // it may fail when nobody waits any more
    try {
      if (signal.aborted) throw signal.reason;
      await Promise.race([work, promise]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}

const DONE = new Error("it is over");
