import { truncated } from "../../codec/codec.ts";
import { ProtocolError } from "../../errors.ts";
import type { Message } from "../../message.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import type { Conversation, DialectHost } from "../dialect.ts";
import { decodeText, type TextEncoding } from "../text_encoding.ts";
import { LineWire } from "./line_wire.ts";

/** What the server's end of a connection is told by the dialect. */
export interface ServerManners {
  /** How commands are read. */
  readonly encoding: TextEncoding;
  /** True when a client may end the server. */
  readonly allowShutdown: boolean;
}

/** The end that gets commands: answers `ping`, obeys `disconnect` and `shutdown`, and hands over all else. */
export class ServerConversation implements Conversation {
  readonly #host: DialectHost;
  readonly #manners: ServerManners;
  readonly #wire: LineWire;
  /** The client has said that it leaves: what comes behind that is for nobody. */
  #over = false;
  /** The callbacks of the last command are not done. */
  #busy = false;

  constructor(host: DialectHost, manners: ServerManners) {
    this.#host = host;
    this.#manners = manners;
    this.#wire = new LineWire(host);
  }

  /** Only their order tells which answer is to which command, so a pong, too, waits for the answers before it. */
  get isBusy(): boolean {
    return this.#busy;
  }

  /** A client is served from its first byte on, whether it begins with a ping or not. */
  open(): void {
    const admission = this.#host.admit();
    if (!("refusal" in admission)) return this.#host.ready();
    const { code, message } = admission.refusal;
    this.#over = true;
    this.#host.lost(code, message);
  }

  receive(buffer: ReceiveBuffer): void {
    while (!this.#over && !this.#busy) {
      const line = this.#wire.next(buffer);
      if (line === undefined) return;
      this.#obey(line);
    }
    if (this.#over) buffer.skip(buffer.length);
  }

  proceed(buffer: ReceiveBuffer): void {
    this.#busy = false;
    this.receive(buffer);
  }

  /** What a client has said before it left is obeyed, also when a callback does not end. */
  receiveEnd(buffer: ReceiveBuffer): void {
    while (this.#busy) this.proceed(buffer);
    if (buffer.length > 0) throw truncated(buffer.length);
  }

  /** Answers are UTF-8 whatever the encoding of commands: that is what clients read. */
  write(message: Message): void {
    this.#wire.write(message, "utf-8");
  }

  /** The words of the wire are what is left when invalid bytes are dropped, as the original has it. */
  #obey(line: Uint8Array): void {
    const { text, invalid } = decodeText(line, this.#manners.encoding, "drop");
    switch (text) {
      case "ping":
        return this.#host.output.append(PONG);
      case "disconnect":
        this.#over = true;
        return this.#host.goodbye("bye", "said disconnect", true);
      case "shutdown":
        return this.#shutDown();
    }
    const value = this.#host.payload === "bytes" ? line : text;
    const message = { kind: "message", value } as const;
    this.#busy = this.#host.oneByOne;
    this.#host.deliver(invalid ? { ...message, invalid } : message, line.length + 1);
  }

  /** The client closes right behind this word, so it does not get its answer either way. */
  #shutDown(): void {
    this.#over = true;
    if (this.#manners.allowShutdown) {
      return this.#host.goodbye("shutdown", "asked for the end of this server", true);
    }
    const text = "shutdown was asked for and refused: allowShutdown: true lets clients end this server";
    this.#host.fault(new ProtocolError("shutdown_refused", text, { fatal: false }));
    this.#host.goodbye("bye", "asked for the end of this server, and was refused", true);
  }
}

const PONG = new TextEncoder().encode("pong\n");
