import type { ParleyError } from "../errors.ts";
import { AckClock } from "./ack_clock.ts";
import { badAck, lost, otherVersion, silent } from "./arq_errors.ts";
import { ArrivedData } from "./arrived_data.ts";
import { BLANK_HEAD, KIND, type Packet, type PacketHead, REFUSAL, WIRE_VERSION } from "./packet.ts";
import { PacketSize } from "./packet_size.ts";
import type { PacketWriter } from "./packet_writer.ts";
import { Patience } from "./patience.ts";
import { RetryClock } from "./retry_clock.ts";
import { SentData } from "./sent_data.ts";

/** What both ends of a pipe may be told. */
export interface ArqOptions {
  /** The other end, for messages. */
  address: string;
  /** Bits per second of the line, where it is known. */
  baudRate?: number;
  /** How long a byte may stay unacknowledged before the pipe is given up, in milliseconds. Default 15,000. */
  giveUpMs?: number;
  /** How long the other side may take to hear of `close`, and of what was written before, in milliseconds. Default 500. */
  lingerMs?: number;
  /** Bytes kept that have arrived and were not read, 256 to 16,384. Default 8192. */
  windowBytes?: number;
}

/** How a pipe begins. */
export interface PipeStart {
  /** Names the connection: a number of 32 bits that was never used on this line before. */
  tag: number;
  /** The offset of our first byte, 16 bits. */
  offset: number;
  /** The packet OPEN of the client; absent for the client itself. */
  open?: Packet;
  now: number;
}

/**
 * One connection over a line that loses and damages bytes: what is written here is read there, whole and in order.
 *
 * It is pure: bytes come and go through `take` and `put`, and time is passed in.
 */
export class ArqPipe {
  readonly tag: number;
  readonly #address: string;
  readonly #windowBytes: number;
  readonly #patience: Patience;
  readonly #retries: RetryClock;
  readonly #acks = new AckClock();
  readonly #sent: SentData;
  #arrived: ArrivedData | undefined;
  readonly #offset: number;
  #theirOffset = 0;
  readonly #head: PacketHead;
  #isOpen: boolean;
  #failure: ParleyError | undefined;
  /** An OPEN or OPENED, a probe and a reset that are to be sent. */
  #greetingDue = true;
  #probeDue = false;
  #resetDue = false;
  #isClosing = false;
  #isPeerGone = false;
  #isDone = false;

  constructor(start: PipeStart, options: ArqOptions) {
    this.tag = start.tag;
    this.#address = options.address;
    this.#windowBytes = options.windowBytes ?? WINDOW_BYTES;
    this.#patience = new Patience(options.baudRate);
    const { giveUpMs = GIVE_UP_MS, lingerMs = LINGER_MS } = options;
    this.#retries = new RetryClock(this.#patience, giveUpMs, lingerMs);
    this.#offset = start.offset;
    const { maxDataBytes, flightBytes } = this.#patience;
    this.#sent = new SentData(start.offset, SEND_BYTES, new PacketSize(maxDataBytes), flightBytes);
    this.#head = { ...BLANK_HEAD, tag: start.tag };
    this.#isOpen = start.open !== undefined;
    if (start.open === undefined) this.#retries.start(start.now);
    else this.#hear(start.open.offset, start.open.window);
  }

  /** False until the server has answered. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Why it ended, unless it ended well. What has arrived before can still be read. */
  get failure(): ParleyError | undefined {
    return this.#failure;
  }

  /** True when the other side reads no more: what is not acknowledged is lost. */
  get isPeerGone(): boolean {
    return this.#isPeerGone;
  }

  /** True when all was read that will ever come. */
  get isAtEnd(): boolean {
    return this.#arrived?.isAtEnd ?? false;
  }

  /** True when there is nothing more to be done after `close`, or it failed. */
  get isDone(): boolean {
    return this.#isDone || this.#failure !== undefined;
  }

