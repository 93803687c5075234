import type { RequestId } from "../../message.ts";

/** A request of the other side that we have not answered. */
export interface TheirRequest {
  /** What it asks for; `filetransfer` for a file. */
  readonly name: string;
  /** Its id as it came: the answer gives it back. */
  readonly wireId: string | number;
}

/** The requests of the other side, by the numbers that they have on this side. */
export class TheirRequests {
  readonly #byId = new Map<RequestId, TheirRequest>();
  #lastId = 0;

  /** A request has come; returns its number. */
  add(request: TheirRequest): number {
    // Who does not answer a file is not asked to say so: such requests must not gather for ever.
    if (this.#byId.size >= MAX_UNANSWERED) this.#byId.delete(this.#byId.keys().next().value!);
    this.#byId.set(++this.#lastId, request);
    return this.#lastId;
  }

  find(id: RequestId | undefined): TheirRequest | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  delete(id: RequestId): void {
    this.#byId.delete(id);
  }

  clear(): void {
    this.#byId.clear();
  }
}

/** As many as there are ids: what is older has been asked for again under another one, or given up. */
const MAX_UNANSWERED = 10_000;
