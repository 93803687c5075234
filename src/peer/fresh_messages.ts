/** A message as it will be written, and what it says. */
export interface FreshMessage {
  readonly bytes: Uint8Array;
  readonly value: unknown;
}

/** Messages that are only worth sending while they are fresh: when there are too many, the oldest are forgotten. */
export class FreshMessages {
  readonly #maxBytes: number;
  #messages: FreshMessage[] = [];
  #head = 0;
  #bytes = 0;
  #dropped = 0;

  /** @param maxBytes How much is kept; the latest message is, whatever its size. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** How many were forgotten so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds the latest; returns how many of the oldest were forgotten for it. */
  add(message: FreshMessage): number {
    this.#messages.push(message);
    this.#bytes += message.bytes.length;
    let dropped = 0;
    while (this.#bytes > this.#maxBytes && this.#head < this.#messages.length - 1) {
      this.#shift();
      dropped++;
    }
    this.#dropped += dropped;
    return dropped;
  }

  /** Takes out the oldest, about `bytes` of them and at least one, if there is one. */
  take(bytes: number): FreshMessage[] {
    const taken: FreshMessage[] = [];
    for (let sum = 0; this.#head < this.#messages.length && sum < bytes;) {
      const message = this.#shift();
      sum += message.bytes.length;
      taken.push(message);
    }
    return taken;
  }

  clear(): void {
    this.#messages = [];
    this.#head = this.#bytes = 0;
  }

  #shift(): FreshMessage {
    const message = this.#messages[this.#head++];
    this.#bytes -= message.bytes.length;
    // Half of it at a time, so that each is moved once at most on average.
    if (this.#head > 64 && this.#head * 2 > this.#messages.length) {
      this.#messages.splice(0, this.#head);
      this.#head = 0;
    }
    return message;
  }
}
