import { ProtocolError } from "../../errors.ts";
import type { Message } from "../../message.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import type { Conversation, Dialect, DialectHost } from "../dialect.ts";
import {
  CALL_HEAD_BYTES,
  FIRST_EXTENSION_TYPE,
  FrameType,
  HEAD_BYTES,
  LENGTH_BYTES,
  MAGIC,
  MAX_CODE_CHARS,
  MAX_FAILURE_CHARS,
  MIN_LENGTH,
  PayloadKind,
} from "./frame.ts";
import { type CallHead, FrameWriter } from "./frame_writer.ts";
import { checkMagic, readHello, readWelcome, sayHello, sayWelcome } from "./handshake.ts";
import { Heartbeat } from "./heartbeat.ts";
import { MsgPack } from "./msgpack.ts";
import { NameCache } from "./name_cache.ts";
import { PayloadCodec } from "./payload.ts";

/**
 * Parley's own language: messages, named actions, and named requests with answers and errors. The wire is drawn in
 * `frame.ts`: a fixed binary head and a payload that is text, bytes, or one msgpack value.
 *
 * Values may be anything that msgpack has: `undefined`, `null`, booleans, numbers, `bigint` of 64 bits, text,
 * `Uint8Array`, `Date`, lists, and plain objects of these.
 */
export function native(): Dialect {
  const shared: Shared = { payload: new PayloadCodec(new MsgPack()), names: new NameCache() };
  return {
    name: "native",
    correlation: "id",
    handshake: true,
    uniform: true,
    converse: (host) => new NativeConversation(host, shared),
  };
}

/** What all conversations of one endpoint share: none of it remembers a peer. */
interface Shared {
  readonly payload: PayloadCodec;
  readonly names: NameCache;
}

/** Where a frame's parts are, in the bytes of the current look into the buffer. */
interface Frame {
  readonly type: number;
  readonly kind: number;
  readonly id: number;
  readonly bytes: Uint8Array;
  /** Where its body begins, and where it ends. */
  readonly body: number;
  readonly end: number;
}

class NativeConversation implements Conversation {
  readonly #host: DialectHost;
  readonly #payload: PayloadCodec;
  readonly #names: NameCache;
  readonly #heartbeat: Heartbeat;
  #magicSeen = false;
  #magicSaid = false;
  /** They were told that they may not come in: nothing they still say matters. */
  #refused = false;
  #welcomed = false;
  /** Its limit is the smaller of both sides, once that is known. */
  readonly #writer: FrameWriter;

  constructor(host: DialectHost, shared: Shared) {
    this.#host = host;
    this.#payload = shared.payload;
    this.#names = shared.names;
    this.#heartbeat = new Heartbeat(host.limits);
    this.#writer = new FrameWriter(host.output, shared.payload, shared.names, host.limits.maxHandshakeBytes);
  }

  get maxMessageBytes(): number {
    return this.#writer.maxBytes + LENGTH_BYTES;
  }

  get nextTickAt(): number {
    return this.#welcomed ? this.#heartbeat.nextTickAt : Infinity;
  }

  open(now: number): void {
    this.#heartbeat.heard(now);
    if (this.#host.role === "client") {
      this.#writeMagic();
      this.#writer.value(FrameType.HELLO, 0, sayHello(this.#host.limits));
    }
  }

