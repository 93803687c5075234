/** How far a file has come: what `onProgress` gets. */
export interface FileProgress {
  /** The name that the other side knows it by. */
  readonly name: string;
  /** Bytes that have come, or were handed over. */
  readonly bytes: number;
  /** Bytes that there are in all. */
  readonly size: number;
  /** The rate so far, in bytes per second; 0 at first. */
  readonly bytesPerSecond: number;
  /** How long the rest takes at that rate, in milliseconds; `undefined` as long as nobody can tell. */
  readonly remainingMs: number | undefined;
}

/** Tells how far a file has come: at its begin, at its end, and not too often between the two. */
export class ProgressMeter {
  readonly #name: string;
  readonly #size: number;
  readonly #tell: (progress: FileProgress) => void;
  readonly #since: number;
  #toldAt: number;
  #isDone = false;

  /** Tells at once that nothing has come yet. `now` is in milliseconds, here as everywhere. */
  constructor(name: string, size: number, now: number, tell: (progress: FileProgress) => void) {
    this.#name = name;
    this.#size = size;
    this.#tell = tell;
    this.#since = this.#toldAt = now;
    this.#say(0, now);
  }

  /** So many bytes have come in all. */
  advance(bytes: number, now: number): void {
    if (bytes < this.#size && now - this.#toldAt >= EVERY_MS) this.#say(bytes, now);
  }

  /** Everything has come, and is where it is to be. */
  finish(now: number): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#say(this.#size, now);
  }

  #say(bytes: number, now: number): void {
    this.#toldAt = now;
    const elapsedMs = now - this.#since;
    const bytesPerSecond = elapsedMs > 0 ? bytes * 1000 / elapsedMs : 0;
    const left = this.#size - bytes;
    const remainingMs = bytesPerSecond > 0 ? left * 1000 / bytesPerSecond : left === 0 ? 0 : undefined;
    this.#tell({ name: this.#name, bytes, size: this.#size, bytesPerSecond, remainingMs });
  }
}

/** More often than this nobody can read it, in milliseconds. */
const EVERY_MS = 100;
