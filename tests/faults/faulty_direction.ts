import type { Socket } from "node:net";
import type { SeededRandom } from "../../src/testing/seeded_random.ts";

/** The bytes that go from one socket to another, and what happens to them on the way. */
export class FaultyDirection {
  readonly #from: Socket;
  readonly #to: Socket;
  #passing = Promise.resolve();
  #swallows = false;
  #held: Promise<void> | undefined;
  #slicedChunks = 0;
  #delayedChunks = 0;
  #delayMs = 0;
  #stopAfter = Infinity;
  #stopped: { random: SeededRandom; tell: (happened: true) => void } | undefined;
  /** Ends whatever waits: a delay, a stall, a full socket. */
  readonly #end = Promise.withResolvers<void>();

  constructor(from: Socket, to: Socket) {
    this.#from = from;
    this.#to = to;
    from.on("data", (chunk: Uint8Array) => {
      from.pause();
      this.#passing = this.#passing.then(() => this.#pass(chunk)).then(() => void from.resume());
    });
    from.on("end", async () => {
      await this.#passing; // the end may be known before the last chunk has gone on
      if (this.#swallows) from.destroy();
      else to.end();
    });
  }

  /** True when nothing gets through any more. */
  get swallows(): boolean {
    return this.#swallows;
  }

  /** From now on everything is read and forgotten, the end of the stream too. */
  swallow(): void {
    this.#swallows = true;
  }

  /** The next chunks arrive in pieces of 1 to 8 bytes. */
  slice(chunks: number): void {
    this.#slicedChunks = chunks;
  }

  /** Each of the next chunks waits for `ms`. */
  delay(chunks: number, ms: number): void {
    this.#delayedChunks = chunks;
    this.#delayMs = ms;
  }

  /** What comes is held back for `ms`, then goes on. */
  stall(ms: number): void {
    const held = Promise.all([this.#held, this.#pause(ms)]).then(() => {
      if (this.#held === held) this.#held = undefined;
    });
    this.#held = held;
  }

  /** Passes `after` more bytes and a part of the chunk they end in, then no more. Resolves when that has happened. */
  stopWithin(after: number, random: SeededRandom): Promise<true> {
    const { promise, resolve } = Promise.withResolvers<true>();
    this.#stopAfter = after;
    this.#stopped = { random, tell: resolve };
    return promise;
  }

  /** Resolves when what came so far has gone on. */
  get idle(): Promise<void> {
    return this.#passing;
  }

  /** The socket that is written to has gone: nothing is waited for any more. */
  stop(): void {
    this.#end.resolve();
  }

  async #pass(chunk: Uint8Array): Promise<void> {
    if (this.#held !== undefined) await this.#held;
    if (this.#delayedChunks > 0) {
      this.#delayedChunks--;
      await this.#pause(this.#delayMs);
    }
    if (this.#swallows) return;
    if (this.#stopAfter < chunk.length && chunk.length > 1) return await this.#stopIn(chunk);
    this.#stopAfter = Math.max(0, this.#stopAfter - chunk.length);
    if (this.#slicedChunks === 0) return await this.#write(chunk);
    this.#slicedChunks--;
    for (let start = 0, size = 1; start < chunk.length; start += size, size = 1 + (start % 8)) {
      // The rest of a large chunk in one piece: a megabyte byte by byte would be a stall, not slices.
      if (start > 512) size = chunk.length - start;
      await this.#write(chunk.subarray(start, start + size), true);
    }
  }

  /** At least one byte gets through and at least one does not: the end comes within a chunk, mostly within a frame. */
  async #stopIn(chunk: Uint8Array): Promise<void> {
    const { random, tell } = this.#stopped!;
    this.#swallows = true; // also when the cut comes later than the next chunk
    await this.#write(chunk.subarray(0, 1 + random.below(chunk.length - 1)), true);
    tell(true);
  }

  /** Resolves when the socket takes more; `out` waits until the system has taken the bytes. */
  async #write(bytes: Uint8Array, out = false): Promise<void> {
    if (this.#to.destroyed || this.#to.writableEnded) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const roomy = this.#to.write(bytes, () => resolve());
    if (out || !roomy) await Promise.race([promise, this.#end.promise]);
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([promise, this.#end.promise]);
    clearTimeout(timer);
  }
}
