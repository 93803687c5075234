/**
 * The device at the other end of a virtual serial line, the same for all contestants of a row. It waits inside the
 * system, with its thread, which is the quickest that a program can be: so it has a process of its own and does
 * nothing else.
 *
 * @module
 */
import type { Measured, Work } from "../row.ts";
import { LineCalls } from "./line_calls.ts";

/**
 * Makes the line; its address is the path to open. The first bytes that come start what `work.line` asks for: they
 * are sent back, or answered with a flood, or counted. Where lines are only to be there, none of it; when they are to
 * be idle, `work.connections` of them, with a comma between their paths.
 */
export function serve(work: Work): Promise<{ address: string; measured?: Promise<Measured> }> {
  if (work.line === "open" || work.line === "idle") {
    const lines = Array.from({ length: work.line === "idle" ? work.connections : 1 }, () => new FarLine());
    return Promise.resolve({ address: lines.map((line) => line.path).join(",") });
  }
  const far = new FarLine();
  const running = far.run(work);
  return Promise.resolve({ address: far.path, measured: work.line === "write" ? running : undefined });
}

class FarLine {
  /** What the near end opens. */
  readonly path: string;
  readonly #calls = new LineCalls();
  readonly #fd: number;
  readonly #keeper: number;
  readonly #memory = new Uint8Array(BLOCK_BYTES);

  constructor() {
    const { fd, keeper, path } = this.#calls.make();
    this.#fd = fd;
    this.#keeper = keeper;
    this.path = path;
  }

  async run(work: Work): Promise<Measured> {
    const count = await this.#firstBytes();
    switch (work.line) {
      case "echo":
        return this.#echo(count);
      case "read":
        return this.#flood();
      default:
        return this.#count(work);
    }
  }

  /** Until the near end is there this process must see its own input end. */
  async #firstBytes(): Promise<number> {
    for (;;) {
      const count = this.#calls.read(this.#fd, this.#memory);
      if (count > 0) {
        // Nobody but the near end holds the line now: reading fails when it goes, and so this process ends as well.
        this.#calls.close(this.#keeper);
        this.#calls.setBlocking(this.#fd);
        return count;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  #echo(first: number): Measured {
    for (let count = first; count > 0;) {
      this.#calls.writeAll(this.#fd, this.#memory.subarray(0, count));
      count = this.#calls.read(this.#fd, this.#memory);
    }
    return NOTHING;
  }

  #flood(): Measured {
    while (this.#calls.writeAll(this.#fd, this.#memory));
    return NOTHING;
  }

  #count({ warmUpMs, measureMs }: Work): Measured {
    const warmUntil = performance.now() + warmUpMs;
    while (performance.now() < warmUntil && this.#calls.read(this.#fd, this.#memory) > 0);
    const startedAt = performance.now();
    let bytes = 0;
    let now = startedAt;
    while (now < startedAt + measureMs) {
      const count = this.#calls.read(this.#fd, this.#memory);
      if (count <= 0) return NOTHING;
      bytes += count;
      now = performance.now();
    }
    return { value: bytes / 1000 / (now - startedAt) };
  }
}

/** What a turn that the near end has ended gives; nobody waits for it. */
const NOTHING: Measured = Object.freeze({ value: 0 });
const BLOCK_BYTES = 64 * 1024;
