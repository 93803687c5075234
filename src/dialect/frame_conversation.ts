/**
 * The conversation of a dialect that is made of a codec and the meaning of its frames.
 *
 * @module
 */
import { type Codec, truncated } from "../codec/codec.ts";
import { ProtocolError } from "../errors.ts";
import type { BasicMessage, Message } from "../message.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";
import type { Conversation, DialectHost, FrameLanguage } from "./dialect.ts";

/** Opens the conversation of one connection in frames; one that minds pauses only where the codec does. */
export function converseInFrames<Frame>(
  name: string,
  host: DialectHost,
  language: FrameLanguage<Frame>,
): Conversation {
  const { decodeQuiet, quietMs } = language.codec;
  if (decodeQuiet === undefined || quietMs === undefined) return new FrameConversation(name, host, language);
  return new QuietConversation(name, host, language, quietMs);
}

class FrameConversation<Frame> implements Conversation {
  protected readonly codec: Codec<Frame>;
  readonly #host: DialectHost;
  readonly #language: FrameLanguage<Frame>;
  readonly #name: string;

  constructor(name: string, host: DialectHost, language: FrameLanguage<Frame>) {
    this.#name = name;
    this.#host = host;
    this.#language = language;
    this.codec = language.codec;
  }

  receive(buffer: ReceiveBuffer, _now: number): void {
    const { codec } = this;
    for (let stalls = 0; stalls < MAX_STALLS;) {
      const before = buffer.length;
      let frame: Frame | undefined;
      try {
        frame = codec.decode(buffer);
      } catch (error) {
        this.#report(error);
        if (buffer.length === before) stalls++;
        continue;
      }
      if (frame === undefined) return;
      stalls = 0;
      this.#deliver(frame, before - buffer.length);
    }
    throw this.#stalled();
  }

  receiveEnd(buffer: ReceiveBuffer, _now: number): void {
    if (this.codec.decodeEnd !== undefined) {
      // Again only while bytes are left and get fewer: a codec of somebody's own may give the same frame for ever.
      for (let left = buffer.length + 1; buffer.length < left;) {
        left = buffer.length;
        let frame: Frame | undefined;
        try {
          frame = this.codec.decodeEnd(buffer);
          if (frame === undefined) return;
        } catch (error) {
          this.#report(error);
        }
        if (frame !== undefined) this.#deliver(frame, left - buffer.length);
        if (buffer.length === 0) return;
      }
    } else if (buffer.length > 0) {
      throw truncated(buffer.length);
    }
  }

  write(message: BasicMessage): void {
    this.#host.output.append(this.codec.encode(this.#language.write(message)));
  }

  /** No byte has come for as long as the codec has asked for. */
  protected receiveQuiet(buffer: ReceiveBuffer): void {
    const { codec } = this;
    for (let stalls = 0; stalls < MAX_STALLS;) {
      const before = buffer.length;
      let frame: Frame | undefined;
      try {
        frame = codec.decodeQuiet!(buffer);
        if (frame === undefined) return;
      } catch (error) {
        this.#report(error);
      }
      if (buffer.length === before) stalls++;
      else stalls = 0;
      if (frame !== undefined) this.#deliver(frame, before - buffer.length);
    }
    throw this.#stalled();
  }

  /** The codec has passed over a bad frame; anything worse is thrown on. */
  #report(error: unknown): void {
    if (!(error instanceof ProtocolError) || error.fatal) throw error;
    this.#host.fault(error);
  }

  #deliver(frame: Frame, bytes: number): void {
    let message: Message | undefined;
    try {
      message = this.#language.read(frame, this.#reply);
    } catch (error) {
      this.#report(error);
      return;
    }
    if (message !== undefined) this.#host.deliver(message, sizeOf(frame, bytes));
  }

  #stalled(): ProtocolError {
    return new ProtocolError(
      "stalled",
      `Codec of "${this.#name}" reported ${MAX_STALLS} errors without taking a byte`,
    );
  }

  readonly #reply = (frame: Frame): void => this.#host.output.append(this.codec.encode(frame));
}

/** Looks at the clock as well: a pause of `quietMs` after the last byte is told to the codec, once. */
class QuietConversation<Frame> extends FrameConversation<Frame> {
  readonly #quietMs: number;
  #buffer: ReceiveBuffer | undefined;
  /** When the pause is long enough; `Infinity` when it was told of, or nothing has come. */
  #quietAt = Infinity;
  /** True when the time is up, and bytes that came meanwhile have had one turn to be read. */
  #lastLook = false;

  constructor(name: string, host: DialectHost, language: FrameLanguage<Frame>, quietMs: number) {
    super(name, host, language);
    this.#quietMs = quietMs;
  }

  get nextTickAt(): number {
    return this.#quietAt;
  }

  override receive(buffer: ReceiveBuffer, now: number): void {
    this.#buffer = buffer;
    this.#wait(now);
    super.receive(buffer, now);
  }

  tick(now: number, listening: boolean): void {
    if (now < this.#quietAt || this.#buffer === undefined) return;
    if (!listening) return this.#wait(now); // bytes may lie unread: what is silent here is us
    if (!this.#lastLook) {
      // Where we stood still ourselves the time is up before those bytes are read that came in it.
      this.#lastLook = true;
      this.#quietAt = now;
      return;
    }
    this.#quietAt = Infinity;
    this.#lastLook = false;
    this.receiveQuiet(this.#buffer);
  }

  #wait(now: number): void {
    this.#quietAt = now + this.#quietMs;
    this.#lastLook = false;
  }
}

/** A codec of somebody's own that reports errors for ever without consuming anything must not hang the link. */
const MAX_STALLS = 16;

/**
 * What a message costs in memory: a codec may have consumed several frames at once, or bytes that are none, so ask the
 * frame first. Bytes know their `byteLength`, and so may others.
 */
function sizeOf(frame: unknown, consumed: number): number {
  if (typeof frame === "string") return frame.length;
  const byteLength = (frame as { byteLength?: unknown } | null)?.byteLength;
  return typeof byteLength === "number" ? byteLength : consumed;
}
