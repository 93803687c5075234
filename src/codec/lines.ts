/**
 * Lines of text: what most instruments, shells and simple servers speak.
 *
 * @module
 */
import { UsageRangeError, UsageTypeError } from "../errors.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";
import { type Codec, type FrameLimit, frameTooLarge } from "./codec.ts";
import { frameLimit, tooLargeToSend } from "./options.ts";

/** The options of {@linkcode lines}. */
export interface LinesOptions extends FrameLimit {
  /**
   * What ends a line that is written: `"\n"` (default), `"\r\n"` or `"\r"`. Received text is split at LF, with one
   * CR before it taken off, so that both `"\n"` and `"\r\n"` are read whichever is written; only with `"\r"` is it
   * split at CR, with one LF behind it taken off: modems want CR and answer with CR LF.
   */
  newline?: "\n" | "\r\n" | "\r";
}

/**
 * UTF-8 text, one frame a line, without the characters that end it.
 *
 * ```text
 * INPUT                          FRAMES
 * "PING\r\n" "TEMP 21.5\nRE"     "PING"  "TEMP 21.5"      "RE" waits for its LF
 * "\n"                           ""                       an empty line is a frame
 * 41 FF 0A                       "A\uFFFD"                bytes that are no UTF-8 are read as U+FFFD
 * ```
 *
 * A read is decoded in one go and then cut, which is several times faster than decoding each line. A line longer
 * than `maxFrameBytes` (default 1 MiB, counted in bytes without its CR and LF) raises `too_large` once, as soon as
 * it is known to be too long, and its bytes are dropped as they arrive, its LF included; the next line is read as
 * usual. A last line that the stream ends without an LF is no line: it is reported as `truncated`.
 *
 * `decode` throws {@linkcode ProtocolError} code `too_large` (not fatal). `encode` throws {@linkcode UsageTypeError}
 * for text that holds the end of a line, {@linkcode UsageRangeError} for text above `maxFrameBytes`. A lone
 * surrogate in the text is written as U+FFFD.
 *
 * @throws {UsageTypeError} code `usage`: an unknown option.
 * @throws {UsageRangeError} code `usage`: another `newline`, or `maxFrameBytes` outside 1 byte to 64 MiB.
 *
 * @example Two lines, the second one still under way
 * ```ts
 * import { lines, ReceiveBuffer } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const codec = lines({ newline: "\r\n" });
 * const buffer = new ReceiveBuffer();
 * buffer.append(codec.encode("*IDN?"));
 * buffer.append(new TextEncoder().encode("VOLT"));
 * assert.equal(codec.decode(buffer), "*IDN?");
 * assert.equal(codec.decode(buffer), undefined);
 * ```
 */
export function lines(options: LinesOptions = {}): Codec<string> {
  const maxFrameBytes = frameLimit("lines", options, ["newline"]);
  const { newline = "\n" } = options;
  if (newline !== "\n" && newline !== "\r\n" && newline !== "\r") {
    throw new UsageRangeError(
      `Cannot use ${JSON.stringify(newline)} as "newline": one of "\\n", "\\r\\n", "\\r" is wanted`,
    );
  }
  return new LinesCodec(newline, maxFrameBytes);
}

class LinesCodec implements Codec<string> {
  readonly #newline: string;
  readonly #maxFrameBytes: number;
  /** The character that ends a line, and its code, which is also its byte. */
  readonly #mark: string;
  readonly #markByte: number;
  /** Whole lines that are decoded and not handed over yet, each with its mark, from `#at` on. */
  #text = "";
  #at = 0;
  /** Bytes at the front of the buffer that are known to hold no mark. */
  #scanned = 0;
  #dropping = false;
  /** With CR as the mark: an LF that comes now ends nothing, it belongs to the CR before. */
  #skipsLf: boolean;

  constructor(newline: string, maxFrameBytes: number) {
    this.#newline = newline;
    this.#maxFrameBytes = maxFrameBytes;
    this.#mark = newline === "\r" ? "\r" : "\n";
    this.#markByte = this.#mark.charCodeAt(0);
    this.#skipsLf = this.#markByte === CR; // whoever begins to listen may have missed the CR
  }

