import { ParleyError } from "../../errors.ts";

/** A request of ours that has no answer yet. */
export interface OwnRequest {
  /** What the session calls it. */
  readonly id: number;
  /** What the wire calls it: four decimal digits. */
  readonly wireId: string;
  /** What was asked for; `filetransfer` for a file. */
  readonly name: string;
  /** Its bytes, where it may have to be said again. */
  readonly frame?: Uint8Array;
  /** True once its bytes were on their way. */
  hasLeft: boolean;
}

/**
 * Our requests by the ids they have on the wire, of which there are 10,000. Each gets one that no other has: ids are
 * given out in turn, {@linkcode STEP} apart, so that one comes again only after all others.
 */
export class OwnRequests {
  readonly #byWireId = new Map<string, OwnRequest>();
  #last = 0;
  #keptBytes = 0;

  /** Bytes of those that may have to be said again. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Requests that have no answer, those included that nobody waits for any more. */
  get size(): number {
    return this.#byWireId.size;
  }

  /**
   * An id that is free.
   *
   * @param isWanted Whether somebody still waits for the answer to a request: when all ids are taken, those of the
   * others are free again.
   * @throws {ParleyError} code `busy`: 10,000 requests wait for their answers.
   */
  freeId(isWanted: (id: number) => boolean): string {
    if (this.#byWireId.size >= IDS) this.#forgetUnwanted(isWanted);
    if (this.#byWireId.size >= IDS) {
      const text =
        `Cannot send another request: ${IDS} wait for an answer already, and the wire has no more ids`;
      throw new ParleyError("busy", text, { outcome: "not-sent" });
    }
    let wireId: string;
    do {
      this.#last = (this.#last + STEP) % IDS;
      wireId = String(this.#last).padStart(DIGITS, "0");
    } while (this.#byWireId.has(wireId));
    return wireId;
  }

  add(request: OwnRequest): void {
    this.#byWireId.set(request.wireId, request);
    this.#keptBytes += request.frame?.length ?? 0;
  }

  find(wireId: unknown): OwnRequest | undefined {
    return this.#byWireId.get(wireId as string);
  }

  /** True while it has neither an answer nor been given up here. */
  has(request: OwnRequest): boolean {
    return this.#byWireId.get(request.wireId) === request;
  }

  delete({ wireId, frame }: OwnRequest): void {
    if (this.#byWireId.delete(wireId)) this.#keptBytes -= frame?.length ?? 0;
  }

  /** All of them, the oldest first. */
  all(): OwnRequest[] {
    return [...this.#byWireId.values()];
  }

  #forgetUnwanted(isWanted: (id: number) => boolean): void {
    for (const request of this.all()) if (!isWanted(request.id)) this.delete(request);
  }
}

const IDS = 10_000;
const DIGITS = 4;
/** Has no divisor in common with {@linkcode IDS}, so that the ids come round to all of them; far apart to the eye. */
const STEP = 7919;
