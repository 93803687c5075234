/**
 * Runs a codec as a connection does, and notes what it gave.
 *
 * @module
 */
import { inspect } from "node:util";
import type { Codec } from "../codec/codec.ts";
import { ProtocolError } from "../errors.ts";
import { ReceiveBuffer } from "../receive_buffer.ts";

/** What came out of a codec: a frame, or an error. `atEnd` tells that only the end of the stream brought it. */
export type CodecEvent<Frame> =
  | { readonly kind: "frame"; readonly frame: Frame; readonly atEnd: boolean }
  | { readonly kind: "error"; readonly code: string; readonly fatal: boolean; readonly atEnd: boolean };

/** A codec breaks a rule of the contract. `rule` is its name; the message says where and how. */
export class CodecRuleError extends Error {
  /** Always `"CodecRuleError"`. */
  override readonly name = "CodecRuleError";
  /** The rule that was broken, such as `"byte by byte"`. */
  readonly rule: string;
  /** Where and how, without the name of the rule. */
  readonly detail: string;

  /** Made by the kit: the name of the rule, and what went wrong where. */
  constructor(rule: string, detail: string) {
    super(`Codec breaks the rule "${rule}": ${detail}`);
    this.rule = rule;
    this.detail = detail;
  }
}

/** One codec, its buffer, and the events so far. After a fatal error it takes nothing more. */
export class CodecDriver<Frame> {
  /** What the codec gave so far, in order. */
  readonly events: CodecEvent<Frame>[] = [];
  readonly #codec: Codec<Frame>;
  readonly #buffer = new ReceiveBuffer();
  readonly #overwrite: boolean;
  #fedBytes = 0;
  #stopped = false;

  /** @param options `overwrite`: the memory of each chunk is overwritten afterwards, as a transport does. */
  constructor(codec: Codec<Frame>, options: { overwrite?: boolean } = {}) {
    this.#codec = codec;
    this.#overwrite = options.overwrite ?? false;
    this.#pump(); // nothing has arrived: that has to be no error and no frame
  }

  /** Bytes that have been fed and are still in the buffer. */
  get waitingBytes(): number {
    return this.#buffer.length;
  }

  /**
   * Feeds one chunk, and takes every frame and error there is.
   *
   * @throws {CodecRuleError} the codec breaks a rule that holds for any bytes.
   */
  feed(chunk: Uint8Array): void {
    if (this.#stopped) return;
    const memory = new Uint8Array(chunk);
    this.#fedBytes += chunk.length;
    this.#buffer.append(memory);
    this.#pump();
    this.#buffer.keep();
    if (this.#overwrite) { for (let at = 0; at < memory.length; at++) memory[at] ^= 0xff; }
  }

  /**
   * The line is quiet for as long as the codec has asked for; nothing happens where it has not asked.
   *
   * @throws {CodecRuleError} the codec breaks a rule that holds for any bytes.
   */
  quiet(): void {
    if (this.#stopped || this.#codec.decodeQuiet === undefined) return;
    this.#drain(() => this.#take(() => this.#codec.decodeQuiet!(this.#buffer), false));
    if (!this.#stopped) this.#expectNothing(() => this.#decode(), "after a pause");
  }

  /** The stream has ended: the last frames, or the error for bytes that are left over. */
  end(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#codec.decodeEnd !== undefined) {
      for (let left = this.#buffer.length + 1; this.#buffer.length < left;) {
        left = this.#buffer.length;
        const event = this.#take(() => this.#codec.decodeEnd?.(this.#buffer), true);
        if (event === undefined) return;
        this.events.push(event);
        if (this.#buffer.length === 0) return;
      }
    } else if (this.#buffer.length > 0) {
      this.events.push({ kind: "error", code: "truncated", fatal: true, atEnd: true });
    }
  }

  #pump(): void {
    this.#drain(() => this.#decode());
  }

  /** Takes every frame and error there is, and looks whether undefined means that there is none. */
  #drain(next: () => CodecEvent<Frame> | undefined): void {
    for (let event = next(); event !== undefined; event = next()) {
      this.events.push(event);
      if (event.kind === "error" && event.fatal) {
        this.#stopped = true;
        return;
      }
      if (this.events.length > MAX_EVENTS_PER_BYTE * this.#fedBytes) {
        throw new CodecRuleError(
          "progress",
          `${this.events.length} frames or errors out of ${this.#fedBytes} bytes`,
        );
      }
    }
    this.#expectNothing(next, "after undefined");
  }

  #expectNothing(next: () => CodecEvent<Frame> | undefined, when: string): void {
    const late = next();
    if (late === undefined) return;
    throw new CodecRuleError("undefined means more bytes", `${when}, and no new byte, came ${show(late)}`);
  }

  #decode(): CodecEvent<Frame> | undefined {
    const event = this.#take(() => this.#codec.decode(this.#buffer), false);
    if (this.#buffer.length >= 0) return event;
    throw new CodecRuleError("progress", `${-this.#buffer.length} bytes more than had arrived were taken`);
  }

  #take(decode: () => Frame | undefined, atEnd: boolean): CodecEvent<Frame> | undefined {
    try {
      const frame = decode();
      return frame === undefined ? undefined : { kind: "frame", frame, atEnd };
    } catch (error) {
      if (error instanceof ProtocolError) {
        return { kind: "error", code: error.code, fatal: error.fatal, atEnd };
      }
      throw new CodecRuleError("only ProtocolError", `decode threw ${show(error)}`);
    }
  }
}

/**
 * The bytes of each frame, as copies.
 *
 * @throws {CodecRuleError} `encode` throws, or gives anything but one array of bytes.
 */
export function encodeEach<Frame>(
  codec: Codec<Frame>,
  frames: readonly Frame[],
  where: string,
): Uint8Array[] {
  return frames.map((frame, at) => {
    let bytes: unknown;
    try {
      bytes = codec.encode(frame);
    } catch (error) {
      throw new CodecRuleError(
        "encode takes every sample",
        `${where}, frame ${at}: encode threw ${show(error)}`,
      );
    }
    if (bytes instanceof Uint8Array) return new Uint8Array(bytes);
    throw new CodecRuleError("encode gives one array", `${where}, frame ${at}: encode gave ${show(bytes)}`);
  });
}

/** A codec that gives more than this for each byte has stopped taking bytes: a few frames in a byte is the most. */
const MAX_EVENTS_PER_BYTE = 16;

/** Any value as one short line. */
export function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const text = inspect(value, { breakLength: Infinity, maxArrayLength: 24, maxStringLength: 80 });
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
