import type { World } from "../../src/peer/world.ts";
import type { Transport } from "../../src/transport/transport.ts";

/** What a driver holds of what was written and has not left. */
const DRIVER_BYTES = 4096;

/** A serial line in memory on which bytes take their time, by the clock of `world`. */
export function slowLine(world: World, baudRate: number): [here: SlowEnd, there: SlowEnd] {
  const here = new SlowEnd("serial:here", "serial:there", world, baudRate);
  const there = new SlowEnd("serial:there", "serial:here", world, baudRate);
  here.other = there;
  there.other = here;
  return [here, there];
}

/** One end of the line. */
export class SlowEnd implements Transport {
  /** True while nothing leaves here. */
  isStalled = false;
  readonly isLocal = true;
  readonly isEndless = true;
  readonly line: { baudRate: number; text: string };
  other!: SlowEnd;
  readonly #world: World;
  #held: number[] = [];
  #isSending = false;
  #hasRoom: (() => void) | undefined;
  #come: number[] = [];
  #reader: PromiseWithResolvers<Uint8Array | null> | undefined;
  #isClosed = false;

  constructor(
    readonly localAddress: string,
    readonly remoteAddress: string,
    world: World,
    baudRate: number,
  ) {
    this.#world = world;
    this.line = { baudRate, text: `${baudRate} 8N1` };
  }

  read(): Promise<Uint8Array | null> {
    const reader = this.#reader = Promise.withResolvers();
    this.#settle();
    return reader.promise;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#held.push(...bytes);
    this.#send();
    while (this.#held.length > DRIVER_BYTES && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#hasRoom = resolve);
    }
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.#isClosed = true;
    this.#held = [];
    this.#hasRoom?.();
    this.#settle();
  }

  /** Five milliseconds of the line at once. */
  #send(): void {
    if (this.#isSending || this.isStalled || this.#held.length === 0) return;
    this.#isSending = true;
    const bytes = this.#held.splice(0, Math.max(1, Math.floor(this.line.baudRate / 2000)));
    this.#world.setTimer(() => {
      this.#isSending = false;
      this.other.#come.push(...bytes);
      this.other.#settle();
      this.#hasRoom?.();
      this.#send();
    }, bytes.length * 10_000 / this.line.baudRate);
  }

  #settle(): void {
    if (this.#come.length === 0 && !this.#isClosed) return;
    this.#reader?.resolve(this.#isClosed ? null : Uint8Array.from(this.#come.splice(0)));
    this.#reader = undefined;
  }
}
