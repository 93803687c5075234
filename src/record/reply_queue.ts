import type { Traffic } from "../peer/traffic.ts";

/** The recorded answers to one request, as their turn comes. */
export class ReplyQueue {
  readonly #items: Traffic[] = [];
  #waiting: ((item: Traffic) => void) | undefined;

  /** The turn of one more has come. */
  push(item: Traffic): void {
    if (this.#waiting === undefined) this.#items.push(item);
    else this.#waiting(item);
    this.#waiting = undefined;
  }

  /** The next one, when its turn has come. */
  next(): Promise<Traffic> {
    const item = this.#items.shift();
    return item === undefined ? new Promise((resolve) => this.#waiting = resolve) : Promise.resolve(item);
  }
}

/** The parts of an answer in parts, from the first on. @throws {Error} it ends with a failure. */
export async function* partsOf(first: Traffic, replies: ReplyQueue): AsyncGenerator<unknown, void, void> {
  for (let item = first;; item = await replies.next()) {
    if (item.kind !== "part") return void settled(item);
    yield item.value;
  }
}

/** @throws {Error} the answer was a failure. */
export function settled(reply: Traffic): unknown {
  if (reply.kind === "failure") throw new Error(reply.message);
  return "value" in reply ? reply.value : undefined;
}