  receive(buffer: ReceiveBuffer, now: number): void {
    if (this.#refused) return buffer.skip(buffer.length);
    this.#heartbeat.heard(now);
    if (!this.#magicSeen) {
      this.#magicSeen = checkMagic(buffer, this.#host.role);
      if (!this.#magicSeen) return;
    }
    // One look serves all frames of this read: a view costs more than reading the head of a frame.
    const bytes = buffer.peek(buffer.length);
    let at = 0;
    try {
      while (bytes.length - at >= LENGTH_BYTES && !this.#refused) {
        const length = buffer.uint32At(at);
        this.#checkLength(length);
        const end = at + LENGTH_BYTES + length;
        if (bytes.length < end) return;
        const id = buffer.uint32At(at + 10);
        this.#read({ type: bytes[at + 4], kind: bytes[at + 5], id, bytes, body: at + HEAD_BYTES, end });
        at = end;
      }
    } finally {
      buffer.skip(this.#refused ? buffer.length : at);
    }
  }

  receiveEnd(buffer: ReceiveBuffer): void {
    if (buffer.length === 0) return;
    const what = this.#magicSeen ? "an unfinished frame" : "an unfinished greeting";
    throw new ProtocolError(
      "truncated",
      `Connection ended in mid-frame: ${buffer.length} bytes of ${what} dropped`,
    );
  }

  write(message: Message): void {
    switch (message.kind) {
      case "message":
        return this.#writer.message(PLAIN, message.value);
      case "action":
        return this.#writer.call({ ...PLAIN, name: message.name }, message);
      case "request":
        return this.#writer.call(
          {
            type: FrameType.REQ,
            id: Number(message.id),
            remainingMs: Math.ceil(message.remainingMs ?? 0),
            name: message.name,
          },
          message,
        );
      case "answer":
        return this.#writer.value(FrameType.RES, Number(message.id), message.value);
      case "failure":
        return this.#writer.failure(FrameType.ERR, Number(message.id), message.code, message.message);
    }
  }

  close(code: string, message: string): void {
    // A stranger who never said the magic gets no word out of us.
    if (!this.#magicSeen) return;
    this.#writeMagic();
    this.#writer.failure(FrameType.GOAWAY, 0, code, message);
  }

  tick(now: number, listening: boolean): void {
    switch (this.#heartbeat.tick(now, listening)) {
      case "ping":
        this.#writer.bytes(FrameType.PING, PayloadKind.BYTES, PING_BODY);
        break;
      case "lost":
        this.#host.lost(
          "silent",
          `Nothing received for ${this.#host.limits.silenceMs} ms (limits.silenceMs)`,
        );
    }
  }

  #checkLength(length: number): void {
    // Greetings are held to their own limit: a small `maxFrameBytes` must not keep them out.
    const name = this.#welcomed ? "maxFrameBytes" : "maxHandshakeBytes";
    const limit = this.#host.limits[name];
    if (length > limit) {
      throw new ProtocolError(
        "too_large",
        `Frame of ${length} bytes exceeds the limit of ${limit} bytes (limits.${name})`,
      );
    }
    if (length < MIN_LENGTH) {
      throw new ProtocolError(
        "bad_length",
        `Frame length ${length} is below ${MIN_LENGTH}, the size of its head`,
      );
    }
  }

  #read(frame: Frame): void {
    if (!this.#welcomed && frame.type !== FrameType.GOAWAY) return this.#readHandshake(frame);
    switch (frame.type) {
      case FrameType.MSG:
      case FrameType.REQ:
        return this.#readCall(frame);
      case FrameType.RES:
      case FrameType.ERR:
        return this.#readReply(frame);
      case FrameType.PING:
        return this.#writer.bytes(
          FrameType.PONG,
          frame.kind,
          frame.bytes.subarray(frame.body, Math.min(frame.body + 8, frame.end)),
        );
      case FrameType.PONG:
        return; // any frame is a sign of life
      case FrameType.GOAWAY: {
        const { code, message } = this.#readFailure(frame);
        return this.#host.goodbye(code, message);
      }
      default:
        if (frame.type >= FIRST_EXTENSION_TYPE) return;
        throw new ProtocolError(
          "unknown_type",
          `Frame type ${frame.type} was not agreed on in the handshake`,
        );
    }
  }

