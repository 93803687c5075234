import { delimiter } from "../../codec/delimiter.ts";
import { ProtocolError, UsageTypeError } from "../../errors.ts";
import type { Message } from "../../message.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import { carriedText } from "../carried_text.ts";
import { cannotSay, type DialectHost } from "../dialect.ts";
import { encodeText, type TextEncoding } from "../text_encoding.ts";

/** Lines as they stand on the wire, for one connection: bytes, each line ended by LF and nothing else. */
export class LineWire {
  readonly #host: DialectHost;
  readonly #codec: ReturnType<typeof delimiter>;

  constructor(host: DialectHost) {
    this.#host = host;
    this.#codec = delimiter(LF, { maxFrameBytes: host.limits.maxFrameBytes });
  }

  /** Takes the next whole line, without its LF. A line that is too long is reported and passed over. */
  next(buffer: ReceiveBuffer): Uint8Array | undefined {
    for (;;) {
      try {
        return this.#codec.decode(buffer);
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.fatal) throw error;
        this.#host.fault(error);
      }
    }
  }

  /**
   * Writes one line, and returns it.
   *
   * @throws {UsageTypeError} code `usage`: it is no text, or more than one line.
   * @throws {UsageRangeError} code `usage`: it is longer than `limits.maxFrameBytes`.
   */
  write(message: Message, encoding: TextEncoding): string | Uint8Array {
    if (message.kind !== "message") {
      throw cannotSay("oneline", message, "it only has commands and answers; use ask or send");
    }
    const line = carriedText(message.value, "oneline");
    const bytes = typeof line === "string" ? encodeText(line, encoding) : line;
    if (bytes.includes(LF)) throw severalLines(bytes.indexOf(LF));
    this.#host.output.append(this.#codec.encode(bytes));
    return line;
  }
}

const LF = 0x0a;

function severalLines(at: number): UsageTypeError {
  return new UsageTypeError(
    `Cannot send text with "\\n" at byte ${at} in the dialect "oneline": each line is a command or an answer ` +
      `of its own, and gets its line end here; send the lines one by one`,
  );
}