  decode(buffer: ReceiveBuffer): string | undefined {
    if (this.#at === this.#text.length && !this.#read(buffer)) return undefined;
    const text = this.#text;
    let start = this.#at;
    if (start > 0 && this.#markByte === CR && text.charCodeAt(start) === LF) start++;
    let end = text.indexOf(this.#mark, start);
    this.#at = end + 1;
    if (this.#at === text.length) {
      this.#text = ""; // an idle connection holds no text
      this.#at = 0;
    }
    if (end > start && this.#markByte === LF && text.charCodeAt(end - 1) === CR) end--;
    return text.slice(start, end);
  }

  encode(text: string): Uint8Array {
    if (typeof text !== "string") {
      throw new UsageTypeError(
        `Cannot encode a value of type ${typeof text}: lines are text, a string is wanted`,
      );
    }
    if (text.includes(this.#mark)) throw holdsNewline(this.#mark);
    if (this.#newline === "\n" && text.endsWith("\r")) throw endsWithReturn();
    if (this.#newline === "\r" && text.startsWith("\n")) throw startsWithLf();
    // Every UTF-16 unit is at least one byte, so this spares the memory for text that is far too long.
    if (text.length > this.#maxFrameBytes) throw tooLargeToSend(text.length, this.#maxFrameBytes);
    const bytes = ENCODER.encode(text + this.#newline);
    const length = bytes.length - this.#newline.length;
    if (length > this.#maxFrameBytes) throw tooLargeToSend(length, this.#maxFrameBytes);
    return bytes;
  }

  fresh(): Codec<string> {
    return new LinesCodec(this.#newline, this.#maxFrameBytes);
  }

  /** Decodes every whole line there is, up to the limit at a time; false when there is none. */
  #read(buffer: ReceiveBuffer): boolean {
    if (this.#dropping && !this.#drop(buffer)) return false;
    if (this.#skipsLf && buffer.length > 0) this.#skipLf(buffer);
    const max = this.#maxFrameBytes;
    // Lines that end within this window cannot be too long, whatever their number: one check stands for all.
    const window = Math.min(buffer.length, max + 1);
    const last = buffer.peek(window - this.#scanned, this.#scanned).lastIndexOf(this.#markByte);
    if (last !== -1) {
      const count = this.#scanned + last + 1;
      this.#decode(buffer, count);
      this.#scanned = window - count;
      return true;
    }
    this.#scanned = window;
    if (buffer.length <= max) return false;
    if (this.#markByte === LF && buffer.byteAt(max) === CR) {
      if (buffer.length === max + 1) return false; // a CR that may yet turn out to be part of the end
      if (buffer.byteAt(max + 1) === LF) {
        this.#decode(buffer, max + 2);
        this.#scanned = 0;
        return true;
      }
    }
    buffer.skip(max + 1);
    this.#scanned = 0;
    this.#dropping = true;
    throw frameTooLarge(max + 1, max, { fatal: false });
  }

  #decode(buffer: ReceiveBuffer, count: number): void {
    this.#text = DECODER.decode(buffer.peek(count));
    buffer.skip(count);
    this.#skipsLf = this.#markByte === CR;
  }

  #skipLf(buffer: ReceiveBuffer): void {
    this.#skipsLf = false;
    if (buffer.byteAt(0) !== LF) return;
    buffer.skip(1);
    if (this.#scanned > 0) this.#scanned--;
  }

  /** Passes over the rest of a line that was too long; false while its end has not come. */
  #drop(buffer: ReceiveBuffer): boolean {
    const end = buffer.indexOf(this.#markByte);
    buffer.skip(end === -1 ? buffer.length : end + 1);
    this.#dropping = end === -1;
    this.#skipsLf = !this.#dropping && this.#markByte === CR;
    return end !== -1;
  }
}

const LF = 0x0a;
const CR = 0x0d;
const ENCODER = new TextEncoder();
// A mark is never part of another character in UTF-8, so lines decoded together and one by one are the same text.
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

function holdsNewline(mark: string): UsageTypeError {
  return new UsageTypeError(
    `Cannot encode text that holds ${
      JSON.stringify(mark)
    }: the codec ends each line itself, send the text without it`,
  );
}

function endsWithReturn(): UsageTypeError {
  return new UsageTypeError(
    `Cannot encode text that ends with "\\r": the reader takes it for part of the line end;` +
      ` set the option newline: "\\r" or "\\r\\n" of the dialect or the codec, and send the text without it`,
  );
}

function startsWithLf(): UsageTypeError {
  return new UsageTypeError(
    `Cannot encode text that begins with "\\n": the reader takes it for part of the line end before;` +
      ` send the text without it`,
  );
}
