import { BrokenError, ParleyError } from "../errors.ts";
import type { Session } from "../session.ts";
import type { SessionEvent } from "../session_event.ts";
import type { Transport } from "../transport/transport.ts";
import { within, type World } from "./world.ts";

/** Whom a link tells what happens on it. */
export interface LinkOwner {
  /** Milliseconds on the clock of the owner. */
  now(): number;
  /** Something has happened. What the owner sends meanwhile leaves in one write afterwards. */
  handle(events: readonly SessionEvent[]): void;
  /** Bytes have come, and what they meant was handled. */
  heard(): void;
  /** True while somebody wants to see every byte. */
  readonly isTapped: boolean;
  /** Bytes have come, or leave now. They are only good during the call. */
  passed(direction: "in" | "out", bytes: Uint8Array): void;
  /** All that waited was handed to the system, or part of it. */
  drained(): void;
  /** No more will come: resolves when what has come and waits for the callbacks of another message had its turn. */
  turnsEnd(): Promise<void>;
  /** No more will come from the other side: orderly, or because of `error`. Called once, unless we closed first. */
  ended(error: ParleyError | undefined): void;
}

/**
 * The pump between a transport and a session: everything that is read goes into the session, everything that the
 * session has to say is written, one write at a time. What is said while a write is under way leaves in the next.
 */
export class Link {
  readonly transport: Transport;
  readonly #session: Session;
  readonly #owner: LinkOwner;
  readonly #world: World;
  #handling = false;
  #writing = false;
  #inFlightBytes = 0;
  #writes = 0;
  /** What was written when it was looked at last, and when that was first more than before. */
  #writtenBefore = -1;
  #movedAt = 0;
  #arrivedBefore: number | undefined;
  #failed = false;
  #writeError: ParleyError | undefined;
  #discarding = false;
  /** Nothing more comes: what the wire still holds back will never leave. */
  #hasEnded = false;
  /** All has come, and some of it waits for its turn. */
  #isTurning = false;
  /** When something was written last. */
  #writtenAt: number | undefined;
  /** When the other side has handled all that has left, where it drops the rest at the end. */
  #handledAt = 0;
  #handedOver = false;
  #holds: number;
  #resume: (() => void) | undefined;
  /** The device is gone: holding back does not matter any more. */
  #lost = false;
  #pump: Promise<void> | undefined;

  /** @param holds Reasons not to read that are there already: see {@linkcode Link.hold}. */
  constructor(transport: Transport, session: Session, owner: LinkOwner, world: World, holds = 0) {
    this.transport = transport;
    this.#session = session;
    this.#owner = owner;
    this.#world = world;
    this.#holds = holds;
  }

  /** Bytes that are not handed to the system yet. */
  get backlogBytes(): number {
    return this.#session.outputBytes + this.#inFlightBytes + this.#session.waitingBytes;
  }

  /**
   * False while bytes of the other side are left unread on purpose, and with them its signs of life. Where it does not
   * read either, not a byte in `stillMs`, that is no excuse: then its silence counts. Also false while it takes what we
   * say, byte by byte, on a slow line: that is a sign of life, and our question for one still waits behind those bytes.
   */
  isListening(now: number, stillMs: number): boolean {
    if (this.#isArriving()) return false;
    const written = this.transport.writtenBytes ?? this.#writes;
    if (written !== this.#writtenBefore || this.backlogBytes === 0) {
      this.#writtenBefore = written;
      this.#movedAt = now;
    }
    return this.#holds === 0 || now - this.#movedAt >= stillMs;
  }

  #isArriving(): boolean {
    const { arrivedBytes, writtenBytes } = this.transport;
    const hasMore = arrivedBytes !== this.#arrivedBefore;
    this.#arrivedBefore = arrivedBytes;
    return hasMore && (arrivedBytes !== writtenBytes || this.backlogBytes > 0);
  }

