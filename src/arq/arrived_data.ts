import { KIND, nearest16, nearest8, type Packet } from "./packet.ts";
import { PieceList } from "./piece_list.ts";

/** What became of a packet that takes offsets: kept, had already, or not kept. */
export type Arrival = "new" | "old" | "refused";

/**
 * The bytes that have arrived, put in order: those that can be read, and those behind a hole. Offsets count on without
 * end in here; on the wire they are 16 bits.
 */
export class ArrivedData {
  readonly #ring: Uint8Array;
  /** All before it was read and given back. */
  #free: number;
  /** All before it has arrived. */
  #next: number;
  /** How many bytes before `#next` the reader holds. */
  #held = 0;
  /** What has arrived beyond a hole. */
  readonly #beyond = new PieceList();
  #finAt = Infinity;
  #closeAt = Infinity;
  /** The highest number that has arrived, and which of the eight before it. */
  #last = 0;
  #bits = 0;
  #hasSkipped = false;
  /** The end of the room that was announced last. */
  #announced: number;

  /**
   * @param start The offset of the first byte.
   * @param windowBytes How many bytes that are not read yet are kept.
   */
  constructor(start: number, windowBytes: number) {
    this.#ring = new Uint8Array(windowBytes);
    this.#free = this.#next = start;
    this.#announced = start + windowBytes;
  }

  /** What goes into the head of a packet: the acknowledgement. */
  acknowledge(head: { ack: number; last: number; bits: number; window: number }): void {
    head.ack = this.#next & 0xffff;
    head.last = this.#last & 0xff;
    head.bits = this.#bits;
    this.#announced = Math.max(this.#free + this.#ring.length, this.#next);
    head.window = this.#announced - this.#next;
  }

  /** True when so much was read that the other side should hear of the room. */
  get hasNews(): boolean {
    return this.#free + this.#ring.length - this.#announced >= this.#ring.length / 2;
  }

  /** True while bytes have arrived that stand beyond a hole. */
  get hasHole(): boolean {
    return this.#beyond.length > 0;
  }

  /** True when the last packet did not come right after the one sent before it: then one is lost. */
  get hasSkipped(): boolean {
    return this.#hasSkipped;
  }

  /** True when all has been read and no more will come. */
  get isAtEnd(): boolean {
    return this.#next > this.#dataEnd && this.#free + this.#held === this.#dataEnd;
  }

  /** True when all the other side has said has arrived, up to its close. */
  get isClosed(): boolean {
    return this.#next > this.#closeAt;
  }

  /** How many bytes can be read now. */
  get readable(): number {
    return Math.min(this.#next, this.#dataEnd) - this.#free - this.#held;
  }

  get #dataEnd(): number {
    return Math.min(this.#finAt, this.#closeAt);
  }

  /** Takes a packet of data, FIN or CLOSE. */
  take(packet: Packet): Arrival {
    const offset = nearest16(this.#next, packet.offset);
    const arrival = packet.kind === KIND.data ? this.#keep(packet, offset) : this.#mark(packet.kind, offset);
    if (arrival !== "refused") this.#count(packet.number);
    return arrival;
  }

  /**
   * The bytes that can be read now, as far as they lie in one piece; `undefined` for none. They are good until `free`.
   */
  read(): Uint8Array | undefined {
    const readable = this.readable;
    if (readable === 0) return undefined;
    const at = (this.#free + this.#held) % this.#ring.length;
    const count = Math.min(readable, this.#ring.length - at);
    this.#held += count;
    return this.#ring.subarray(at, at + count);
  }

  /** Whatever was read is no longer needed. */
  free(): void {
    this.#free += this.#held;
    this.#held = 0;
  }

  /** Whatever comes is thrown away: nobody reads. */
  discard(): void {
    this.#held = Math.min(this.#next, this.#dataEnd) - this.#free;
    this.free();
  }

  #keep(packet: Packet, offset: number): Arrival {
    const end = offset + packet.dataEnd - packet.dataStart;
    if (end <= this.#next) return "old";
    if (end > Math.min(this.#free + this.#ring.length, this.#dataEnd)) return "refused";
    const start = Math.max(offset, this.#next);
    if (this.#beyond.length >= MAX_PIECES && start !== this.#next) return "refused";
    this.#beyond.add(start, end);
    const data = packet.bytes.subarray(packet.dataStart + start - offset, packet.dataEnd);
    const at = start % this.#ring.length;
    const first = Math.min(data.length, this.#ring.length - at);
    this.#ring.set(data.subarray(0, first), at);
    this.#ring.set(data.subarray(first), 0);
    this.#advance();
    return "new";
  }

  #mark(kind: number, offset: number): Arrival {
    if (offset < this.#next) return "old";
    if (offset > this.#free + this.#ring.length + 1) return "refused";
    const known = kind === KIND.fin ? this.#finAt : this.#closeAt;
    if (known !== Infinity) return known === offset ? "old" : "refused";
    if (kind === KIND.fin) this.#finAt = offset;
    else this.#closeAt = offset;
    this.#advance();
    return "new";
  }

  #advance(): void {
    const first = this.#beyond.first;
    if (first !== undefined && first[0] <= this.#next) this.#next = Math.max(this.#next, first[1]);
    if (this.#next === this.#finAt) this.#next++;
    if (this.#next === this.#closeAt) this.#next++;
    this.#beyond.dropBefore(this.#next);
  }

  #count(low: number): void {
    const number = nearest8(this.#last, low);
    const ahead = number - this.#last;
    this.#hasSkipped = ahead > 1;
    if (ahead > 0) {
      this.#bits = ahead > 8 ? 0 : (this.#bits << ahead | 1 << (ahead - 1)) & 0xff;
      this.#last = number;
    } else if (ahead < 0 && ahead >= -8) this.#bits |= 1 << (-ahead - 1);
  }
}

/** Pieces beyond holes: a sender has eight packets under way, so more come from nobody. */
const MAX_PIECES = 16;
