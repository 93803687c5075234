import type { ArqPipe } from "../arq/arq_pipe.ts";
import { BrokenError, ClosedError } from "../errors.ts";
import type { LineFacts, Transport } from "../transport/transport.ts";
import { WriteQueue } from "../transport/write_queue.ts";
import type { ReliablePump } from "./reliable_pump.ts";

/**
 * A serial line as a pipe without errors: one connection of the serial wire as a {@linkcode Transport}. Made by
 * `connectReliable` and `acceptReliable`.
 *
 * `write` resolves when the bytes are in the window of at most 8192 that are not acknowledged, from where they are sent
 * until they arrive; `closeWrite` when all have arrived, or nothing was heard for 2 s. After `close` the other side has
 * half a second to hear of it. Besides what
 * the contract says, `read` and `write` reject with `BrokenError` code `silent` (nothing was acknowledged for
 * `giveUpMs`) or `reset` (the other side has restarted), and `ProtocolError` code `garbage` or `bad_ack`.
 */
export class ReliableTransport implements Transport {
  readonly #pump: ReliablePump;
  readonly #pipe: ArqPipe;
  readonly #queue: WriteQueue;
  readonly #whenDone: () => Promise<void> | void;
  readonly #released = Promise.withResolvers<void>();
  #reader: PromiseWithResolvers<Uint8Array | null> | undefined;
  /** Who waits for everything that was said to arrive. */
  #finisher: PromiseWithResolvers<void> | undefined;
  #writer: { bytes: Uint8Array; promise: PromiseWithResolvers<number> } | undefined;
  #handedOver = 0;
  #isClosed = false;
  #isDone = false;

  /**
   * @param whenDone Called once, when the line is no longer needed for this connection; `released` resolves when what it
   * returns has resolved.
   */
  constructor(pump: ReliablePump, pipe: ArqPipe, whenDone: () => Promise<void> | void) {
    this.#pump = pump;
    this.#pipe = pipe;
    this.#whenDone = whenDone;
    this.#queue = new WriteQueue({ write: (bytes) => this.#writeSome(bytes) });
  }

  get remoteAddress(): string {
    return this.#pump.line.remoteAddress;
  }

  get localAddress(): string {
    return this.#pump.line.localAddress;
  }

  get isLocal(): boolean {
    return this.#pump.line.isLocal;
  }

  /** Bytes that the window took: those of packets would also count where nothing gets through. */
  get writtenBytes(): number {
    return this.#handedOver;
  }

  get arrivedBytes(): number {
    return this.#handedOver - this.#pipe.unacked;
  }

  get line(): LineFacts | undefined {
    return this.#pump.line.line;
  }

  /**
   * Resolves when the line is no longer needed, some time after `close`: what was written is delivered first. At the end
   * that connects the line is closed then; at the waiting end it outlives its connections.
   */
  get released(): Promise<void> {
    return this.#released.promise;
  }

  read(): Promise<Uint8Array | null> {
    this.#reader ??= Promise.withResolvers();
    const { promise } = this.#reader;
    this.#pipe.free();
    this.#turn(); // which also tells the other side of the room, and settles this read
    return promise;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#queue.write(bytes);
  }

  async closeWrite(): Promise<void> {
    if (this.#isClosed) return;
    await this.#queue.idle().catch(() => {}); // the other side may be gone: then there is nobody to tell
    this.#pipe.finish();
    this.#finisher ??= Promise.withResolvers();
    const { promise } = this.#finisher;
    this.#turn();
    await promise;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#endWrites(
      new ClosedError("closed", `Cannot write to ${this.remoteAddress}: the link was closed here`),
    );
    this.#pipe.close(this.#pump.now);
    this.#turn();
  }

  /** Settles whatever can be settled now: the pump calls it after everything that may have changed something. */
  settle(): void {
    const { failure, isPeerGone, isDone, isIdle } = this.#pipe;
    this.#settleRead();
    const isVain = this.#finisher !== undefined && this.#pipe.isVain(this.#pump.now);
    if (isIdle || isPeerGone || isDone || this.#isClosed || isVain) this.#finisher?.resolve();
    if (failure !== undefined) this.#endWrites(failure);
    else if (isPeerGone) {
      const why = "the other side has closed the connection";
      this.#endWrites(new BrokenError("broken_pipe", `Cannot write to ${this.remoteAddress}: ${why}`));
    }
    this.#settleWrite();
    if (!isDone || this.#isDone) return;
    this.#isDone = true;
    this.#released.resolve(this.#whenDone());
  }

  /** The pump tells only the connection of the moment; this one may have been replaced. */
  #turn(): void {
    this.#pump.turn();
    this.settle();
  }

  #settleRead(): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    const chunk = this.#isClosed ? undefined : this.#pipe.read();
    if (chunk === undefined && !this.#isClosed && !this.#pipe.isAtEnd) {
      if (this.#pipe.failure === undefined) return;
      this.#reader = undefined;
      return reader.reject(this.#pipe.failure);
    }
    this.#reader = undefined;
    reader.resolve(chunk ?? null);
  }

  #writeSome(bytes: Uint8Array): Promise<number> {
    const taken = this.#take(bytes);
    if (taken > 0 || bytes.length === 0) return Promise.resolve(taken);
    this.#writer = { bytes, promise: Promise.withResolvers() };
    return this.#writer.promise.promise;
  }

  #settleWrite(): void {
    const writer = this.#writer;
    if (writer === undefined || this.#pipe.room === 0) return;
    this.#writer = undefined;
    writer.promise.resolve(this.#take(writer.bytes));
  }

  #take(bytes: Uint8Array): number {
    const taken = this.#pipe.write(bytes);
    this.#handedOver += taken;
    if (taken > 0) this.#pump.turn();
    return taken;
  }

  #endWrites(reason: Error): void {
    this.#queue.end(reason);
    this.#writer?.promise.reject(reason);
    this.#writer = undefined;
  }
}
