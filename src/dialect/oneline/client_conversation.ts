import { truncated } from "../../codec/codec.ts";
import { ProtocolError } from "../../errors.ts";
import type { Message } from "../../message.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import type { Conversation, DialectHost } from "../dialect.ts";
import { decodeText, type TextEncoding } from "../text_encoding.ts";
import { LineWire } from "./line_wire.ts";
import { stripped } from "./white_space.ts";

/** The end that gives commands: connected once its `ping` is answered, and never gone without a `disconnect`. */
export class ClientConversation implements Conversation {
  readonly #host: DialectHost;
  readonly #encoding: TextEncoding;
  readonly #wire: LineWire;
  #ready = false;
  /** Lines that have come instead of the pong, and what has come until then, in bytes. */
  readonly #early: Uint8Array[] = [];
  #greetingBytes = 0;
  /** When a pong that others came before is given up. */
  #pongDueAt = Infinity;
  /** The last word was said. */
  #left = false;

  constructor(host: DialectHost, encoding: TextEncoding) {
    this.#host = host;
    this.#encoding = encoding;
    this.#wire = new LineWire(host);
  }

  get nextTickAt(): number {
    return this.#ready ? Infinity : this.#pongDueAt;
  }

  /** Answers that are under way are waited for: the original server ends where it cannot write one. */
  get lingerMs(): number {
    return this.#ready ? LINGER_MS : 0;
  }

  open(): void {
    this.#host.output.append(PING);
  }

  receive(buffer: ReceiveBuffer, now: number): void {
    if (!this.#ready && !this.#greeted(buffer, now)) return;
    for (;;) {
      const line = this.#wire.next(buffer);
      if (line === undefined) return;
      this.#deliver(line);
    }
  }

  receiveEnd(buffer: ReceiveBuffer): void {
    if (!this.#ready && this.#early.length + buffer.length > 0) throw this.#noPong(buffer);
    // What we have asked for is no loss of the link: nobody has to come back.
    if (this.#left) this.#host.goodbye("bye", "");
    if (buffer.length > 0) throw truncated(buffer.length);
  }

  write(message: Message): void {
    const line = this.#wire.write(message, this.#encoding);
    if (line === "disconnect" || line === "shutdown") this.#left = true;
  }

  /** The original takes an end of stream without this word for nothing, and serves nobody any more. */
  close(): void {
    if (this.#left) return;
    this.#left = true;
    this.#host.output.append(DISCONNECT);
  }

  tick(now: number): void {
    if (!this.#ready && now >= this.#pongDueAt) throw this.#noPong();
  }

  /** Reads up to the pong; false while it has not come. */
  #greeted(buffer: ReceiveBuffer, now: number): boolean {
    const { maxHandshakeBytes } = this.#host.limits;
    const most = this.#longestGreeting;
    for (;;) {
      const end = buffer.indexOf(LF);
      const length = end === -1 ? buffer.length : end;
      if (length > most || this.#greetingBytes + length > maxHandshakeBytes) throw this.#noPong(buffer);
      if (end === -1) return false;
      const line = buffer.take(end);
      buffer.skip(1);
      this.#greetingBytes += end + 1;
      if (stripped(decodeText(line, "utf-8").text) === "pong") break;
      this.#early.push(line);
      if (this.#pongDueAt === Infinity) this.#pongDueAt = now + LATE_PONG_MS;
    }
    this.#ready = true;
    this.#host.ready();
    for (const line of this.#early.splice(0)) this.#deliver(line);
    return true;
  }

  #deliver(line: Uint8Array): void {
    const bytes = line.length + 1;
    if (this.#host.payload === "bytes") return this.#host.deliver({ kind: "message", value: line }, bytes);
    const { text, invalid } = decodeText(line, "utf-8");
    const message = { kind: "message", value: stripped(text) } as const;
    this.#host.deliver(invalid ? { ...message, invalid } : message, bytes);
  }

  /** Nobody who has not said pong gets more memory for a line, in bytes. */
  get #longestGreeting(): number {
    const { maxHandshakeBytes, maxFrameBytes } = this.#host.limits;
    return Math.min(maxHandshakeBytes, maxFrameBytes);
  }

  #noPong(rest?: ReceiveBuffer): ProtocolError {
    const shownBytes = Math.min(SHOWN_BYTES, this.#longestGreeting); // the same however its bytes come
    const first = this.#early[0] ?? rest!.peek(Math.min(rest!.length, shownBytes));
    const { text } = decodeText(first.subarray(0, SHOWN_BYTES), "utf-8");
    const shown = JSON.stringify(text);
    return new ProtocolError(
      "no_pong",
      `it answers ping with ${shown}, not with "pong"; is it a oneline server?`,
    );
  }
}

const LF = 0x0a;
const PING = new TextEncoder().encode("ping\n");
const DISCONNECT = new TextEncoder().encode("disconnect\n");
/** So much of what came instead of a pong is shown, in bytes. */
const SHOWN_BYTES = 60;
/**
 * How long a pong may come behind another line, in milliseconds. Something that a server tells everybody, or what was
 * left on a serial line, may come first; who greets with something else and sends no pong speaks another language.
 */
const LATE_PONG_MS = 1000;
/**
 * How long the server may take to close behind the last word, in milliseconds: as long as the original waits for an
 * answer.
 */
const LINGER_MS = 3000;
