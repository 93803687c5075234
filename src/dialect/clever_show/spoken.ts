import { UsageRangeError, UsageTypeError } from "../../errors.ts";
import type { SendBuffer } from "../../send_buffer.ts";
import type { OwnRequest } from "./own_requests.ts";

/** The bytes of one message of ours. */
export interface Said {
  readonly bytes: Uint8Array;
  /** The request that it is, if it is one. */
  readonly request?: OwnRequest;
}

/**
 * What our side says on one link after the other, in the order of the wire: nothing gets between a file and its header,
 * and what is said without a link waits for the next one.
 */
export class Spoken {
  readonly #output: SendBuffer;
  /** True when all that has not left is kept, not only requests. */
  readonly #keepsAll: boolean;
  /** What is in the output, as far as it is of interest whether it leaves. */
  #leaving: Said[] = [];
  /** What waits for the end of a file, or for a link. */
  #waiting: Said[] = [];
  #waitingBytes = 0;
  /** Bytes of a file that are still to come. */
  #fileBytes = 0;
  #isUp = true;

  constructor(output: SendBuffer, keepsAll: boolean) {
    this.#output = output;
    this.#keepsAll = keepsAll;
  }

  /** Bytes that wait for the end of a file, or for a link. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Requests that have not left. */
  unsent(): OwnRequest[] {
    return [...this.#leaving, ...this.#waiting].flatMap(({ request }) => request ?? []);
  }

  say(said: Said): void {
    if (!this.#isUp || this.#fileBytes > 0) {
      this.#waiting.push(said);
      this.#waitingBytes += said.bytes.length;
      return;
    }
    this.#output.append(said.bytes);
    if (this.#keepsAll || said.request !== undefined) this.#leaving.push(said);
  }

  /** @throws {UsageTypeError} another file is under way. */
  beginFile(header: Uint8Array, size: number): void {
    if (this.#fileBytes > 0) {
      throw new UsageTypeError(
        `Cannot send a file: ${this.#fileBytes} bytes of another one are still to come`,
      );
    }
    this.#output.append(header);
    this.#fileBytes = size;
  }

  /** @throws {UsageRangeError} the file was announced to be shorter. */
  body(bytes: Uint8Array): void {
    if (bytes.length > this.#fileBytes) {
      throw new UsageRangeError(
        `Cannot send ${bytes.length} bytes more of a file: ${this.#fileBytes} were announced`,
      );
    }
    this.#output.append(bytes);
    this.#fileBytes -= bytes.length;
    if (this.#fileBytes === 0) { for (const said of this.takeWaiting()) this.say(said); }
  }

  /** All that was in the output is on its way now. */
  taken(): readonly Said[] {
    const left = this.#leaving;
    if (left.length > 0) this.#leaving = [];
    return left;
  }

  /** The link is lost, and another is to follow. A file that was under way is not gone on with. */
  down(): void {
    const kept = [...this.taken(), ...this.takeWaiting()];
    this.#isUp = false;
    this.#fileBytes = 0;
    for (const said of kept) if (this.#keepsAll || said.request !== undefined) this.say(said);
  }

  /** There is a link. */
  up(): void {
    this.#isUp = true;
  }

  /** What waits, which is then for the caller to say. */
  takeWaiting(): readonly Said[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    return waiting;
  }
}
