import { TimeoutError, UsageRangeError, UsageTypeError } from "../../errors.ts";
import { suggestion } from "../../suggestion.ts";
import type { Naps } from "./naps.ts";

/** How fast bytes may leave, for devices that lose what comes too fast. What is left out does not hold back. */
export interface Pacing {
  /** Wait after each byte, in milliseconds. */
  byteMs?: number;
  /** Wait after each line (LF, or CR alone), in milliseconds. */
  lineMs?: number;
  /** Before the next line leaves, this text has to have come after the one before it, such as `"> "`. */
  prompt?: string;
  /** How long to wait for the prompt, in milliseconds; then the write fails. Default 5000. */
  promptMs?: number;
}

const NAMES = ["byteMs", "lineMs", "prompt", "promptMs"];
/** Longer waits between bytes than this are a mistake of unit. */
const MAX_MS = 600_000;
/** A prompt is a few characters; the bound keeps the look for it cheap. */
const MAX_PROMPT_BYTES = 256;
const DEFAULT_PROMPT_MS = 5000;
const LF = 0x0a;
const CR = 0x0d;

/** Checks what the user gave. @throws {UsageTypeError} {@linkcode UsageRangeError} code `usage`. */
export function checkPacing(pacing: unknown): asserts pacing is Pacing {
  if (typeof pacing !== "object" || pacing === null) {
    throw new UsageTypeError(
      `Cannot use ${String(pacing)} as "pacing": an object such as { byteMs: 2 } is wanted`,
    );
  }
  for (const [name, value] of Object.entries(pacing)) {
    if (!NAMES.includes(name)) {
      throw new UsageTypeError(`Unknown option "${name}" of pacing${suggestion(name, NAMES)}`);
    }
    if (value === undefined) continue;
    if (name === "prompt") {
      const bytes = typeof value === "string" ? new TextEncoder().encode(value).length : 0;
      if (bytes === 0 || bytes > MAX_PROMPT_BYTES) {
        throw new UsageTypeError(
          `Cannot use ${String(value)} as "pacing.prompt": text of 1 to 256 bytes is wanted`,
        );
      }
    } else if (typeof value !== "number") {
      throw new UsageTypeError(`Cannot use ${String(value)} as "pacing.${name}": milliseconds are wanted`);
    } else if (!(value >= 0 && value <= MAX_MS)) {
      throw new UsageRangeError(`Cannot use ${value} as "pacing.${name}": 0 to ${MAX_MS} ms are wanted`);
    }
  }
}

/** Says how many bytes may leave, and when the next ones may. */
export class Pacer {
  readonly #pacing: Pacing;
  readonly #naps: Naps;
  readonly #isRead: () => boolean;
  readonly #prompt: Uint8Array | undefined;
  #restMs = 0;
  /** True while the prompt has to come before anything leaves. */
  #asks = false;
  /** The last bytes that came, as many as the prompt has. */
  #tail: number[] = [];
  #prompted: (() => void) | undefined;

  /** @param isRead False while nobody wants what comes: then the prompt cannot be seen. */
  constructor(pacing: Pacing, naps: Naps, isRead: () => boolean) {
    this.#pacing = pacing;
    this.#naps = naps;
    this.#isRead = isRead;
    this.#prompt = pacing.prompt === undefined ? undefined : new TextEncoder().encode(pacing.prompt);
  }

  /** Resolves when the next bytes may leave. @throws {TimeoutError} code `timeout`: the prompt did not come. */
  async turn(): Promise<void> {
    if (this.#asks) await this.#waitForPrompt();
    const ms = this.#restMs;
    this.#restMs = 0;
    if (ms > 0) await this.#naps.take(ms);
  }

  /** How many of `bytes` may leave at once. */
  allowed(bytes: Uint8Array): number {
    const { byteMs = 0, lineMs = 0 } = this.#pacing;
    if (byteMs > 0) return Math.min(1, bytes.length);
    if (lineMs === 0 && this.#prompt === undefined) return bytes.length;
    const end = endOfLine(bytes);
    return end === -1 ? bytes.length : end;
  }

  /** The first `count` of `bytes` have left; the others follow. */
  left(bytes: Uint8Array, count: number): void {
    const { byteMs = 0, lineMs = 0 } = this.#pacing;
    if (count === 0) return;
    const last = bytes[count - 1];
    const isLine = last === LF || (last === CR && bytes[count] !== LF);
    this.#restMs = byteMs + (isLine ? lineMs : 0);
    if (!isLine || this.#prompt === undefined) return;
    this.#asks = true;
    this.#tail = [];
  }

  /** These bytes have come. */
  heard(bytes: Uint8Array): void {
    if (!this.#asks || this.#prompt === undefined) return;
    for (const byte of bytes) {
      this.#tail.push(byte);
      if (this.#tail.length > this.#prompt.length) this.#tail.shift();
      if (
        this.#tail.length < this.#prompt.length || !this.#prompt.every((each, i) => each === this.#tail[i])
      ) continue;
      this.#asks = false;
      this.#prompted?.();
      return;
    }
  }

  async #waitForPrompt(): Promise<void> {
    const { promptMs = DEFAULT_PROMPT_MS, prompt } = this.#pacing;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#prompted = resolve;
    await this.#naps.take(promptMs, promise);
    this.#prompted = undefined;
    if (!this.#asks) return;
    const hint = this.#isRead()
      ? ""
      : ": what comes is not read, since nobody takes the messages; use onReceive, receive() or for await";
    throw new TimeoutError(
      "timeout",
      `The prompt ${
        JSON.stringify(prompt)
      } did not come within ${promptMs} ms after a line (pacing.promptMs)${hint}`,
    );
  }
}

/** Behind the first end of a line; -1 when there is none. A CR is one unless an LF follows. */
function endOfLine(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === LF) return i + 1;
    if (bytes[i] === CR && bytes[i + 1] !== LF) return i + 1;
  }
  return -1;
}