  /** How many of the bytes written have not arrived over there yet, as far as is known. */
  get unacked(): number {
    return Math.max(0, this.#sent.unacked); // FIN takes one offset more
  }

  /** How many bytes of the line are sent and not acknowledged. */
  get inFlightBytes(): number {
    return this.#sent.wireBytes;
  }

  /** True when everything that was said has arrived, the end included. */
  get isIdle(): boolean {
    return this.#sent.isIdle;
  }

  /** True when nothing was heard for so long that whoever only wants to leave need not wait. */
  isVain(now: number): boolean {
    return this.#retries.isVain(now);
  }

  /** How many bytes `write` takes now. */
  get room(): number {
    return this.#isOpen && !this.#isPeerGone ? this.#sent.room : 0;
  }

  /** When there will be something to do; `Infinity` for never. */
  get nextTickAt(): number {
    if (this.#failure !== undefined || this.#isDone) return Infinity;
    return Math.min(this.#acks.at, this.#retries.nextAt(this.#sent.wireBytes));
  }

  /** Takes as many of the bytes as there is room for, and returns how many. */
  write(bytes: Uint8Array): number {
    return this.room > 0 ? this.#sent.write(bytes) : 0;
  }

  /** The next bytes that have arrived, good until the next `read` or `free`; `undefined` for none now. */
  read(): Uint8Array | undefined {
    this.free();
    return this.#isClosing ? undefined : this.#arrived?.read();
  }

  /** What was read is no longer needed: there is room for more. */
  free(): void {
    this.#arrived?.free();
    if (this.#arrived?.hasNews) this.#acks.isDue = true;
  }

  /** Says that no more bytes follow. */
  finish(): void {
    if (!this.#isPeerGone) this.#sent.finish();
  }

  /** Ends both directions. What was written is still delivered, if that does not take long; see `isDone`. */
  close(now: number): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#retries.closing(now);
    this.#arrived?.discard();
    if (!this.#isOpen || this.#isPeerGone) this.#isDone = true;
    else this.#sent.close();
  }

  /** Ends it; with `tell` the other side hears of it, unless that is lost. */
  fail(error: ParleyError, { tell = false } = {}): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#resetDue = tell;
  }

  /** Takes a packet of this connection. */
  take(packet: Packet, now: number): void {
    if (this.#failure !== undefined) return;
    if (packet.kind === KIND.reset) return this.#refused(packet);
    if (packet.kind === KIND.open) {
      this.#greetingDue = true; // our answer was lost
      return;
    }
    if (!this.#isOpen) {
      if (packet.kind !== KIND.opened || packet.ack !== this.#offset) return;
      this.#isOpen = true;
      this.#hear(packet.offset, packet.window);
      if (this.#patience.doublings === 0) this.#patience.heardAfter(this.#retries.askedMs(now));
      this.#retries.moved(now, false);
      return;
    }
    if (packet.kind === KIND.opened) return;
    this.#takeAcknowledgement(packet, now);
    if (this.#failure !== undefined) return;
    const { kind, dataStart, dataEnd } = packet;
    if (kind === KIND.probe) this.#acks.isDue = true;
    else if (kind === KIND.fin || kind === KIND.close || (kind === KIND.data && dataEnd > dataStart)) {
      this.#takeData(packet, now);
    }
  }

  /** Does what is due by the clock. */
  tick(now: number): void {
    if (this.isDone) return;
    this.#acks.tick(now);
    const verdict = this.#retries.tick(now, this.#sent.wireBytes, !this.#isOpen);
    if (verdict === "lost") this.#giveUp(now);
    else if (verdict === "retry") {
      if (!this.#isOpen) this.#greetingDue = true;
      else if (this.#sent.isShut) this.#probeDue = true;
      else this.#sent.retry();
    }
  }

  /** Writes the packets that are to be sent now, up to what the line should be given at once. */
  put(writer: PacketWriter, now: number): void {
    if (this.#resetDue) this.#putReset(writer);
    if (this.#failure !== undefined) return;
    if (this.#greetingDue) this.#putGreeting(writer);
    if (!this.#isOpen) return;
    const most = writer.length + this.#patience.batchBytes;
    while (writer.length < most) {
      const count = this.#sent.next(this.#head, writer.data, now);
      if (count === -1) break;
      this.#putPacket(writer, count);
      this.#retries.start(now);
    }
    if (this.#probeDue) {
      this.#putPlain(writer, KIND.probe);
      this.#probeDue = false;
    } else if (this.#acks.isDue) this.#putPlain(writer, KIND.data);
    if (this.#sent.isShut) this.#retries.start(now);
  }

  /** The other side told where its bytes begin, and how much room it has. */
  #hear(offset: number, window: number): void {
    this.#theirOffset = offset;
    this.#arrived = new ArrivedData(offset, this.#windowBytes);
    this.#sent.open(this.#offset, window);
  }

  #takeAcknowledgement(packet: Packet, now: number): void {
    const news = this.#sent.acknowledge(packet);
    if (news === undefined) {
      this.fail(badAck(this.#address, packet.ack, packet.last), { tell: true });
      return;
    }
    if (news.sentAt !== undefined) this.#patience.heardAfter(now - news.sentAt);
    const { isShut, flights } = this.#sent;
    if (news.moved || (!isShut && flights === 0)) this.#retries.moved(now, flights > 0);
    else if (isShut) this.#retries.alive(now); // it has no room, and will tell when it has; if that is not lost
    if (this.#isClosing && this.#sent.isIdle) this.#isDone = true;
  }

  #takeData(packet: Packet, now: number): void {
    const arrived = this.#arrived!;
    const hadHole = arrived.hasHole;
    const arrival = arrived.take(packet);
    const isLoss = arrived.hasSkipped || hadHole !== arrived.hasHole;
    if (this.#isClosing) arrived.discard();
    if (packet.kind === KIND.close && arrival !== "refused") this.#peerGone();
    this.#acks.came(now, isLoss || arrival !== "new" || packet.kind !== KIND.data);
  }

  /** The other side reads no more: what we have to say is for nobody. */
  #peerGone(): void {
    if (this.#isPeerGone) return;
    this.#isPeerGone = true;
    this.#sent.discard();
    this.#retries.stop();
    if (this.#isClosing) this.#isDone = true;
  }

  #refused(packet: Packet): void {
    const [reason, version] = [packet.bytes[packet.dataStart], packet.bytes[packet.dataStart + 1]];
    if (this.#isClosing) this.#isDone = true;
    else if (reason === REFUSAL.version) this.fail(otherVersion(this.#address, version));
    else this.fail(lost(this.#address, reason === REFUSAL.gaveUp));
  }

  #giveUp(now: number): void {
    if (this.#isClosing) {
      this.#isDone = true;
      return;
    }
    const what = this.#sent.isShut ? "a probe" : `${this.#sent.unacked.toLocaleString("en")} bytes`;
    const { doublings } = this.#patience;
    this.fail(silent(this.#address, what, this.#retries.waitedMs(now), doublings), { tell: true });
  }

  #putGreeting(writer: PacketWriter): void {
    this.#greetingDue = false;
    const head = this.#head;
    this.#clear(this.#arrived === undefined ? KIND.open : KIND.opened);
    head.offset = this.#offset;
    head.window = this.#windowBytes;
    head.ack = this.#theirOffset; // not what has arrived by now: this answers OPEN, which may have come again
    writer.write(head, 0);
  }

  #putPacket(writer: PacketWriter, count: number): void {
    this.#arrived!.acknowledge(this.#head);
    this.#acks.done();
    writer.write(this.#head, count);
  }

  #putPlain(writer: PacketWriter, kind: number): void {
    this.#clear(kind);
    this.#putPacket(writer, 0);
  }

  #putReset(writer: PacketWriter): void {
    this.#resetDue = false;
    this.#clear(KIND.reset);
    writer.data[0] = REFUSAL.gaveUp;
    writer.data[1] = WIRE_VERSION;
    writer.write(this.#head, 2);
  }

  #clear(kind: number): void {
    Object.assign(this.#head, BLANK_HEAD, { kind, tag: this.tag });
  }
}

/** Bytes that are kept until they are acknowledged: as much as eight packets of the largest size. */
const SEND_BYTES = 8192;
/** Bytes kept that have arrived and were not read. */
const WINDOW_BYTES = 8192;
/** Whoever has waited for `isIdle` before needs no more than one answer. */
const LINGER_MS = 500;
/** How long the oldest byte may stay unacknowledged, in milliseconds. */
const GIVE_UP_MS = 15_000;
