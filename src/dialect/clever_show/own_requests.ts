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
  frame?: Uint8Array;
  /** True once its bytes were on their way. */
  hasLeft: boolean;
  /** False once nobody waits for its answer, which may come all the same: its id stays taken. */
  isWanted: boolean;
}

/**
 * Our requests by the ids they have on the wire, of which there are 10,000. Each gets one that no other has: ids are
 * given out in turn, {@linkcode STEP} apart, so that one comes again only after all others.
 */
export class OwnRequests {
  readonly #byWireId = new Map<string, OwnRequest>();
  readonly #byId = new Map<number, OwnRequest>();
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
   * An id that is free. When all are taken, those of requests that nobody waits for are free again.
   *
   * @throws {ParleyError} code `busy`: 10,000 requests wait for their answers.
   */
  freeId(): string {
    if (this.#byWireId.size >= IDS) this.#forgetUnwanted();
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
    this.#byId.set(request.id, request);
    this.#keptBytes += request.frame?.length ?? 0;
  }

  find(wireId: unknown): OwnRequest | undefined {
    return this.#byWireId.get(wireId as string);
  }

  /** True while it has neither an answer nor been given up here. */
  has(request: OwnRequest): boolean {
    return this.#byWireId.get(request.wireId) === request;
  }

  delete({ wireId, id, frame }: OwnRequest): void {
    this.#byId.delete(id);
    if (this.#byWireId.delete(wireId)) this.#keptBytes -= frame?.length ?? 0;
  }

  /** Nobody waits for the answer any more: it is never said again, and its bytes need not be kept. */
  abandon(id: number): void {
    const request = this.#byId.get(id);
    if (request === undefined) return;
    this.#keptBytes -= request.frame?.length ?? 0;
    request.frame = undefined;
    request.isWanted = false;
  }

  /** All of them, the oldest first. */
  all(): OwnRequest[] {
    return [...this.#byWireId.values()];
  }

  #forgetUnwanted(): void {
    for (const request of this.all()) if (!request.isWanted) this.delete(request);
  }
}

const IDS = 10_000;
const DIGITS = 4;
/** Has no divisor in common with {@linkcode IDS}, so that the ids come round to all of them; far apart to the eye. */
const STEP = 7919;
