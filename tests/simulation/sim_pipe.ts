import { BrokenError } from "../../src/errors.ts";
import type { LinkNature } from "./link_nature.ts";
import type { Machine } from "./machine.ts";
import type { SimWorld } from "./sim_world.ts";
import { understateRx } from "./understate_rx.ts";

/** What travels: bytes, the word that no more will come, or the word that the link is broken. */
type Segment = Uint8Array | "end" | "reset";

/** One direction of a link: bytes in pieces, in order, late, held up, or lost with everything behind them. */
export class SimPipe {
  readonly #sim: SimWorld;
  readonly #nature: LinkNature;
  readonly #name: string;
  readonly #writer: Machine;
  readonly #reader: Machine;
  /** Told when the reading end learns that the link is broken. */
  readonly #onReset: (error: BrokenError) => void;
  /** Told when the writing end learns that the reading end has closed. */
  readonly #onRefused: (error: BrokenError) => void;
  #line: Segment[] = [];
  /** How many segments of the line may have arrived by now. */
  #due = 0;
  #lastArrival = 0;
  /** True until something was written. */
  #isNew = true;
  #held = false;
  #void = false;
  #received: Uint8Array[] = [];
  #receivedBytes = 0;
  #buffered = 0;
  #lent: Uint8Array | undefined;
  #readerGone = false;
  #ended = false;
  #noMoreWrites = false;
  #readError: BrokenError | undefined;
  #writeError: BrokenError | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  constructor(
    sim: SimWorld,
    nature: LinkNature,
    parts: {
      name: string;
      writer: Machine;
      reader: Machine;
      onReset: (error: BrokenError) => void;
      onRefused: (error: BrokenError) => void;
    },
  ) {
    this.#sim = sim;
    this.#nature = nature;
    this.#name = parts.name;
    this.#writer = parts.writer;
    this.#reader = parts.reader;
    this.#onReset = parts.onReset;
    this.#onRefused = parts.onRefused;
  }

  /** Bytes that have arrived and that nobody has read. */
  get unreadBytes(): number {
    return this.#receivedBytes;
  }

  // ---- the two ends

  /** Takes some of the bytes, as a socket does. */
  async writeSome(bytes: Uint8Array): Promise<number> {
    if (this.#sim.percent(10)) await this.#delay();
    while (this.#buffered >= this.#nature.capacityBytes && !this.#isClosedForWriting) {
      await new Promise<void>((wake) => this.#wakeWriter = wake);
    }
    if (this.#isClosedForWriting) throw this.#writeError ?? this.#broken("broken_pipe");
    const taken = bytes.slice(0, this.#nature.capacityBytes - this.#buffered);
    this.#buffered += taken.length;
    const isGreeting = this.#isNew;
    this.#isNew = false;
    if (isGreeting) understateRx(taken, this.#nature.understatedBy);
    this.#launch(taken);
    // Sent, and perhaps answered, long before the writer hears of it.
    if (this.#sim.percent(isGreeting ? 50 : 10)) await this.#delay(isGreeting ? 400 : undefined);
    return taken.length;
  }

  /** The next bytes; they are overwritten at the next read, as a transport may do. */
  async read(): Promise<Uint8Array | null> {
    this.#lent?.fill(0xee);
    this.#lent = undefined;
    while (this.#received.length === 0) {
      if (this.#readerGone) return null;
      if (this.#readError !== undefined) throw this.#readError;
      if (this.#ended) return null;
      await new Promise<void>((wake) => this.#wakeReader = wake);
    }
    const all = this.#received.length > 1 && this.#sim.percent(50);
    const chunk = all ? joined(this.#received, this.#receivedBytes) : this.#received[0];
    this.#received = all ? [] : this.#received.slice(1);
    this.#receivedBytes -= chunk.length;
    this.#free(chunk.length);
    this.#lent = chunk;
    return chunk;
  }

  /** The writing end says that no more will come. */
  end(): void {
    if (this.#noMoreWrites) return;
    this.#noMoreWrites = true;
    this.#wake("writer");
    this.#send("end");
  }

  /** The writing end has gone, with bytes unread: the reading end hears of a break. */
  reset(): void {
    if (this.#noMoreWrites && this.#ended) return;
    this.#noMoreWrites = true;
    this.#wake("writer");
    this.#send("reset");
  }

  /** The reading end has closed: what still comes is answered with a reset. */
  stopReading(): void {
    this.#readerGone = true;
    this.#received = [];
    this.#receivedBytes = 0;
    this.#wake("reader");
  }

  /** The reading end learns that the link is broken; what has come before can still be read. */
  failReading(error: BrokenError): void {
    this.#readError ??= error;
    this.#wake("reader");
  }

  /** The writing end learns that the link is broken. */
  breakWriting(error: BrokenError): void {
    this.#writeError ??= error;
    this.#wake("writer");
  }

  // ---- faults

  /** Nothing arrives until `release`. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#sim.after(0, `arrive ${this.#name}`, () => this.#pump(), this.#reader);
  }

  /** What is sent from now on arrives nowhere. */
  swallow(): void {
    this.#void = true;
  }

  /** Some of what is under way is lost, from any byte on. */
  lose(): void {
    const kept = this.#sim.random.below(this.#line.length + 1);
    const cut = this.#line[kept];
    this.#line.length = kept;
    if (cut instanceof Uint8Array && cut.length > 1) {
      this.#line.push(cut.subarray(0, 1 + this.#sim.random.below(cut.length - 1)));
    }
  }

  /** The reading end hears of a break after what is under way. */
  breakReading(): void {
    this.#send("reset");
    this.#void = true;
  }

  // ---- the way between

  get #isClosedForWriting(): boolean {
    return this.#noMoreWrites || this.#writeError !== undefined;
  }

  /** The system is busy with something else. */
  #delay(mostMs = this.#sim.random.pick([1, 5, 200])): Promise<void> {
    const ms = this.#sim.between(0, mostMs);
    return new Promise((go) => this.#sim.after(ms, "write", go, this.#writer));
  }

  #launch(bytes: Uint8Array): void {
    let at = 0;
    for (const size of this.#sizes(bytes.length)) this.#send(bytes.subarray(at, at += size));
  }

  /** Most writes travel whole; some are cut in a few pieces, and some in crumbs. */
  #sizes(total: number): number[] {
    const { random } = this.#sim;
    const style = random.below(100);
    const most = style < 85 ? 1 : style < 96 ? 2 + random.below(3) : 2 + random.below(8);
    const sizes: number[] = [];
    let left = total;
    while (sizes.length < most - 1 && left > 1) {
      const size = 1 + random.below(style < 96 ? left - 1 : Math.min(left - 1, 8));
      sizes.push(size);
      left -= size;
    }
    return [...sizes, left];
  }

  #send(segment: Segment): void {
    if (this.#void) return;
    this.#line.push(segment);
    const [least, most] = this.#nature.latencyMs;
    this.#lastArrival = Math.max(this.#lastArrival, this.#sim.now + this.#sim.between(least, most));
    this.#sim.after(this.#lastArrival - this.#sim.now, `arrive ${this.#name}`, () => {
      this.#due++;
      this.#pump();
    }, this.#reader);
  }

  #pump(): void {
    while (!this.#held && this.#due > 0 && this.#line.length > 0) {
      this.#due--;
      this.#arrive(this.#line.shift()!);
    }
  }

  #arrive(segment: Segment): void {
    if (segment === "end") {
      this.#ended = true;
    } else if (segment === "reset") {
      if (this.#readerGone || this.#ended) return;
      if (this.#sim.percent(50)) this.#received = []; // what was not read yet may be lost with the link
      this.#readError = this.#broken("reset");
      this.#onReset(this.#readError);
    } else if (this.#readerGone) {
      const error = this.#broken("reset");
      this.#sim.after(this.#nature.latencyMs[0], "refused bytes", () => this.#onRefused(error), this.#writer);
    } else {
      this.#sim.note("bytes", this.#name, segment.length);
      this.#sim.trace.bytes(segment);
      this.#received.push(segment);
      this.#receivedBytes += segment.length;
    }
    this.#wake("reader");
  }

  #free(bytes: number): void {
    const wasFull = this.#buffered >= this.#nature.capacityBytes;
    this.#buffered -= bytes;
    if (!wasFull) return;
    this.#sim.after(
      this.#nature.latencyMs[0],
      `room ${this.#name}`,
      () => this.#wake("writer"),
      this.#writer,
    );
  }

  #wake(who: "reader" | "writer"): void {
    const wake = who === "reader" ? this.#wakeReader : this.#wakeWriter;
    if (who === "reader") this.#wakeReader = undefined;
    else this.#wakeWriter = undefined;
    wake?.();
  }

  #broken(code: "reset" | "broken_pipe"): BrokenError {
    return new BrokenError(code, `Link ${this.#name} was broken by the simulation`);
  }
}

function joined(parts: readonly Uint8Array[], total: number): Uint8Array {
  const all = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
