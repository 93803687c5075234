import { KIND, MAX_FLIGHTS, nearest16, nearest8, OVERHEAD_BYTES, type PacketHead } from "./packet.ts";
import type { PacketSize } from "./packet_size.ts";
import { PieceList } from "./piece_list.ts";

/** A packet under way. */
interface Flight {
  readonly number: number;
  start: number;
  end: number;
  readonly sentAt: number;
  /** False when this number was sent more than once: then nobody knows which one an acknowledgement is for. */
  readonly isOnce: boolean;
}

/** What an acknowledgement has brought. */
export interface News {
  /** True when something has moved. */
  moved: boolean;
  /** When the packet was sent that it answers, if that can be told. */
  sentAt: number | undefined;
}

/**
 * The bytes that are to be sent, and those that were and are not acknowledged: each of them is in one packet under way,
 * known to be lost, known to have arrived, or waits for its first time. Offsets count on without end in here; on the
 * wire they are 16 bits.
 *
 * A line keeps the order. So as soon as a packet is known to have arrived, all that were sent before it and have not
 * are lost, also those that were sent again: nothing has to be waited for.
 */
export class SentData {
  readonly #ring: Uint8Array;
  readonly #size: PacketSize;
  readonly #flightBytes: number;
  /** All before it has arrived. */
  #acked: number;
  /** All from here on waits for its first time. */
  #next: number;
  #end: number;
  /** What the other side has room for ends here. */
  #edge: number;
  #finAt = Infinity;
  #closeAt = Infinity;
  /** In the order of their numbers. */
  #flights: Flight[] = [];
  /** What has to be sent again. */
  readonly #lost = new PieceList();
  #number = 0;
  #heardNumber = 0;
  /** The packet that is sent again and again while nothing is heard. */
  #retried: Flight | undefined;
  #retryDue = false;

  /**
   * @param start The offset of the first byte.
   * @param bufferBytes How many bytes are kept until they are acknowledged.
   * @param flightBytes How many bytes of the line may be under way.
   */
  constructor(start: number, bufferBytes: number, size: PacketSize, flightBytes = Infinity) {
    this.#ring = new Uint8Array(bufferBytes);
    this.#acked =
      this.#next =
      this.#end =
      this.#edge =
        start;
    this.#size = size;
    this.#flightBytes = flightBytes;
  }

  /** How many more bytes `write` takes. */
  get room(): number {
    return this.#closeAt < Infinity || this.#finAt < Infinity ? 0 : this.#ring.length - this.unacked;
  }

  /** Bytes that are not acknowledged. */
  get unacked(): number {
    return this.#end - this.#acked;
  }

