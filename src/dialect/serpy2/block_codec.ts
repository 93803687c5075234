/**
 * The blocks of serpy2, and how the next one is found behind bytes that are none.
 *
 * @module
 */
import type { Codec } from "../../codec/codec.ts";
import { FaultAllowance } from "../../codec/fault_allowance.ts";
import { tooLargeToSend } from "../../codec/options.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import { HEADER_BYTES, LENGTH_AT, MARK, markBytesAt, SUM_AT, sumOf, TYPE_AT, writeBlock } from "./block.ts";
import { badSum, badValue, incomplete, noMark, tooLarge } from "./block_faults.ts";
import { readValue, writeValue } from "./values.ts";

/** What a block carries. */
export interface Content {
  /** The value: one of {@linkcode Serpy2Value} when it has come. */
  readonly value: unknown;
  /** How many bytes of data it has come as. */
  readonly byteLength?: number;
}

/**
 * Blocks of 14 bytes of header and the data: `de ca fe ca fe`, the type, the sum of the data modulo 2^32, its length,
 * both little endian.
 *
 * No error is fatal, and each is told once:
 *
 * - A block with a wrong sum is dropped. When no block follows where it ends, its length was wrong as well: the next
 *   one is searched from behind its mark, so that no good one is lost.
 * - Bytes that begin no block are passed over up to the next mark, and so are those of a block above `maxFrameBytes`.
 * - A block whose bytes stop coming for `quietMs` is given up: what came of it is searched for others.
 */
export class BlockCodec implements Codec<Content> {
  readonly quietMs: number;
  readonly #maxFrameBytes: number;
  /** True from bytes that are no block on, which were told of, up to the next good one. */
  #isLost = false;
  /** The size of the block at the front whose sum is wrong, until it is known what follows it; 0 for none. */
  #doubtful = 0;
  /** Bytes that may be summed again: marks that follow each other closely must not cost a sum of all bytes each. */
  #credit: number;
  readonly #mostCredit: number;
  readonly #allowance = new FaultAllowance();
  /** True when bad blocks that nobody has heard of are to be told of, behind a good one. */
  #owesReport = false;

  constructor(maxFrameBytes: number, quietMs: number) {
    this.quietMs = quietMs;
    this.#maxFrameBytes = maxFrameBytes;
    this.#mostCredit = this.#credit = SUMS_EACH * (HEADER_BYTES + maxFrameBytes);
  }

  decode(buffer: ReceiveBuffer): Content | undefined {
    if (this.#owesReport) {
      this.#owesReport = false;
      throw this.#allowance.rest("bad_block", "that are no good blocks");
    }
    for (;;) {
      if (this.#doubtful > 0 && !this.#settleDoubt(buffer)) return undefined;
      if (!this.#findMark(buffer) || buffer.length < HEADER_BYTES) return undefined;
      const length = buffer.uint32At(LENGTH_AT, true);
      if (length > this.#maxFrameBytes) {
        this.#isLost = true;
        this.#pass(buffer, MARK.length);
        if (this.#allowance.spend()) throw tooLarge(length, this.#maxFrameBytes, this.#allowance.silent());
        continue;
      }
      if (buffer.length < HEADER_BYTES + length) return undefined;
      const data = buffer.peek(length, HEADER_BYTES);
      const [said, found] = [buffer.uint32At(SUM_AT, true), sumOf(data)];
      if (said !== found) {
        this.#doubtful = HEADER_BYTES + length;
        if (!this.#isLost && this.#allowance.spend()) {
          throw badSum(length, said, found, this.#allowance.silent());
        }
        continue;
      }
      const content = this.#take(buffer, data);
      if (content !== undefined) return content;
    }
  }

  decodeQuiet(buffer: ReceiveBuffer): Content | undefined {
    return this.#giveUp(buffer, `nothing more has come for ${this.quietMs} ms`);
  }

  decodeEnd(buffer: ReceiveBuffer): Content | undefined {
    return this.#giveUp(buffer, "the connection has ended");
  }

  encode({ value }: Content): Uint8Array {
    const { type, data } = writeValue(value);
    if (data.length > this.#maxFrameBytes) throw tooLargeToSend(data.length, this.#maxFrameBytes);
    return writeBlock(type, data);
  }

  fresh(): Codec<Content> {
    return new BlockCodec(this.#maxFrameBytes, this.quietMs);
  }

  /** Brings the next mark to the front. False when more bytes are needed. */
  #findMark(buffer: ReceiveBuffer): boolean {
    for (;;) {
      const matched = markBytesAt(buffer, 0);
      if (matched === MARK.length) return true;
      if (matched === buffer.length) return false;
      const isNews = !this.#isLost && this.#allowance.spend();
      const first = buffer.byteAt(matched);
      this.#isLost = true;
      const next = buffer.indexOf(MARK[0], 1);
      this.#pass(buffer, next === -1 ? buffer.length : next);
      if (isNews) throw noMark(first, matched, this.#allowance.silent());
    }
  }

  /** Drops the block whose sum is wrong, or only its mark when its length is wrong too. False until that is known. */
  #settleDoubt(buffer: ReceiveBuffer): boolean {
    const matched = markBytesAt(buffer, this.#doubtful);
    if (matched < MARK.length) {
      if (this.#doubtful + matched === buffer.length) return false;
      this.#isLost = true;
    }
    const isAgain = matched < MARK.length && this.#credit >= this.#doubtful;
    if (isAgain) this.#credit -= this.#doubtful;
    this.#pass(buffer, isAgain ? MARK.length : this.#doubtful);
    this.#doubtful = 0;
    return true;
  }

  /** Takes out the block at the front, whose sum is right. */
  #take(buffer: ReceiveBuffer, data: Uint8Array): Content | undefined {
    const type = buffer.byteAt(TYPE_AT);
    const value = readValue(type, data);
    this.#isLost = false;
    this.#pass(buffer, HEADER_BYTES + data.length);
    if (value === undefined) {
      if (this.#allowance.spend()) throw badValue(type, data, this.#allowance.silent());
      return undefined;
    }
    this.#owesReport = this.#allowance.isDue;
    return { value, byteLength: data.length };
  }

  /** What is left will not become a block: looks for whole ones in it. */
  #giveUp(buffer: ReceiveBuffer, why: string): Content | undefined {
    for (;;) {
      const content = this.decode(buffer);
      if (content !== undefined || buffer.length === 0) return content;
      if (this.#doubtful > 0) {
        this.#pass(buffer, this.#doubtful);
        this.#doubtful = 0;
        continue;
      }
      const isNews = !this.#isLost && this.#allowance.spend();
      this.#isLost = true;
      const came = buffer.length;
      const size = came < HEADER_BYTES ? undefined : HEADER_BYTES + buffer.uint32At(LENGTH_AT, true);
      this.#pass(buffer, Math.min(MARK.length, came));
      if (isNews) throw incomplete(came, size, why, this.#allowance.silent());
    }
  }

  #pass(buffer: ReceiveBuffer, count: number): void {
    buffer.skip(count);
    this.#allowance.pass(count);
    this.#credit = Math.min(this.#credit + SUMS_EACH * count, this.#mostCredit);
  }
}

/** How often a byte may be summed again, on average: more than a few wrong lengths in one block is no accident. */
const SUMS_EACH = 8;
