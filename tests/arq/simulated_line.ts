import { ArqLine, type LineOptions } from "../../src/arq/arq_line.ts";
import type { ArqPipe } from "../../src/arq/arq_pipe.ts";
import { SeededRandom } from "../../src/testing/seeded_random.ts";

/** What a line does to what is sent over it. */
export interface Weather {
  /** Of how many bytes one has a bit flipped. Default 0: none. */
  flipOneIn?: number;
  /** Of how many bytes one is dropped, or one inserted before it. Default 0. */
  dropOneIn?: number;
  insertOneIn?: number;
  /** Of how many bytes one begins a burst of up to 40 bytes of noise. Default 0. */
  burstOneIn?: number;
  /** Of how many writes one disappears. Default 0. */
  loseOneIn?: number;
  /** From when to when nothing goes through, in milliseconds. */
  cut?: readonly [number, number];
  /** Bits per second, 10 to a byte. Default: no byte takes time. */
  baudRate?: number;
  /** How long a byte is on its way besides, in milliseconds. Default 1. */
  delayMs?: number;
  /** The largest piece in which bytes arrive. Default 64. */
  chunkBytes?: number;
}

/** One end of the simulated line: what it has to say, and what it has heard. */
export class End {
  line: ArqLine;
  /** The connection of the moment; what was heard and said is counted for each anew. */
  pipe: ArqPipe | undefined;
  heard: number[] = [];
  sent = 0;
  reads = true;
  toSay: Uint8Array = new Uint8Array(0);
  finishes = false;
  wireBytes = 0;
  /** What is on its way to this end, the earliest first, from `arrived` on. */
  onWay: Delivery[] = [];
  arrived = 0;
  /** When the line has taken everything it was given. */
  freeAt = 0;

  constructor(readonly options: LineOptions, now: number) {
    this.line = new ArqLine(options, now);
  }
}

interface Delivery {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Two ends, what lies between them, and a clock that jumps from one event to the next. */
export class SimulatedLine {
  now = 1000;
  readonly client: End;
  readonly server: End;
  /** Changes with everything that happens: equal for equal seeds. */
  trace = 0;
  readonly #random: SeededRandom;
  readonly #weather: Weather;

  constructor(seed: number, weather: Weather = {}, options: Partial<LineOptions> = {}) {
    this.#random = new SeededRandom(seed);
    this.#weather = weather;
    const chance = () => this.#random.below(2 ** 32);
    this.client = new End({ role: "client", address: "serial:here", chance, ...options }, this.now);
    this.server = new End({ role: "server", address: "serial:there", chance, ...options }, this.now);
  }

  /** Runs until `done`, at most `ms`; returns whether it came to that. */
  run(ms: number, done: () => boolean): boolean {
    const end = this.now + ms;
    for (;;) {
      for (const side of [this.client, this.server]) this.#act(side);
      if (done()) return true;
      const at = this.#nextAt();
      if (at > end) {
        this.now = end;
        return false;
      }
      this.now = Math.max(this.now, at);
      this.#deliver();
      for (const side of [this.client, this.server]) side.line.tick(this.now);
    }
  }

  /** A new program at this end, which knows nothing of the old one. */
  restart(end: End): void {
    end.line = new ArqLine(end.options, this.now);
  }

  #act(end: End): void {
    const pipe = end.line.pipe;
    if (pipe !== end.pipe) {
      end.pipe = pipe;
      end.sent = 0;
      end.heard = [];
    }
    if (pipe !== undefined) {
      if (end.sent < end.toSay.length) end.sent += pipe.write(end.toSay.subarray(end.sent));
      if (end.finishes && end.sent === end.toSay.length) pipe.finish();
      for (let chunk; end.reads && (chunk = pipe.read()) !== undefined;) {
        for (const byte of chunk) end.heard.push(byte);
      }
    }
    if (this.now < end.freeAt) return; // the line is busy with what it was given
    const bytes = end.line.takeOutput(this.now);
    if (bytes.length > 0) this.#send(end, bytes);
  }

  #send(from: End, bytes: Uint8Array): void {
    const { baudRate, delayMs = 1, chunkBytes = 64, loseOneIn, cut } = this.#weather;
    from.wireBytes += bytes.length;
    const lineMs = baudRate === undefined ? 0 : bytes.length * 10_000 / baudRate;
    from.freeAt = this.now + lineMs;
    this.#note(bytes.length);
    if (this.#hits(loseOneIn)) return;
    if (cut !== undefined && this.now >= cut[0] && this.now < cut[1]) return;
    const to = from === this.client ? this.server : this.client;
    const harmed = this.#harm(bytes);
    for (let at = 0; at < harmed.length; at += chunkBytes) {
      const piece = harmed.slice(at, at + chunkBytes);
      const part = Math.min(1, (at + piece.length) / harmed.length);
      to.onWay.push({ at: this.now + lineMs * part + delayMs, bytes: piece });
    }
  }

  #harm(bytes: Uint8Array): Uint8Array {
    const { flipOneIn, dropOneIn, insertOneIn, burstOneIn } = this.#weather;
    const harmed: number[] = [];
    let burst = 0;
    for (let byte of bytes) {
      if (this.#hits(burstOneIn)) burst = 1 + this.#random.below(40);
      if (burst-- > 0) byte = this.#random.below(256);
      if (this.#hits(flipOneIn)) byte ^= 1 << this.#random.below(8);
      if (this.#hits(insertOneIn)) harmed.push(this.#random.below(256));
      if (!this.#hits(dropOneIn)) harmed.push(byte);
    }
    return Uint8Array.from(harmed);
  }

  #hits(oneIn = 0): boolean {
    return oneIn > 0 && this.#random.below(oneIn) === 0;
  }

  #nextAt(): number {
    let at = Infinity;
    for (const end of [this.client, this.server]) {
      at = Math.min(at, end.onWay[end.arrived]?.at ?? Infinity);
      at = Math.min(at, Math.max(end.line.nextTickAt, this.now + 0.001));
      if (end.freeAt > this.now) at = Math.min(at, end.freeAt);
    }
    return at;
  }

  #deliver(): void {
    for (const end of [this.client, this.server]) {
      for (; end.arrived < end.onWay.length; end.arrived++) {
        const { at, bytes } = end.onWay[end.arrived];
        if (at > this.now) break;
        this.#note(end === this.client ? bytes.length : -bytes.length);
        end.line.receive(bytes, this.now);
      }
      if (end.arrived === end.onWay.length) [end.onWay, end.arrived] = [[], 0];
    }
  }

  #note(what: number): void {
    this.trace = (Math.imul(this.trace, 31) + what + Math.round(this.now * 1000)) | 0;
  }
}
