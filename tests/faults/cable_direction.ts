import type { VirtualSerialPort } from "../../src/testing/virtual_serial_port.ts";
import type { SeededRandom } from "../../src/testing/seeded_random.ts";

/** What a cable does to the bytes on it: of how many bytes one meets it. Left out: none. */
export interface Weather {
  /** One bit of it is flipped. */
  readonly flipOneIn?: number;
  /** It does not arrive. */
  readonly dropOneIn?: number;
  /** One that nobody has sent comes before it. */
  readonly insertOneIn?: number;
  /** With it up to 40 bytes of noise begin. */
  readonly burstOneIn?: number;
}

/** The bytes that go from one port to the other, and what happens to them on the way. */
export class CableDirection {
  readonly #to: VirtualSerialPort;
  readonly #random: SeededRandom;
  readonly #bytesPerMs: number;
  readonly #passing: Promise<void>;
  /** Ends whatever waits. */
  readonly #end = new AbortController();
  #weather: Weather = {};
  #heldUntil = 0;
  #burst = 0;
  /** When the line has taken everything it was given. */
  #freeAt = 0;
  /** The bytes that came last, for `replay`, and where the next one goes. */
  readonly #past = new Uint8Array(PAST_BYTES);
  #passed = 0;

  /** @param baudRate Bits per second, ten to a byte; `Infinity` for no limit. */
  constructor(from: VirtualSerialPort, to: VirtualSerialPort, random: SeededRandom, baudRate: number) {
    this.#to = to;
    this.#random = random;
    this.#bytesPerMs = baudRate / 10_000;
    this.#passing = this.#run(from);
  }

  /** How many bytes have come in all. */
  get bytes(): number {
    return this.#passed;
  }

  /** From now on this happens to the bytes. */
  set weather(weather: Weather) {
    this.#weather = weather;
  }

  /** Nothing goes on for `ms`; what comes waits, until who writes has to wait too. */
  stall(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, performance.now() + ms);
  }

  /** What came last arrives once more. */
  async replay(): Promise<void> {
    const at = this.#passed % PAST_BYTES;
    const past = [
      ...this.#past.subarray(this.#passed > PAST_BYTES ? at : PAST_BYTES),
      ...this.#past.subarray(0, at),
    ];
    await this.#to.write(Uint8Array.from(past));
  }

  /** Resolves when nothing moves any more; the port that is read from has been closed. */
  async ended(): Promise<void> {
    this.#end.abort();
    await this.#passing;
  }

  async #run(from: VirtualSerialPort): Promise<void> {
    // No more than some milliseconds of the line at once: bytes arrive one by one on a real one.
    const chunkBytes = Math.min(Math.max(1, Math.floor(this.#bytesPerMs * CHUNK_MS)), MAX_CHUNK_BYTES);
    const memory = new Uint8Array(chunkBytes);
    for (;;) {
      const askedAt = performance.now();
      const bytes = await from.read(memory);
      if (bytes === undefined) return;
      const now = performance.now();
      // What was there already has been on its way while this program was late.
      if (now - askedAt > PROMPT_MS) this.#freeAt = Math.max(this.#freeAt, now);
      this.#freeAt += bytes.length / this.#bytesPerMs;
      for (let at = this.#due(); at > 0; at = this.#due()) await this.#pause(at);
      this.#keep(bytes);
      await this.#to.write(this.#harm(bytes));
    }
  }

  /** For how long what has come must wait yet, in milliseconds. */
  #due(): number {
    return this.#end.signal.aborted ? 0 : Math.max(this.#freeAt, this.#heldUntil) - performance.now();
  }

  #keep(bytes: Uint8Array): void {
    for (const byte of bytes) this.#past[this.#passed++ % PAST_BYTES] = byte;
  }

  #harm(bytes: Uint8Array): Uint8Array {
    const { flipOneIn, dropOneIn, insertOneIn, burstOneIn } = this.#weather;
    const harmed: number[] = [];
    for (let byte of bytes) {
      if (this.#hits(burstOneIn)) this.#burst = 1 + this.#random.below(40);
      if (this.#burst > 0 && this.#burst-- > 0) byte = this.#random.below(256);
      if (this.#hits(flipOneIn)) byte ^= 1 << this.#random.below(8);
      if (this.#hits(insertOneIn)) harmed.push(this.#random.below(256));
      if (!this.#hits(dropOneIn)) harmed.push(byte);
    }
    return Uint8Array.from(harmed);
  }

  #hits(oneIn = 0): boolean {
    return oneIn > 0 && this.#random.below(oneIn) === 0;
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const end = () => resolve();
    this.#end.signal.addEventListener("abort", end);
    await promise;
    clearTimeout(timer);
    this.#end.signal.removeEventListener("abort", end);
  }
}

/** What `replay` gives again: some dozens of packets. */
const PAST_BYTES = 4096;
const CHUNK_MS = 5;
/** Bytes that come sooner than this were waiting. */
const PROMPT_MS = 2;
const MAX_CHUNK_BYTES = 4096;
