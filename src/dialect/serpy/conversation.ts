import { truncated } from "../../codec/codec.ts";
import { ProtocolError, UsageRangeError } from "../../errors.ts";
import type { Message } from "../../message.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import { cannotSay, type Conversation, type DialectHost } from "../dialect.ts";
import type { TextEncoding } from "../text_encoding.ts";
import { blockOf } from "./block.ts";
import { BlockReader } from "./block_reader.ts";
import { Listening } from "./listening.ts";
import type { Mode } from "./mode.ts";
import { Speech } from "./speech.ts";

/** serpy on one connection: each direction has a mode of its own, and begins in mode 0. */
export class SerpyConversation implements Conversation {
  readonly #host: DialectHost;
  readonly #mode: Mode;
  readonly #encoding: TextEncoding;
  readonly #blocks: BlockReader;
  readonly #speech: Speech;
  readonly #listening: Listening;
  /** Nothing that could still come matters. */
  #over = false;

  constructor(host: DialectHost, mode: Mode, encoding: TextEncoding) {
    this.#host = host;
    this.#mode = mode;
    this.#encoding = encoding;
    this.#blocks = new BlockReader(host.limits.maxFrameBytes);
    this.#speech = new Speech(host);
    this.#listening = new Listening(host, this.#speech, encoding);
  }

  get waitingBytes(): number {
    return this.#over ? 0 : this.#speech.waitingBytes;
  }

  handlingMs(): number {
    return this.#speech.takeHandlingMs();
  }

  get nextTickAt(): number {
    return this.#over ? Infinity : this.#speech.nextTickAt;
  }

  unsent(): ReadonlySet<number> {
    return this.#speech.unsent();
  }

  receive(buffer: ReceiveBuffer, now: number): void {
    if (this.#over) return buffer.skip(buffer.length);
    for (;;) {
      let block: Uint8Array | undefined;
      try {
        block = this.#blocks.next(buffer);
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.fatal) throw error;
        this.#listening.tooLarge(error);
        continue;
      }
      if (block === undefined) return;
      this.#listening.hear(block, now);
      this.#checkAnswers();
    }
  }

  receiveEnd(buffer: ReceiveBuffer): void {
    const bytes = this.#over ? 0 : buffer.length + this.#listening.partBytes;
    this.#over = true; // what waits for an answer waits in vain
    if (bytes > 0) throw truncated(bytes);
  }

  write(message: Message): void {
    if (message.kind !== "message") {
      throw cannotSay("serpy", message, "it only has messages; use send or ask");
    }
    const { value, mode = this.#mode, id, remainingMs = 0 } = message;
    const { maxFrameBytes } = this.#host.limits;
    const block = blockOf(value, mode, id !== undefined, { encoding: this.#encoding, maxFrameBytes });
    if (block.bytes.length > maxFrameBytes) {
      throw new UsageRangeError(
        `Cannot send a message of ${block.bytes.length} bytes in mode ${block.mode}: ` +
          `at most ${maxFrameBytes} are allowed (limits.maxFrameBytes)`,
      );
    }
    this.#speech.say({ ...block, id, remainingMs });
  }

  tick(now: number, listening: boolean): void {
    if (!this.#over) this.#over = this.#speech.tick(now, listening);
  }

  /** Two bytes may ask for an answer of ten: who does not read them is heard no further. */
  #checkAnswers(): void {
    const { output, limits } = this.#host;
    const most = limits.maxOutboxBytes + limits.maxFrameBytes;
    if (output.length <= most) return;
    this.#over = true;
    throw new ProtocolError(
      "slow",
      `Acknowledgements are asked for and not read: ${output.length} bytes wait to be written, ` +
        `at most ${most} may (limits.maxOutboxBytes and one frame)`,
    );
  }
}