  /** Speaks the first words, as `open` of the session says them, and reads until the end. */
  start(open: () => readonly SessionEvent[]): void {
    this.transport.lost?.then(() => {
      this.#lost = true;
      this.#resume?.();
    });
    this.#handle(open());
    this.#pump = this.#run();
  }

  /** Gives the transport to somebody else: nothing more is read or written here. Only called while handling. */
  handOver(): Transport {
    this.#handedOver = this.#failed = true;
    return this.transport;
  }

  /** A file was cut: what the wire holds back behind it will never leave, and is not waited for. */
  forgetWaiting(): void {
    this.#hasEnded = true;
    this.#wakeDrain();
  }

  /** Stops reading until as many `release`s: the other side then feels it as back-pressure. */
  hold(): void {
    this.#holds++;
  }

  release(): void {
    if (--this.#holds > 0) return;
    this.#resume?.();
    this.#resume = undefined;
  }

  /** Writes what waits, unless a write is under way or more is about to be said. */
  flush(): void {
    if (this.#writing || this.#handling || this.#failed || this.#session.outputBytes === 0) return;
    this.#writing = true;
    const bytes = this.#session.takeOutput();
    this.#inFlightBytes = bytes.length;
    if (this.#owner.isTapped) this.#owner.passed("out", bytes);
    const handlingMs = this.#session.handlingMs(bytes);
    if (handlingMs > 0) this.#handledAt = Math.max(this.#handledAt, this.#world.now()) + handlingMs;
    this.transport.write(bytes).then(this.#written, this.#writeFailed);
  }

  /** Handles what the session says outside of reading, such as at a tick. */
  feed(events: readonly SessionEvent[]): void {
    this.#handle(events);
  }

  /**
   * Ends the link once all that waits was written: tells the other side, gives it `lingerMs` to read the last words
   * and to close as well, and closes. Closing with unread bytes would reset the connection and lose those words.
   */
  async finish(drainMs: number, lingerMs: number): Promise<void> {
    const ownMs = this.#session.lingerMs;
    this.#discarding = this.#session.waitingBytes === 0;
    this.#holds = 0;
    this.#resume?.();
    this.flush();
    const closed = (async () => {
      while (!this.#failed && this.#mustDrain) await this.#nextDrain();
      this.#discarding = true;
      await this.#linger(ownMs, drainMs);
      await this.transport.closeWrite();
    })();
    await within(this.#world, closed, drainMs + Math.max(ownMs, this.#handledAt === 0 ? 0 : drainMs));
    this.#discarding = true;
    const mayEnd = this.transport.isEndless !== true;
    if (!this.#failed && mayEnd && this.#pump !== undefined) await within(this.#world, this.#pump, lingerMs);
    this.abort();
    await this.#pump;
    await this.transport.released;
  }

  get #mustDrain(): boolean {
    return this.backlogBytes - (this.#hasEnded ? this.#session.waitingBytes : 0) > 0;
  }

  /** Gives the other side time to handle what was written last, `mostMs` at most, unless it closes before. */
  async #linger(ms: number, mostMs: number): Promise<void> {
    if (this.#writtenAt === undefined || this.#failed || this.#pump === undefined) return;
    if (this.transport.isEndless === true) return; // nobody at the other end of a cable notices that we close
    const now = this.#world.now();
    const handledMs = Math.min(Math.max(this.#writtenAt, this.#handledAt) - now, mostMs);
    const leftMs = handledMs + ms;
    if (leftMs > 0) await within(this.#world, this.#pump, leftMs);
  }

  /** Says `words` as the last, and ends the link without its session: that goes on elsewhere. */
  async leave(words: Uint8Array): Promise<void> {
    const ownMs = this.#session.lingerMs; // of the conversation that ends here: soon the session has another
    this.#failed = this.#discarding = true;
    this.#holds = 0;
    this.#resume?.();
    if (this.#owner.isTapped) this.#owner.passed("out", words);
    const said = this.transport.write(words).then(() => this.transport.closeWrite());
    await within(this.#world, said, LAST_WORDS_MS);
    if (this.#pump !== undefined && this.transport.isEndless !== true) {
      await within(this.#world, this.#pump, Math.max(LAST_WORDS_MS, ownMs));
    }
    this.transport.close();
  }

  /** Ends the link at once. */
  abort(): void {
    this.#failed = true;
    this.#discarding = true;
    this.#holds = 0;
    this.#resume?.();
    this.transport.close();
    this.#wakeDrain();
  }

  #drainWaiter: PromiseWithResolvers<void> | undefined;

  #nextDrain(): Promise<void> {
    this.#drainWaiter ??= Promise.withResolvers();
    return this.#drainWaiter.promise;
  }

  #wakeDrain(): void {
    this.#drainWaiter?.resolve();
    this.#drainWaiter = undefined;
  }

  async #run(): Promise<void> {
    let error: ParleyError | undefined;
    try {
      for (;;) {
        while (this.#holds > 0 && !this.#lost) await new Promise<void>((resolve) => this.#resume = resolve);
        const chunk = await this.transport.read();
        if (chunk === null) break;
        if (this.#owner.isTapped && !this.#discarding) this.#owner.passed("in", chunk);
        if (!this.#discarding) this.#handle(this.#session.receive(chunk, this.#owner.now()));
        if (this.#handedOver) return;
        this.#wakeDrain(); // what has come may have let go what the wire held back
        this.#owner.heard();
      }
      if (!this.#discarding && this.#session.isBusy) await this.#turnsEnd();
      if (!this.#discarding) this.#handle(this.#session.receiveEnd(this.#owner.now()));
    } catch (thrown) {
      error = thrown instanceof ParleyError ? thrown : unexpected(this.transport, thrown);
      if (!this.#discarding && this.#session.isBusy) await this.#turnsEnd();
    }
    this.#hasEnded = true;
    this.#wakeDrain();
    if (!this.#discarding) this.#owner.ended(this.#writeError ?? error);
  }

  /** What has come and waits for other callbacks is not lost with the link. */
  async #turnsEnd(): Promise<void> {
    this.#isTurning = true;
    await this.#owner.turnsEnd();
    this.#isTurning = false;
  }

  #handle(events: readonly SessionEvent[]): void {
    if (events.length > 0) {
      this.#handling = true;
      try {
        this.#owner.handle(events);
      } finally {
        this.#handling = false;
      }
    }
    this.flush();
  }

  readonly #written = (): void => {
    this.#writes++;
    if (this.#session.lingerMs > 0 || this.#handledAt > 0) this.#writtenAt = this.#world.now();
    this.#writing = false;
    this.#inFlightBytes = 0;
    this.flush();
    this.#wakeDrain();
    this.#owner.drained();
  };

  readonly #writeFailed = (thrown: unknown): void => {
    this.#writing = false;
    this.#inFlightBytes = 0;
    this.#failed = true;
    this.#wakeDrain();
    this.#writeError = thrown instanceof ParleyError ? thrown : unexpected(this.transport, thrown);
    if (!this.#discarding) this.#readLastWords(this.#writeError);
  };

  /**
   * What the other side said before it went may still wait to be read, and then the reader finds the end as well;
   * unless it is held, or the other side only stopped reading: so not for long.
   */
  async #readLastWords(error: ParleyError): Promise<void> {
    if (this.#pump !== undefined) await within(this.#world, this.#pump, LAST_WORDS_MS);
    if (!this.#discarding && !this.#isTurning) this.#owner.ended(error); // otherwise the reader tells it
  }
}

/** How long reading goes on after a write has failed, in milliseconds. */
const LAST_WORDS_MS = 200;

/** A transport of somebody's own that throws what it should not. */
function unexpected(transport: Transport, thrown: unknown): BrokenError {
  return new BrokenError("io", `Link ${transport.remoteAddress} failed: ${String(thrown)}`, {
    cause: thrown,
  });
}
