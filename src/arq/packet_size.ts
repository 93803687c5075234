import { MIN_DATA_BYTES } from "./packet.ts";

/**
 * How much data a packet carries. Where one byte in a hundred is flipped, long packets never arrive; where none is,
 * short ones waste the line on heads. A loss halves the size, a row of packets without one doubles it.
 */
export class PacketSize {
  /** The most data of the next packet, in bytes. */
  bytes: number;
  readonly #maxBytes: number;
  #arrived = 0;
  /** Losses of packets up to this number come from the same trouble as the last one. */
  #forgiven = -1;

  /** @param maxBytes The most that a packet is to carry: less than 1024 bytes where the line is slow. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.bytes = Math.min(FIRST_DATA_BYTES, this.#maxBytes);
  }

  /** A packet has arrived. */
  arrived(): void {
    if (++this.#arrived < ROW) return;
    this.#arrived = 0;
    this.bytes = Math.min(2 * this.bytes, this.#maxBytes);
  }

  /** The packet with `number` is lost; `newest` is the number of the last one that was sent. */
  lost(number: number, newest: number): void {
    this.#arrived = 0;
    if (number > this.#forgiven) this.halve(newest);
  }

  /** Something is lost for sure; `newest` is the number of the last packet that was sent. */
  halve(newest: number): void {
    this.#arrived = 0;
    this.#forgiven = newest;
    this.bytes = Math.max(this.bytes >> 1, MIN_DATA_BYTES);
  }
}

/** Until the line is known. */
const FIRST_DATA_BYTES = 128;
/** How many packets arrive in a row before larger ones are tried. */
const ROW = 8;
