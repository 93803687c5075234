import { frameTooLarge } from "../../codec/codec.ts";
import { delimiter } from "../../codec/delimiter.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import type { LeadsWords } from "./words.ts";

/** Takes the messages of one connection out of its bytes. */
export interface MessageReader {
  /**
   * The next message, as text where it is known to be text; `undefined` when its end has not come.
   *
   * @throws {ProtocolError} code `too_large`, not fatal: it is passed over.
   */
  next(buffer: ReceiveBuffer): Uint8Array | string | undefined;
}

/** A reader of text, or of bytes as they come. */
export function messageReader(words: LeadsWords, maxFrameBytes: number, asText: boolean): MessageReader {
  if (asText && words.character !== undefined) return new TextReader(words.character, maxFrameBytes);
  const codec = delimiter(words.separator, { maxFrameBytes });
  return { next: (buffer) => codec.decode(buffer) };
}

/** Decodes all messages of a read in one go and then cuts them, which is several times faster than one by one. */
class TextReader implements MessageReader {
  readonly #mark: string;
  readonly #markByte: number;
  readonly #maxFrameBytes: number;
  /** Whole messages that are decoded and not handed over yet, each with its mark, from `#at` on. */
  #text = "";
  #at = 0;
  /** Bytes at the front of the buffer that hold whole messages and are no text as a whole: those go one by one. */
  #mixedBytes = 0;
  /** Bytes at the front of the buffer that are known to hold no mark. */
  #scanned = 0;
  #isDropping = false;

  constructor(mark: string, maxFrameBytes: number) {
    this.#mark = mark;
    this.#markByte = mark.charCodeAt(0);
    this.#maxFrameBytes = maxFrameBytes;
  }

  next(buffer: ReceiveBuffer): Uint8Array | string | undefined {
    if (this.#at === this.#text.length && this.#mixedBytes === 0 && !this.#read(buffer)) return undefined;
    if (this.#mixedBytes > 0) return this.#takeOne(buffer);
    const start = this.#at;
    const end = this.#text.indexOf(this.#mark, start);
    const message = this.#text.slice(start, end);
    this.#at = end + 1;
    if (this.#at === this.#text.length) {
      this.#text = ""; // an idle connection holds no text
      this.#at = 0;
    }
    return message;
  }

  #takeOne(buffer: ReceiveBuffer): Uint8Array {
    const message = buffer.take(buffer.indexOf(this.#markByte));
    buffer.skip(1);
    this.#mixedBytes -= message.length + 1;
    return message;
  }

  /** Finds every whole message there is, up to the limit at a time; false when there is none. */
  #read(buffer: ReceiveBuffer): boolean {
    if (this.#isDropping && !this.#drop(buffer)) return false;
    const max = this.#maxFrameBytes;
    // Messages that end within this window cannot be too long, whatever their number: one check stands for all.
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
    buffer.skip(max + 1);
    this.#scanned = 0;
    this.#isDropping = true;
    throw frameTooLarge(max + 1, max, { fatal: false });
  }

  #decode(buffer: ReceiveBuffer, count: number): void {
    const text = DECODER.decode(buffer.peek(count));
    if (text.includes(REPLACEMENT)) {
      this.#mixedBytes = count;
    } else {
      this.#text = text;
      buffer.skip(count);
    }
  }

  /** Passes over the rest of a message that was too long; false while its end has not come. */
  #drop(buffer: ReceiveBuffer): boolean {
    const end = buffer.indexOf(this.#markByte);
    buffer.skip(end === -1 ? buffer.length : end + 1);
    this.#isDropping = end === -1;
    return end !== -1;
  }
}

// A mark is never part of another character in UTF-8, so messages decoded together and one by one are the same text.
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
/** What stands for bytes that are no UTF-8, unless it was sent as such. */
const REPLACEMENT = "\uFFFD";