  /** How many bytes of the line are under way. */
  get wireBytes(): number {
    let bytes = this.#flights.length * OVERHEAD_BYTES;
    for (const { start, end } of this.#flights) bytes += end - start;
    return bytes;
  }

  /** Packets under way. */
  get flights(): number {
    return this.#flights.length;
  }

  /** True when everything said is acknowledged. */
  get isIdle(): boolean {
    return this.#acked === this.#last;
  }

  /** True when the other side has no room, and nothing is under way that would tell of it. */
  get isShut(): boolean {
    return this.#flights.length === 0 && this.#lost.length === 0 && this.#next < this.#end &&
      this.#next >= this.#edge;
  }

  /** Where all ends that was said so far, FIN and CLOSE included. */
  get #last(): number {
    if (this.#closeAt < Infinity) return this.#closeAt + 1;
    return this.#finAt < Infinity ? this.#finAt + 1 : this.#end;
  }

  /** Takes as many of the bytes as there is room for, and returns how many. */
  write(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, this.room);
    const at = this.#end % this.#ring.length;
    const first = Math.min(count, this.#ring.length - at);
    this.#ring.set(bytes.subarray(0, first), at);
    this.#ring.set(bytes.subarray(first, count), 0);
    this.#end += count;
    return count;
  }

  /** No byte follows. */
  finish(): void {
    if (this.#finAt === Infinity && this.#closeAt === Infinity) this.#finAt = this.#end;
  }

  /** No byte follows, and none is read. */
  close(): void {
    if (this.#closeAt === Infinity) this.#closeAt = this.#last;
  }

  /** Nobody wants the bytes any more. */
  discard(): void {
    this.#flights = [];
    this.#lost.clear();
    this.#acked = this.#next = this.#last;
    this.#retried = undefined;
    this.#retryDue = false;
  }

  /** The other side has room up to `window` bytes beyond `ack`. */
  open(ack: number, window: number): void {
    this.#edge = Math.max(this.#edge, nearest16(this.#acked, ack) + window);
  }

  /**
   * Takes an acknowledgement. Everything that was sent before the last packet that has arrived, and has not, is lost.
   *
   * @returns `undefined` when it speaks of what was never sent.
   */
  acknowledge(head: PacketHead): News | undefined {
    const acked = nearest16(this.#acked, head.ack);
    const heard = nearest8(this.#heardNumber, head.last);
    if (acked > this.#next || heard > this.#number) return undefined;
    const news: News = { moved: heard > this.#heardNumber || acked > this.#acked, sentAt: undefined };
    this.#heardNumber = Math.max(heard, this.#heardNumber);
    if (news.moved) {
      this.#retried = undefined;
      this.#retryDue = false;
    }
    const flights = this.#flights;
    this.#flights = [];
    for (const flight of flights) {
      const before = heard - flight.number;
      const arrived = flight.end <= acked || before === 0 ||
        (before > 0 && before <= 8 && (head.bits >> (before - 1) & 1) === 1);
      if (arrived) {
        this.#size.arrived();
        if (before === 0 && flight.isOnce) news.sentAt = flight.sentAt;
      } else if (before > 0) {
        this.#size.lost(flight.number, this.#number);
        this.#lost.add(flight.start, flight.end);
      } else this.#flights.push(flight);
    }
    if (acked > this.#acked) this.#advance(acked);
    this.open(head.ack, head.window);
    return news;
  }

  /** It was waited in vain: the first byte that is missing over there is to be sent again, in one packet. */
  retry(): void {
    this.#retryDue = true;
    this.#size.halve(this.#number);
    if (this.#retried !== undefined || this.#flights.length === 0) return;
    let first = this.#flights[0];
    for (const flight of this.#flights) if (flight.start < first.start) first = flight;
    this.#flights.splice(this.#flights.indexOf(first), 1);
    this.#lost.add(first.start, first.end);
  }

  /**
   * Puts the next packet together: `kind`, `number` and `offset` of the head, and its bytes into `data`.
   *
   * @returns how many bytes of data it has; -1 when there is nothing to be sent now.
   */
  next(head: PacketHead, data: Uint8Array, now: number): number {
    const flight = this.#takeRetry(now) ?? this.#takeNext(now);
    if (flight === undefined) return -1;
    head.number = flight.number & 0xff;
    head.offset = flight.start & 0xffff;
    head.kind = flight.start === this.#finAt ? KIND.fin : KIND.data;
    if (flight.start === this.#closeAt) head.kind = KIND.close;
    if (head.kind !== KIND.data) return 0;
    const count = flight.end - flight.start;
    const at = flight.start % this.#ring.length;
    const first = Math.min(count, this.#ring.length - at);
    data.set(this.#ring.subarray(at, at + first));
    data.set(this.#ring.subarray(0, count - first), first);
    return count;
  }

  /** While nothing is heard there is one packet under way at most that is new on the line, always under one number. */
  #takeRetry(now: number): Flight | undefined {
    if (!this.#retryDue) return undefined;
    this.#retryDue = false;
    const before = this.#retried;
    if (before !== undefined) {
      // Under the same number the part that all tries have in common is what an acknowledgement is for.
      const end = this.#cut(before.start, before.end);
      if (end < before.end) this.#lost.add(end, before.end);
      this.#flights.splice(this.#flights.indexOf(before), 1);
      this.#retried = { ...before, end, sentAt: now, isOnce: false };
      this.#flights.push(this.#retried);
    } else this.#retried = this.#takeLost(now);
    return this.#retried;
  }

  #takeNext(now: number): Flight | undefined {
    if (this.#retried !== undefined || this.#isFull) return undefined;
    if (this.#lost.length > 0) return this.#takeLost(now);
    const start = this.#next;
    if (start >= this.#last) return undefined;
    let end = this.#cut(start, this.#last);
    if (start < this.#end && end > this.#edge) {
      // A packet cut short for want of room only where nothing else would come to make room.
      if (this.#flights.length > 0 || this.#edge <= start) return undefined;
      end = this.#edge;
    }
    this.#next = end;
    return this.#fly(start, end, now);
  }

  get #isFull(): boolean {
    if (this.#flights.length >= MAX_FLIGHTS) return true;
    return this.wireBytes + OVERHEAD_BYTES + this.#size.bytes > this.#flightBytes;
  }

  #takeLost(now: number): Flight | undefined {
    const { first } = this.#lost;
    if (first === undefined) return undefined;
    const [start, last] = first;
    const end = this.#cut(start, last);
    this.#lost.dropBefore(end);
    return this.#fly(start, end, now);
  }

  #fly(start: number, end: number, now: number): Flight {
    const flight = { number: ++this.#number, start, end, sentAt: now, isOnce: true };
    this.#flights.push(flight);
    return flight;
  }

  /** Where a packet ends that begins at `start`: FIN and CLOSE stand alone. */
  #cut(start: number, last: number): number {
    if (start >= this.#end) return start + 1;
    return Math.min(start + this.#size.bytes, last, this.#end);
  }

  /** Everything before `acked` has arrived, whichever packet it came in. */
  #advance(acked: number): void {
    this.#acked = acked;
    this.#flights = this.#flights.filter((flight) => flight.end > acked);
    for (const flight of this.#flights) flight.start = Math.max(flight.start, acked);
    this.#lost.dropBefore(acked);
  }
}
