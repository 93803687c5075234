import { SeededRandom } from "../../src/testing/seeded_random.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import type { Transport } from "../../src/transport/transport.ts";

/** A line in memory on which of so many bytes one has a bit flipped, and which can be cut, or filled with noise. */
export class NoisyLine {
  readonly here: Transport;
  readonly there: Transport;
  /** True while nothing gets through. */
  isCut = false;
  readonly #random: SeededRandom;
  readonly #flipOneIn: number;

  constructor(flipOneIn = 0, seed = 1) {
    this.#random = new SeededRandom(seed);
    this.#flipOneIn = flipOneIn;
    const [here, there] = memoryPair({ names: ["serial:here", "serial:there"] });
    this.here = this.#over(here);
    this.there = this.#over(there);
  }

  #over(line: Transport): Transport {
    return {
      remoteAddress: line.remoteAddress,
      localAddress: line.localAddress,
      isLocal: line.isLocal,
      read: () => line.read(),
      write: (bytes) => this.isCut ? Promise.resolve() : line.write(this.#harm(bytes)),
      closeWrite: () => line.closeWrite(),
      close: () => line.close(),
    };
  }

  #harm(bytes: Uint8Array): Uint8Array {
    if (this.#flipOneIn === 0) return bytes;
    return bytes.map((byte) =>
      this.#random.below(this.#flipOneIn) === 0 ? byte ^ 1 << this.#random.below(8) : byte
    );
  }
}
