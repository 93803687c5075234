import type { Codec } from "../../codec/codec.ts";
import { delimiter } from "../../codec/delimiter.ts";
import { markBytes, tooLargeToSend } from "../../codec/options.ts";
import { UsageTypeError } from "../../errors.ts";
import { MAX_FRAME_BYTES_CEILING } from "../../limits.ts";
import { carriedText } from "../carried_text.ts";

/** What ends the link. */
export const DISCONNECT = "disconnect";
/** What a device is asked for its tag with. */
export const IDENTITY_QUESTION = "ic";

/** Messages as bytes, with the separator that one dialect uses. */
export class LeadsWords {
  /** What ends a message. */
  readonly separator: Uint8Array;
  /** The last words, with the separator. */
  readonly disconnect: Uint8Array;
  /** The separator as text, when it is a single ASCII character: then text can be searched for it. */
  readonly character: string | undefined;
  /** Only ever writes: what reads remembers how far it has looked. */
  readonly #codec: Codec<Uint8Array>;
  readonly #shown: string;

  /** @throws {UsageTypeError} {@linkcode UsageRangeError} it is no separator. */
  constructor(separator: string | Uint8Array) {
    this.separator = markBytes(separator);
    this.#codec = delimiter(this.separator, { maxFrameBytes: MAX_FRAME_BYTES_CEILING });
    const [byte] = this.separator;
    this.character = this.separator.length === 1 && byte < 0x80 ? String.fromCharCode(byte) : undefined;
    this.#shown = typeof separator === "string" ? JSON.stringify(separator) : `of bytes ${this.separator}`;
    try {
      this.disconnect = this.#end(ENCODER.encode(DISCONNECT));
    } catch (cause) {
      const text =
        `Cannot use the separator ${this.#shown} in the dialect "leads": the word "${DISCONNECT}", which ends ` +
        `the link, holds it`;
      throw new UsageTypeError(text, { cause });
    }
  }

  /**
   * One message with its separator.
   *
   * @throws {UsageTypeError} it is no text, holds the separator, or is `disconnect`.
   * @throws {UsageRangeError} it is longer than `maxFrameBytes`.
   */
  encode(value: unknown, maxFrameBytes: number): Uint8Array {
    const message = carriedText(value, "leads", "text and bytes");
    if (message.length > maxFrameBytes) throw tooLargeToSend(message.length, maxFrameBytes);
    const { character } = this;
    let bytes: Uint8Array;
    if (typeof message === "string" && character !== undefined) {
      if (message === DISCONNECT) throw isLastWord();
      if (message.includes(character)) throw this.#holdsSeparator(message.indexOf(character), "character");
      bytes = ENCODER.encode(message + character);
    } else {
      const frame = typeof message === "string" ? ENCODER.encode(message) : message;
      if (isDisconnect(frame)) throw isLastWord();
      bytes = this.#end(frame);
    }
    const length = bytes.length - this.separator.length;
    if (length > maxFrameBytes) throw tooLargeToSend(length, maxFrameBytes);
    return bytes;
  }

  /** @throws {UsageTypeError} the separator would be found before the end. */
  #end(frame: Uint8Array): Uint8Array {
    try {
      return this.#codec.encode(frame);
    } catch (error) {
      const at = /at byte (\d+)/.exec((error as Error).message)?.[1];
      throw at === undefined ? error : this.#holdsSeparator(Number(at), "byte");
    }
  }

  #holdsSeparator(at: number, unit: string): UsageTypeError {
    return new UsageTypeError(
      `Cannot send this message in the dialect "leads": its ${unit} ${at} begins the separator ${this.#shown}, ` +
        `which would end it there; leave it out, or choose another "separator" at both ends`,
    );
  }
}

/** True for the bytes of `disconnect`. */
export function isDisconnect(message: Uint8Array | string): boolean {
  if (message.length !== DISCONNECT.length) return false;
  return typeof message === "string" ? message === DISCONNECT : DECODER.decode(message) === DISCONNECT;
}

function isLastWord(): UsageTypeError {
  return new UsageTypeError(
    `Cannot send the message "${DISCONNECT}" in the dialect "leads": it is the word that ends the link; ` +
      `close() says it, and other text can be sent`,
  );
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
