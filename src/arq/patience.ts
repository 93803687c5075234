import { MAX_DATA_BYTES, MAX_FLIGHTS, OVERHEAD_BYTES } from "./packet.ts";

/**
 * How long an acknowledgement is waited for. It learns from those that came (V. Jacobson, "Congestion Avoidance and
 * Control", 1988), asks only after packets that were sent once (P. Karn and C. Partridge, 1987), and knows what a line of
 * that speed needs at least.
 */
export class Patience {
  readonly #bytesPerMs: number | undefined;
  #smoothMs: number | undefined;
  #deviationMs = 0;
  #doublings = 0;

  /** @param baudRate Bits per second, 10 to a byte; `undefined` where it is not known. */
  constructor(baudRate: number | undefined) {
    this.#bytesPerMs = baudRate === undefined ? undefined : baudRate / 10_000;
  }

  /** The most data in a packet, so that none holds the line much longer than a quarter of a second. */
  get maxDataBytes(): number {
    if (this.#bytesPerMs === undefined) return MAX_DATA_BYTES;
    const bytes = Math.floor(this.#bytesPerMs * PACKET_MS) - OVERHEAD_BYTES;
    return Math.min(Math.max(bytes, SLOW_DATA_BYTES), MAX_DATA_BYTES);
  }

  /** How many bytes of the line are worth having under way: more would only wait in the system, and others behind them. */
  get flightBytes(): number {
    if (this.#bytesPerMs === undefined) return Infinity;
    return Math.max(this.#bytesPerMs * FLIGHT_MS, MIN_FLIGHTS * (OVERHEAD_BYTES + this.maxDataBytes));
  }

  /** How many bytes may be handed to the line at once, so that an acknowledgement does not wait behind them. */
  get batchBytes(): number {
    return this.#bytesPerMs === undefined ? Infinity : this.#bytesPerMs * BATCH_MS;
  }

  /** How long `bytes` take on the line, in milliseconds; 0 where that is not known. */
  lineMs(bytes: number): number {
    return this.#bytesPerMs === undefined ? 0 : bytes / this.#bytesPerMs;
  }

  /** How often it was waited in vain since something was heard. */
  get doublings(): number {
    return this.#doublings;
  }

  /** How long to wait now for the acknowledgement of `bytes` bytes under way, in milliseconds. */
  waitMs(bytes: number): number {
    // The other side may be in the middle of as much as we are, before its acknowledgement has its turn; and that rides
    // on one packet more.
    const lineMs = 2 * this.lineMs(bytes) + this.lineMs(OVERHEAD_BYTES + this.maxDataBytes);
    const learned = this.#smoothMs === undefined
      ? FIRST_MS
      : Math.max(this.#smoothMs + 4 * this.#deviationMs, FLOOR_MS);
    const first = Math.max(learned, lineMs + FLOOR_MS);
    return Math.min(first * 2 ** this.#doublings, Math.max(CEILING_MS, first));
  }

  /** How long the oldest byte may stay unacknowledged, in milliseconds, when `giveUpMs` was asked for. */
  giveUpMs(giveUpMs: number): number {
    const flightBytes = Math.min(this.flightBytes, MAX_FLIGHTS * (OVERHEAD_BYTES + this.maxDataBytes));
    return Math.max(giveUpMs, 4 * this.lineMs(flightBytes));
  }

  /** An acknowledgement came after `ms`. */
  heardAfter(ms: number): void {
    if (this.#smoothMs === undefined) {
      this.#smoothMs = ms;
      this.#deviationMs = ms / 2;
    } else {
      this.#deviationMs += (Math.abs(ms - this.#smoothMs) - this.#deviationMs) / 4;
      this.#smoothMs += (ms - this.#smoothMs) / 8;
    }
  }

  /** It was waited in vain. */
  double(): void {
    this.#doublings++;
  }

  /** Something has moved. */
  relax(): void {
    this.#doublings = 0;
  }
}

/** One packet on a slow line, in milliseconds. */
const PACKET_MS = 250;
/** On a line so slow that this takes longer, longer packets are still worth it: half of shorter ones is head. */
const SLOW_DATA_BYTES = 64;
/** What is handed to the line at once, in milliseconds of its time. */
const BATCH_MS = 50;
/** What is under way, in milliseconds of the line. */
const FLIGHT_MS = 1000;
/** So many packets under way keep a line busy that is slower than that: one leaves, one is acknowledged, one waits. */
const MIN_FLIGHTS = 3;
/** Before anything is known of the line, in milliseconds. */
const FIRST_MS = 250;
/** Timers and USB adapters are late by some tens of milliseconds; below this, packets would be sent twice for nothing. */
const FLOOR_MS = 60;
/** Noise is no crowd that has to be waited out: a line that was cut is tried at least this often, in milliseconds. */
const CEILING_MS = 250;
