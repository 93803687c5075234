/** When to acknowledge: at the latest after every second packet or 20 ms, since most often data goes that way soon. */
export class AckClock {
  /** True when it has to be done now. */
  isDue = false;
  /** When it will have to be done; `Infinity` for no time. */
  at = Infinity;
  #packets = 0;

  /** A packet has come that wants to be acknowledged; `isUrgent` when the sender should know at once. */
  came(now: number, isUrgent: boolean): void {
    this.#packets++;
    if (isUrgent || this.#packets >= PACKETS) this.isDue = true;
    else if (this.at === Infinity) this.at = now + WAIT_MS;
  }

  tick(now: number): void {
    if (now < this.at) return;
    this.at = Infinity;
    this.isDue = true;
  }

  /** It was done. */
  done(): void {
    this.isDue = false;
    this.at = Infinity;
    this.#packets = 0;
  }
}

/** How long an acknowledgement waits for data to travel with, in milliseconds. */
const WAIT_MS = 20;
/** After so many packets it waits no longer: so many more may be under way. */
const PACKETS = 2;
