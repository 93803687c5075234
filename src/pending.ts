import { IdTable } from "./id_table.ts";
import type { RequestId } from "./message.ts";

/** What may happen to a request when its link is lost and another follows. */
export type Resend =
  /** It is sent again only where it cannot be handled twice. */
  | "safe"
  /** It is sent again wherever no answer has come: it may be handled more than once. */
  | "always"
  /** It is not sent again when it may have arrived. */
  | "never";

/** What waits for an answer. */
export type CallKind = "request" | "message" | "action" | "file";

/** One call of ours that has no answer yet. `token` is whatever the caller wants back with the answer. */
export interface PendingRequest {
  readonly id: RequestId;
  readonly token: unknown;
  readonly kind: CallKind;
  /** Empty for a message. */
  readonly name: string;
  readonly timeoutMs: number;
  /** When it is given up, in milliseconds of the session's clock. */
  readonly deadline: number;
  /** See {@linkcode Resend}; absent for `"safe"`. */
  readonly resend?: Resend;
  /** Its frame, when another server may get it as well. */
  readonly frame?: Uint8Array;
  /** True once it was sent in a session that ended: it may have been handled there. */
  mayHaveArrived?: boolean;
  /** True once it was given up but still holds its place: on wires without ids its late answer is still to come. */
  abandoned: boolean;
}

/**
 * Our requests that wait for an answer, found by their id or by their order. Pure: the time is passed in, and one
 * look over the table serves all deadlines, so that no request costs a timer.
 */
export class Pending {
  readonly #requests = new IdTable<PendingRequest>();
  readonly #byOrder: boolean;
  /** Where the order matters: an id that the oldest request has, or one before it. */
  #oldest = 1;
  #nextDeadline = Infinity;
  #abandoned = 0;

  constructor(byOrder: boolean) {
    this.#byOrder = byOrder;
  }

  /** Requests that somebody still waits for. */
  get size(): number {
    return this.#requests.size - this.#abandoned;
  }

  /** Requests that take up memory: those of `size`, and those given up whose answer is still to come. */
  get places(): number {
    return this.#requests.size;
  }

  /** When {@linkcode Pending.expire} has something to do at the earliest. */
  get nextDeadline(): number {
    return this.#nextDeadline;
  }

  add(request: PendingRequest): void {
    this.#requests.add(request);
    if (request.deadline < this.#nextDeadline) this.#nextDeadline = request.deadline;
  }

  /** Takes out the request that an answer belongs to; `undefined` when nobody waits for it (any more). */
  settle(id: RequestId | undefined): PendingRequest | undefined {
    const key = id ?? (this.#byOrder ? this.#first() : undefined);
    if (key === undefined) return undefined;
    const request = this.#requests.get(key);
    if (request === undefined) return undefined;
    this.#requests.delete(key);
    if (!request.abandoned) return request;
    this.#abandoned--;
    return undefined;
  }

  /** True when that id is taken. */
  has(id: RequestId): boolean {
    return this.#requests.get(id) !== undefined;
  }

  /** A request that somebody still waits for. */
  find(id: RequestId): PendingRequest | undefined {
    const request = this.#requests.get(id);
    return request?.abandoned === true ? undefined : request;
  }

  /** All requests that somebody still waits for, the oldest first. */
  waiting(): PendingRequest[] {
    const all = [...this.#requests.values()].filter((request) => !request.abandoned);
    return all.sort((a, b) => Number(a.id) - Number(b.id));
  }

  /** True when an answer is still to come, be it one that nobody waits for any more. */
  get expectsAnswer(): boolean {
    return this.#requests.size > 0;
  }

  /** Gives up one request, as when its caller cancelled it. */
  abandon(id: RequestId): PendingRequest | undefined {
    const request = this.#requests.get(id);
    if (request === undefined || request.abandoned) return undefined;
    if (this.#byOrder) {
      request.abandoned = true; // it keeps its place, or every later answer would be matched one off
      this.#abandoned++;
    } else {
      this.#requests.delete(id);
    }
    return request;
  }

  /** Gives up and returns all requests whose deadline has passed. */
  expire(now: number): PendingRequest[] {
    if (now < this.#nextDeadline) return [];
    const expired: PendingRequest[] = [];
    let next = Infinity;
    for (const request of this.#requests.values()) {
      if (request.abandoned) continue;
      if (request.deadline <= now) expired.push(request);
      else if (request.deadline < next) next = request.deadline;
    }
    this.#nextDeadline = next;
    for (const { id } of expired) this.abandon(id);
    return expired.sort((a, b) => Number(a.id) - Number(b.id));
  }

  /** Takes out all requests that somebody still waits for: the link is gone. */
  drain(): PendingRequest[] {
    const all = this.waiting();
    this.#requests.clear();
    this.#abandoned = 0;
    this.#nextDeadline = Infinity;
    return all;
  }

  /** The id of the oldest request. Where the order matters, ids are numbers in a row. */
  #first(): number | undefined {
    if (this.#requests.size === 0) return undefined;
    while (!this.has(this.#oldest)) this.#oldest = this.#oldest === MAX_ID ? 1 : this.#oldest + 1;
    return this.#oldest;
  }
}

/** Ids travel as unsigned 32 bits on the native wire and are not reused before all of them were used. */
export const MAX_ID = 0xffff_ffff;
