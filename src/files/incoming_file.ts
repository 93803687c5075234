import type { FileSink } from "./part_file.ts";

/** Bytes that wait for the disk above which reading from the link stops. */
export const HIGH_BYTES: number = 1024 * 1024;
/** Bytes that wait for the disk below which it goes on. */
export const LOW_BYTES: number = 256 * 1024;
/** Smaller pieces are put together before they are written, in bytes. */
const BLOCK_BYTES = 64 * 1024;

/**
 * A file that comes over a link and goes to the disk. The bytes of a file that cannot be kept, or not any more, are
 * dropped as they come, so that the link can go on with what follows them.
 */
export class IncomingFile {
  /** How many bytes it was said to have. */
  readonly size: number;
  /** Resolves with its path when it is whole and has its name; rejects once everything is cleaned up. */
  readonly done: Promise<string>;
  readonly #wantsRoom: () => void;
  readonly #blocks: Uint8Array[] = [];
  /** Small pieces, put together. */
  #tail: Uint8Array | undefined;
  #tailBytes = 0;
  #missing: number;
  #waiting = 0;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  /**
   * @param sink Where it goes; may still be looked for, and may be refused.
   * @param wantsRoom Called when less waits for the disk than before.
   */
  constructor(size: number, sink: Promise<FileSink>, wantsRoom: () => void) {
    this.size = size;
    this.#missing = size;
    this.#wantsRoom = wantsRoom;
    this.done = this.#run(sink);
    this.done.catch(() => {}); // whoever gave it the sink listens, but perhaps not at once
  }

  /** How many bytes are still to come. */
  get missing(): number {
    return this.#missing;
  }

  /** Bytes that wait for the disk. */
  get waitingBytes(): number {
    return this.#waiting;
  }

  /** True once it is on the disk, or nothing of it is. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** True while all of its bytes are there and it has no name yet. */
  get isFinishing(): boolean {
    return this.#missing === 0 && !this.#isOver;
  }

  /** The next bytes have come; they are kept as they are. */
  add(bytes: Uint8Array): void {
    this.#missing -= bytes.length;
    if (this.#isOver || this.#failure !== undefined) return;
    this.#waiting += bytes.length;
    if (bytes.length >= BLOCK_BYTES / 4) {
      this.#closeTail();
      this.#blocks.push(bytes);
    } else {
      this.#gather(bytes);
    }
    this.#wake?.();
  }

  /** No more will come, or nobody wants it any more. Of no effect once all bytes are there. */
  abort(error: unknown): void {
    if (this.#missing === 0 || this.#isOver) return;
    this.#failure ??= { error };
    this.#wake?.();
  }

  async #run(opening: Promise<FileSink>): Promise<string> {
    let sink: FileSink | undefined;
    try {
      sink = await opening;
      for (let block = await this.#next(); block !== undefined; block = await this.#next()) {
        await sink.write(block);
        this.#waiting -= block.length;
        this.#wantsRoom();
      }
      await sink.publish();
      return sink.path;
    } catch (error) {
      this.#failure ??= { error };
      this.#forget();
      await sink?.discard();
      throw error;
    } finally {
      this.#isOver = true;
      this.#wantsRoom();
    }
  }

  /** The next bytes for the disk; `undefined` after the last. */
  async #next(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#blocks.length === 0) this.#closeTail();
      const block = this.#blocks.shift();
      if (block !== undefined || this.#missing === 0) return block;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  #gather(bytes: Uint8Array): void {
    if (this.#tailBytes + bytes.length > BLOCK_BYTES) this.#closeTail();
    this.#tail ??= new Uint8Array(BLOCK_BYTES);
    this.#tail.set(bytes, this.#tailBytes);
    this.#tailBytes += bytes.length;
  }

  #closeTail(): void {
    if (this.#tail === undefined) return;
    this.#blocks.push(this.#tail.subarray(0, this.#tailBytes));
    this.#tail = undefined;
    this.#tailBytes = 0;
  }

  #forget(): void {
    this.#blocks.length = 0;
    this.#tail = undefined;
    this.#tailBytes = this.#waiting = 0;
    this.#wantsRoom();
  }
}
