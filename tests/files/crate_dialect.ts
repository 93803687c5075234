import type { Conversation, Dialect, DialectHost } from "../../src/dialect/dialect.ts";
import { ProtocolError } from "../../src/errors.ts";
import type { Message } from "../../src/message.ts";
import type { ReceiveBuffer } from "../../src/receive_buffer.ts";

/**
 * A small language with files, for tests: four bytes of length and that much JSON, which is a message. A message of the
 * kind `file` is followed by its body. Nothing else may be said before the body is whole, so it waits.
 */
export function crateDialect(): Dialect {
  return {
    name: "crates",
    correlation: "id",
    abilities: ["file"],
    converse: (host) => new CrateConversation(host),
  };
}

/** The bytes of one message of that language. */
export function crate(message: object): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(message));
  const bytes = new Uint8Array(4 + text.length);
  new DataView(bytes.buffer).setUint32(0, text.length);
  bytes.set(text, 4);
  return bytes;
}

class CrateConversation implements Conversation {
  readonly #host: DialectHost;
  /** Bytes of a body that are still to be written, and still to be read. */
  #toWrite = 0;
  #toRead = 0;
  #held: Uint8Array[] = [];

  constructor(host: DialectHost) {
    this.#host = host;
  }

  get waitingBytes(): number {
    return this.#held.reduce((sum, { length }) => sum + length, 0);
  }

  write(message: Message): void {
    const bytes = crate(message);
    if (this.#toWrite > 0) return void this.#held.push(bytes);
    this.#host.output.append(bytes);
    if (message.kind === "file") this.#toWrite = message.size;
  }

  body(bytes: Uint8Array): void {
    this.#host.output.append(bytes);
    this.#toWrite -= bytes.length;
    if (this.#toWrite > 0) return;
    for (const held of this.#held.splice(0)) this.#host.output.append(held);
  }

  receive(buffer: ReceiveBuffer): void {
    for (;;) {
      if (this.#toRead > 0) {
        const count = Math.min(this.#toRead, buffer.length);
        if (count === 0) return;
        this.#toRead -= count;
        this.#host.body(buffer.take(count));
        continue;
      }
      if (buffer.length < 4) return;
      const head = buffer.peek(4);
      const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
      if (buffer.length < 4 + length) return;
      buffer.take(4);
      const message = JSON.parse(new TextDecoder().decode(buffer.take(length))) as Message;
      if (message.kind === "file") this.#toRead = message.size;
      this.#host.deliver(message, length);
    }
  }

  receiveEnd(buffer: ReceiveBuffer): void {
    if (buffer.length > 0 || this.#toRead > 0) {
      throw new ProtocolError(
        "truncated",
        `The stream ended, and ${this.#toRead} bytes of a file were to come`,
      );
    }
  }
}