  #readHandshake(frame: Frame): void {
    const wanted = this.#host.role === "server" ? FrameType.HELLO : FrameType.WELCOME;
    if (frame.type !== wanted) {
      const echo = this.#host.role === "client" && frame.type === FrameType.HELLO;
      throw new ProtocolError(
        "handshake",
        echo
          ? "Own greeting came back: the other side is an echo, or two clients are talking to each other"
          : `First frame has type ${frame.type}, wanted ${wanted}`,
      );
    }
    const greeting = this.#payload.readValue(frame.kind, frame.bytes, frame.body, frame.end);
    const { maxFrameBytes } = this.#host.limits;
    if (this.#host.role === "server") {
      const refusal = this.#host.admit();
      this.#writeMagic();
      if (refusal !== undefined) {
        this.close(refusal.code, refusal.message);
        this.#refused = true;
        return this.#host.lost(refusal.code, refusal.message);
      }
      const theirs = readHello(greeting, (code, message) => this.close(code, message));
      this.#writer.value(FrameType.WELCOME, 0, sayWelcome(this.#host.limits));
      this.#writer.maxBytes = Math.min(maxFrameBytes, theirs.maxFrameBytes);
    } else {
      this.#writer.maxBytes = Math.min(maxFrameBytes, readWelcome(greeting).maxFrameBytes);
    }
    this.#welcomed = true;
    this.#host.ready();
  }

  #readCall(frame: Frame): void {
    const { bytes, body, end, kind, id } = frame;
    const size = HEAD_BYTES + end - body;
    const nameAt = body + CALL_HEAD_BYTES;
    const payloadAt = nameAt <= end ? nameAt + bytes[nameAt - 1] : Infinity;
    if (payloadAt > end) {
      throw new ProtocolError("bad_frame", "Name of a call exceeds its frame");
    }
    try {
      const name = this.#decodeName(bytes, nameAt, payloadAt);
      if (frame.type === FrameType.MSG && name === "") {
        const value = this.#payload.readValue(kind, bytes, payloadAt, end);
        return this.#host.deliver({ kind: "message", value }, size);
      }
      const { args, kwargs } = this.#payload.readArguments(kind, bytes, payloadAt, end);
      if (frame.type === FrameType.MSG) {
        return this.#host.deliver({ kind: "action", name, args, kwargs }, size);
      }
      const remainingMs =
        ((bytes[body] << 24) | (bytes[body + 1] << 16) | (bytes[body + 2] << 8) | bytes[body + 3]) >>> 0;
      this.#host.deliver({ kind: "request", id, name, args, kwargs, remainingMs }, size);
    } catch (error) {
      this.#refuse(frame, error);
    }
  }

  #readReply(frame: Frame): void {
    const { id, kind, bytes, body, end } = frame;
    const size = HEAD_BYTES + end - body;
    try {
      if (frame.type === FrameType.RES) {
        const value = this.#payload.readValue(kind, bytes, body, end);
        this.#host.deliver({ kind: "answer", id, value }, size);
      } else {
        const { code, message } = this.#readFailure(frame);
        this.#host.deliver({ kind: "failure", id, code, message }, size);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#host.fault(error);
      this.#host.deliver({ kind: "failure", id, code: "bad_answer", message: error.message }, size);
    }
  }

  /** The frame is whole but what it carries makes no sense: its caller hears so, and everything else goes on. */
  #refuse(frame: Frame, error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error;
    this.#host.fault(error);
    if (frame.type === FrameType.REQ) {
      this.write({ kind: "failure", id: frame.id, code: "bad_args", message: error.message });
    }
  }

  #decodeName(bytes: Uint8Array, start: number, end: number): string {
    try {
      return this.#names.decode(bytes, start, end);
    } catch (cause) {
      throw new ProtocolError("bad_name", "Name of a call is not UTF-8", { fatal: false, cause });
    }
  }

  #readFailure(frame: Frame): { code: string; message: string } {
    const value = this.#payload.readValue(frame.kind, frame.bytes, frame.body, frame.end);
    const { code, message } = (value ?? {}) as { code?: unknown; message?: unknown };
    return {
      code: typeof code === "string" && code !== "" ? code.slice(0, MAX_CODE_CHARS) : "unknown",
      message: typeof message === "string" ? message.slice(0, MAX_FAILURE_CHARS) : "",
    };
  }

  #writeMagic(): void {
    if (this.#magicSaid) return;
    this.#magicSaid = true;
    this.#host.output.append(Uint8Array.from(MAGIC));
  }
}

/** The head of a plain message. */
const PLAIN: CallHead = Object.freeze({ type: FrameType.MSG, id: 0, remainingMs: 0, name: "" });
const PING_BODY = new Uint8Array(8);
