import { ProtocolError } from "../../errors.ts";
import type { Message } from "../../message.ts";
import type { ReceiveBuffer } from "../../receive_buffer.ts";
import type { Conversation, DialectHost, ResumeClaim } from "../dialect.ts";
import {
  FIRST_EXTENSION_TYPE,
  FrameType,
  HEAD_BYTES,
  isNumbered,
  LENGTH_BYTES,
  MAGIC,
  MIN_LENGTH,
  PayloadKind,
} from "./frame.ts";
import type { Frame, FrameReader } from "./frame_reader.ts";
import { type CallHead, FrameWriter } from "./frame_writer.ts";
import { checkMagic, readHello, readWelcome, sayHello, sayWelcome } from "./handshake.ts";
import { Heartbeat } from "./heartbeat.ts";
import { Lifeline } from "./lifeline.ts";
import type { NameCache } from "./name_cache.ts";
import type { PayloadCodec } from "./payload.ts";

/** What all conversations of one endpoint share: none of it remembers a peer. */
export interface Shared {
  readonly payload: PayloadCodec;
  readonly names: NameCache;
  readonly reader: FrameReader;
}

/** The native dialect between two ends, over one link or, with a {@linkcode Lifeline}, over several. */
export class NativeConversation implements Conversation {
  readonly #host: DialectHost;
  readonly #reader: FrameReader;
  /** Its limit is the smaller of both sides, once that is known. */
  readonly #writer: FrameWriter;
  readonly #heartbeat: Heartbeat;
  /** What outlives a link; only there once both sides have agreed to come back. */
  #lifeline: Lifeline | undefined;
  #magicSeen = false;
  #magicSaid = false;
  /** True while the magic waits in the output: it is no frame. */
  #magicWaits = false;
  /** The greeting of this link is done. */
  #open = false;
  /** Nothing they still say on this link matters. */
  #over = false;
  /** Frames that made no sense since the last call that did. */
  #faults = 0;

  constructor(host: DialectHost, { payload, names, reader }: Shared) {
    this.#host = host;
    this.#reader = reader;
    this.#writer = new FrameWriter(host.output, payload, names, host.limits.maxHandshakeBytes);
    this.#heartbeat = new Heartbeat(host.limits);
  }

  get maxMessageBytes(): number {
    return this.#writer.maxBytes + LENGTH_BYTES;
  }

