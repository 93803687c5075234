import { ProtocolError } from "../errors.ts";

/** The most files that a share takes: each costs an entry on the disk, however small it is. */
export const MAX_FILES = 100_000;
/** Looking at all files again is done no more often than this, in milliseconds: who fills the share must not command it. */
const RECOUNT_MS = 10_000;

/** Room for one file. */
export interface Claim {
  /** It lies at `path` now. */
  keep(path: string): void;
  /** It does not lie anywhere. Of no effect after `keep`. */
  release(): void;
}

/**
 * How much of what has come through a share still lies there. Files that somebody has taken away since, or made
 * smaller, are noticed when the room runs out.
 */
export class ReceivedTotal {
  readonly #maxBytes: number;
  readonly #sizes = new Map<string, number>();
  readonly #now: () => number;
  #bytes = 0;
  /** Files that are on their way. */
  #claims = 0;
  #countedAt = -Infinity;
  #counting: Promise<void> | undefined;

  constructor(maxBytes: number, now: () => number = () => performance.now()) {
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  /** Bytes that lie there, and bytes that are on their way. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Makes room for a file. @throws {ProtocolError} code `quota`, not fatal. */
  async claim(size: number): Promise<Claim> {
    if (this.#isFull(size)) await this.#recount();
    if (this.#isFull(size)) throw this.#refusal(size);
    this.#bytes += size;
    this.#claims++;
    let isOpen = true;
    const end = () => {
      const wasOpen = isOpen;
      isOpen = false;
      if (wasOpen) this.#claims--;
      return wasOpen;
    };
    return {
      keep: (path) => {
        if (!end()) return;
        this.#bytes -= this.#sizes.get(path) ?? 0; // what it has replaced
        this.#sizes.set(path, size);
      },
      release: () => {
        if (end()) this.#bytes -= size;
      },
    };
  }

  #isFull(size: number): boolean {
    return this.#bytes + size > this.#maxBytes || this.#sizes.size + this.#claims >= MAX_FILES;
  }

  #refusal(size: number): ProtocolError {
    const files = this.#sizes.size + this.#claims;
    const why = files >= MAX_FILES
      ? `${files} files have come and lie in the shared directory, and that is the most`
      : `it has ${size} bytes, and ${this.#bytes} have come and lie in the shared directory ` +
        `(maxTotalBytes ${this.#maxBytes} of share())`;
    return new ProtocolError("quota", why, { fatal: false });
  }

  /** Once for all who want it at the same time. */
  #recount(): Promise<void> {
    if (this.#counting !== undefined) return this.#counting;
    if (this.#now() - this.#countedAt < RECOUNT_MS) return Promise.resolve();
    this.#countedAt = this.#now();
    return this.#counting = this.#count().finally(() => this.#counting = undefined);
  }

  async #count(): Promise<void> {
    for (const path of [...this.#sizes.keys()]) {
      const size = await Deno.lstat(path).then((found) => found.isFile ? found.size : 0, () => undefined);
      const before = this.#sizes.get(path)!;
      // One that has grown is the doing of somebody here, and costs the other side nothing.
      const after = Math.min(size ?? 0, before);
      this.#bytes -= before - after;
      if (size === undefined) this.#sizes.delete(path);
      else this.#sizes.set(path, after);
    }
  }
}
