import { truncated } from "../../codec/codec.ts";
import { ProtocolError } from "../../errors.ts";
import type { Message } from "../../message.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import { cannotSay, type Conversation, type DialectHost } from "../dialect.ts";
import { decodeText } from "../text_encoding.ts";
import { type MessageReader, messageReader } from "./message_reader.ts";
import { Pace } from "./pace.ts";
import { IDENTITY_QUESTION, isDisconnect, type LeadsWords } from "./words.ts";

/** One connection in the language of LEADS. */
export class LeadsConversation implements Conversation {
  readonly #host: DialectHost;
  readonly #words: LeadsWords;
  readonly #reader: MessageReader;
  readonly #pace: Pace;
  readonly #asText: boolean;
  /** What `ic` is answered with. */
  readonly #identity: Uint8Array | undefined;
  /** The other side has said `disconnect`. */
  #isOver = false;

  constructor(host: DialectHost, words: LeadsWords, gapMs: number | undefined, identity: string | undefined) {
    const { maxFrameBytes, closeMs } = host.limits;
    this.#host = host;
    this.#words = words;
    this.#asText = host.payload === "text";
    this.#reader = messageReader(words, maxFrameBytes, this.#asText);
    this.#pace = new Pace(host.output, gapMs, closeMs);
    if (identity !== undefined && host.role === "server") {
      this.#identity = words.encode(identity, maxFrameBytes);
    }
  }

  get waitingBytes(): number {
    return this.#pace.heldBytes;
  }

  get nextTickAt(): number {
    return this.#pace.nextTickAt;
  }

  written(now: number): void {
    this.#pace.written(now);
  }

  tick(now: number): void {
    this.#pace.tick(now);
  }

  receive(buffer: ReceiveBuffer): void {
    while (!this.#isOver) {
      let message: Uint8Array | string | undefined;
      try {
        message = this.#reader.next(buffer);
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.fatal) throw error;
        this.#host.fault(error);
        continue;
      }
      if (message === undefined) return;
      this.#take(message);
    }
    buffer.skip(buffer.length); // what follows the last word was never meant to be read
  }

  receiveEnd(buffer: ReceiveBuffer): void {
    if (!this.#isOver && buffer.length > 0) throw truncated(buffer.length);
  }

  write(message: Message): void {
    this.#pace.write(this.encode(message));
  }

  encode(message: Message): Uint8Array {
    if (message.kind !== "message") {
      throw cannotSay("leads", message, "it only has messages; use send or ask");
    }
    return this.#words.encode(message.value, this.#host.limits.maxFrameBytes);
  }

  writeEncoded(bytes: Uint8Array): void {
    this.#pace.write(bytes);
  }

  close(): void {
    if (this.#isOver) return this.#host.output.append(this.#words.disconnect); // nobody reads what else is held
    this.#pace.write(this.#words.disconnect);
    this.#pace.hurry();
  }

  #take(message: Uint8Array | string): void {
    if (isDisconnect(message)) {
      this.#isOver = true;
      this.#pace.forget();
      this.#host.goodbye("disconnect", "", true);
    } else if (this.#identity !== undefined && asLatin1(message) === IDENTITY_QUESTION) {
      this.#tellIdentity(this.#identity);
    } else if (!this.#asText || typeof message === "string") {
      this.#host.deliver({ kind: "message", value: message }, message.length);
    } else {
      const { text: value, invalid } = decodeText(message, "utf-8");
      this.#host.deliver({ kind: "message", value, ...(invalid && { invalid }) }, value.length);
    }
  }

  /** Whoever asks and does not read the answers is not answered any more. */
  #tellIdentity(identity: Uint8Array): void {
    if (this.#host.output.length + this.#pace.heldBytes < MAX_UNREAD_ANSWER_BYTES) this.#pace.write(identity);
  }
}

/** A short message as text, for comparing; anything longer than the question is none. */
function asLatin1(message: Uint8Array | string): string | undefined {
  if (typeof message === "string") return message;
  return message.length === IDENTITY_QUESTION.length ? String.fromCharCode(...message) : undefined;
}

/** Answers to `ic` that wait to be written: enough for anybody who reads them. */
const MAX_UNREAD_ANSWER_BYTES = 16 * 1024;