  get nextTickAt(): number {
    if (!this.#open) return Infinity;
    const { nextTickAt } = this.#heartbeat;
    return this.#lifeline === undefined ? nextTickAt : Math.min(nextTickAt, this.#lifeline.ackDueAt);
  }

  get isResumable(): boolean {
    return this.#lifeline !== undefined;
  }

  get isFull(): boolean {
    return this.#lifeline !== undefined && this.#lifeline.isFull(this.#host.output.length);
  }

  get keptBytes(): number {
    return this.#lifeline?.keptBytes ?? 0;
  }

  open(now: number): void {
    this.#heartbeat.heard(now);
    if (this.#host.role !== "client") return;
    this.#writeMagic();
    const { limits, resumable } = this.#host;
    const hello = sayHello(limits, { resumable, session: this.#lifeline?.session, rx: this.#lifeline?.rx });
    this.#writer.value(FrameType.HELLO, 0, 0, hello);
  }

  receive(buffer: ReceiveBuffer, now: number): void {
    if (this.#over) return buffer.skip(buffer.length);
    this.#heartbeat.heard(now);
    if (!this.#magicSeen) {
      this.#magicSeen = checkMagic(buffer, this.#host.role);
      if (!this.#magicSeen) return;
    }
    // One look serves all frames of this read: a view costs more than reading the head of a frame.
    const bytes = buffer.peek(buffer.length);
    let at = 0;
    try {
      while (bytes.length - at >= LENGTH_BYTES && !this.#over) {
        const length = buffer.uint32At(at);
        this.#checkLength(length);
        const end = at + LENGTH_BYTES + length;
        if (bytes.length < end) break;
        const frame: Frame = {
          type: bytes[at + 4],
          kind: bytes[at + 5],
          seq: buffer.uint32At(at + 6),
          id: buffer.uint32At(at + 10),
          bytes,
          body: at + HEAD_BYTES,
          end,
        };
        at = end;
        if (this.#open) this.#read(frame, now);
        else this.#greet(frame, now);
      }
    } catch (error) {
      // What fails in its greeting would fail in the next one: then the session begins anew.
      if (!this.#open || this.#lifeline?.failsAgain()) this.#lifeline = undefined;
      throw error;
    } finally {
      buffer.skip(this.#over ? buffer.length : at);
    }
    // One acknowledgement stands for all before it: those that nobody reads need not pile up.
    if (this.#lifeline?.isAckDue && this.#host.output.length <= MAX_WAITING_BYTES) this.#acknowledge();
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
    const lifeline = this.#lifeline;
    if (lifeline === undefined) return this.#say(message);
    const before = lifeline.lastSeq;
    // Without a link it waits for the next one, if it has to arrive.
    const output = this.#open || !mustArrive(message) ? this.#host.output : lifeline.waiting;
    const { length } = output;
    this.#writer.output = output;
    try {
      this.#say(message);
    } catch (error) {
      output.rewind(length);
      lifeline.rewind(before);
      throw error;
    } finally {
      this.#writer.output = this.#host.output;
    }
  }

  lastFrame(): Uint8Array {
    return this.#writer.copyLast();
  }

  taken(bytes: Uint8Array): void {
    const from = this.#magicWaits ? MAGIC.length : 0;
    this.#magicWaits = false;
    if (this.#lifeline === undefined || !this.#open) return;
    this.#lifeline.left(from === 0 ? bytes : bytes.subarray(from));
  }

  unsent(): ReadonlySet<number> {
    return this.#lifeline?.unsent() ?? NOBODY;
  }

  forget(): void {
    this.#lifeline = undefined;
  }

  suspend(): boolean {
    if (this.#lifeline === undefined) return false;
    if (this.#open) this.#lifeline.hold(this.#host.output, this.#magicWaits ? MAGIC.length : 0);
    this.#open = this.#over = false;
    this.#magicSeen = this.#magicSaid = this.#magicWaits = false;
    return true;
  }

  resume(claim: ResumeClaim, now: number): void {
    const lifeline = this.#lifeline!;
    this.#magicSeen = true;
    this.#heartbeat.heard(now);
    this.#writeMagic();
    const welcome = sayWelcome(this.#host.limits, {
      resumed: true,
      rx: lifeline.rx,
      session: lifeline.session,
    });
    this.#writer.value(FrameType.WELCOME, 0, 0, welcome);
    this.#goOn(lifeline, claim.rx, now);
  }

  close(code: string, message: string): void {
    // A stranger who never said the magic gets no word out of us.
    if (!this.#magicSeen) return;
    this.#writeMagic();
    this.#writer.failure(FrameType.GOAWAY, 0, 0, { code, message });
  }

  tick(now: number, listening: boolean): void {
    if (this.#lifeline !== undefined && now >= this.#lifeline.ackDueAt) this.#acknowledge();
    const verdict = this.#heartbeat.tick(now, listening);
    if (verdict === undefined) return;
    if (verdict === "lost") {
      const { silenceMs } = this.#host.limits;
      return this.#host.lost("silent", `Nothing received for ${silenceMs} ms (limits.silenceMs)`);
    }
    if (verdict === "stale") this.#host.stale(this.#heartbeat.silentFor(now));
    this.#writer.bytes(FrameType.PING, PayloadKind.BYTES, PING_BODY);
  }

  // ---- saying

  #say(message: Message): void {
    const writer = this.#writer;
    switch (message.kind) {
      case "message": {
        const { id } = message;
        if (id === undefined) return writer.message(PLAIN, 0, message.value);
        const head = { type: FrameType.MSG, id: Number(id), remainingMs: wait(message), name: "" };
        return writer.message(head, this.#seq(), message.value);
      }
      case "action": {
        const { name, id } = message;
        if (id === undefined) return writer.call({ ...PLAIN, name }, 0, message);
        const head = { type: FrameType.MSG, id: Number(id), remainingMs: wait(message), name };
        return writer.call(head, this.#seq(), message);
      }
      case "request": {
        const { name, key, stream } = message;
        const head: CallHead = {
          type: FrameType.REQ,
          id: Number(message.id),
          remainingMs: wait(message),
          name,
          key,
          stream,
        };
        return name === "" ? writer.describe(head, this.#seq()) : writer.call(head, this.#seq(), message);
      }
      case "answer":
        return writer.value(FrameType.RES, Number(message.id), this.#seq(), message.value);
      case "part":
        return writer.value(FrameType.PART, Number(message.id), this.#seq(), message.value);
      case "failure":
        return writer.failure(FrameType.ERR, Number(message.id), this.#seq(), message);
      case "cancel":
        return writer.bare(FrameType.CANCEL, Number(message.id), this.#seq());
      case "credit":
        return writer.credit(Number(message.id), this.#seq(), message.bytes);
    }
  }

  /** The number of the next frame that must arrive; 0 where the session ends with its link. */
  #seq(): number {
    return this.#lifeline === undefined ? 0 : this.#lifeline.nextSeq();
  }

  #acknowledge(): void {
    this.#writer.bare(FrameType.ACK, this.#lifeline!.acknowledge(), 0);
  }

  #writeMagic(): void {
    if (this.#magicSaid) return;
    this.#magicSaid = true;
    this.#magicWaits = true;
    this.#host.output.append(Uint8Array.from(MAGIC));
  }

  // ---- hearing

  #checkLength(length: number): void {
    // Greetings are held to their own limit: a small `maxFrameBytes` must not keep them out.
    const name = this.#open ? "maxFrameBytes" : "maxHandshakeBytes";
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

  #read(frame: Frame, now: number): void {
    const isDue = this.#lifeline !== undefined && isNumbered(frame.type, frame.id);
    const isExtension = frame.type >= FIRST_EXTENSION_TYPE;
    if ((frame.seq !== 0) !== isDue && !isExtension) throw badSeq(frame, isDue);
    if (frame.seq !== 0 && this.#lifeline !== undefined && !this.#isNew(this.#lifeline, frame, now)) return;
    switch (frame.type) {
      case FrameType.MSG:
      case FrameType.REQ:
        return this.#readCall(frame);
      case FrameType.RES:
      case FrameType.ERR:
      case FrameType.PART:
        return this.#readReply(frame);
      case FrameType.CANCEL:
        return this.#host.deliver({ kind: "cancel", id: frame.id }, sizeOf(frame));
      case FrameType.CREDIT:
        return this.#readCredit(frame);
      case FrameType.ACK:
        return this.#lifeline?.acknowledged(frame.id);
      case FrameType.PING:
        // Who pings and does not read has sign of life enough in what waits for it.
        if (this.#host.output.length > MAX_WAITING_BYTES) return;
        return this.#writer.bytes(
          FrameType.PONG,
          frame.kind,
          frame.bytes.subarray(frame.body, Math.min(frame.body + 8, frame.end)),
        );
      case FrameType.PONG:
        return; // any frame is a sign of life
      case FrameType.GOAWAY:
        return this.#readGoodbye(frame);
      default:
        if (isExtension) return;
        throw new ProtocolError(
          "unknown_type",
          `Frame type ${frame.type} was not agreed on in the handshake`,
        );
    }
  }

  #isNew(lifeline: Lifeline, frame: Frame, now: number): boolean {
    if (lifeline.admit(frame.seq, sizeOf(frame), now)) return true;
    this.#host.duplicate();
    return false;
  }

  #readCall(frame: Frame): void {
    let message: Message;
    try {
      message = this.#reader.call(frame);
    } catch (error) {
      // The frame is whole but what it carries makes no sense: its caller hears so, and everything else goes on.
      if (!(error instanceof ProtocolError) || error.fatal) throw error;
      this.#fault(error);
      if (frame.id !== 0 || frame.type === FrameType.REQ) {
        this.write({ kind: "failure", id: frame.id, code: "bad_args", message: error.message });
      }
      return;
    }
    this.#faults = 0;
    this.#host.deliver(message, sizeOf(frame));
  }

  #readReply(frame: Frame): void {
    const { id, type } = frame;
    const size = sizeOf(frame);
    let message: Message;
    try {
      message = type === FrameType.ERR
        ? { kind: "failure", id, ...this.#reader.failure(frame) }
        : { kind: type === FrameType.RES ? "answer" : "part", id, value: this.#reader.value(frame) };
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#fault(error);
      message = { kind: "failure", id, code: "bad_answer", message: error.message };
      if (type === FrameType.PART) this.write({ kind: "cancel", id }); // the rest of it is of no use
    }
    this.#host.deliver(message, size);
  }

  #readCredit(frame: Frame): void {
    try {
      const bytes = this.#reader.credit(frame);
      this.#host.deliver({ kind: "credit", id: frame.id, bytes }, sizeOf(frame));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#fault(error);
    }
  }

  /** A frame made no sense. When none does any more, there is no use in going on. */
  #fault(error: ProtocolError): void {
    this.#host.fault(error);
    if (++this.#faults < MANY_FAULTS) return;
    throw new ProtocolError(
      "too_many_faults",
      `${MANY_FAULTS} frames in a row made no sense, the last one: ${error.message}`,
    );
  }

  #readGoodbye(frame: Frame): void {
    const { code, message } = this.#reader.failure(frame);
    this.#host.goodbye(code, message);
  }

  // ---- the greeting

  #greet(frame: Frame, now: number): void {
    if (frame.type === FrameType.GOAWAY) return this.#readGoodbye(frame);
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
    const greeting = this.#reader.value(frame);
    if (this.#host.role === "server") this.#hearHello(greeting, frame);
    else this.#hearWelcome(greeting, now);
  }

  #hearHello(greeting: unknown, frame: Frame): void {
    const host = this.#host;
    const hello = readHello(greeting, (code, message) => this.close(code, message));
    const { maxFrameBytes, session, rx } = hello;
    const claim = hello.resumable && session ? { ...session, rx, maxFrameBytes } : undefined;
    const admission = host.admit(claim);
    if ("refusal" in admission) {
      const { code, message } = admission.refusal;
      this.close(code, message);
      this.#over = true;
      return host.lost(code, message);
    }
    if ("moved" in admission) {
      this.#over = true;
      return host.moved(claim!, frame.bytes.slice(frame.end));
    }
    if (hello.resumable && admission.session !== undefined) {
      this.#lifeline = new Lifeline(host, admission.session());
    }
    this.#writeMagic();
    const welcome = sayWelcome(host.limits, { resumed: false, rx: 0, session: this.#lifeline?.session });
    this.#writer.value(FrameType.WELCOME, 0, 0, welcome);
    this.#writer.maxBytes = Math.min(host.limits.maxFrameBytes, maxFrameBytes);
    this.#open = true;
    host.ready();
  }

  #hearWelcome(greeting: unknown, now: number): void {
    const host = this.#host;
    const { maxFrameBytes, resumed, session, rx } = readWelcome(greeting);
    const lifeline = this.#lifeline;
    this.#writer.maxBytes = Math.min(host.limits.maxFrameBytes, maxFrameBytes);
    if (lifeline !== undefined && resumed) return this.#goOn(lifeline, rx, now);
    const next = host.resumable && session !== undefined ? new Lifeline(host, session) : undefined;
    this.#lifeline = next;
    this.#open = true;
    // What never left the last session goes out in this one, under numbers of its own.
    lifeline?.restart(now, host.output, () => next?.nextSeq() ?? 0);
    host.ready();
  }

  /** The same session on another link: what the other side has not received goes out again. */
  #goOn(lifeline: Lifeline, rx: number, now: number): void {
    const replayed = lifeline.replay(rx, now, this.#writer);
    this.#open = true;
    this.#host.ready({ replayed });
  }
}

/** The head of a plain message. */
const PLAIN: CallHead = Object.freeze({ type: FrameType.MSG, id: 0, remainingMs: 0, name: "" });
/** So many frames in a row that make no sense end the link. */
const MANY_FAULTS = 1000;
/** While more waits to be written, what only answers the wire itself is left out. */
const MAX_WAITING_BYTES = 64 * 1024;
const PING_BODY = new Uint8Array(8);
const NOBODY: ReadonlySet<number> = new Set();

/** True for messages whose frames are numbered. */
function mustArrive(message: Message): boolean {
  return message.kind !== "message" && message.kind !== "action" || message.id !== undefined;
}

/** How long the caller still waits, in whole milliseconds. */
function wait({ remainingMs = 0 }: { remainingMs?: number }): number {
  // What is left of 30000 ms after no time at all is that, and not 30001 for the inexactness of the clock.
  return remainingMs === 0 ? 0 : Math.max(1, Math.ceil(remainingMs - 0.001));
}

function badSeq({ type, seq }: Frame, isDue: boolean): ProtocolError {
  const text = isDue
    ? `Frame of type ${type} has no number, and needs one in this session`
    : `Frame of type ${type} has number ${seq}, which was not agreed on`;
  return new ProtocolError("bad_seq", text);
}

/** All bytes of a frame. */
function sizeOf({ body, end }: Frame): number {
  return HEAD_BYTES + end - body;
}
