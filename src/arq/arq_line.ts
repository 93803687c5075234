import type { ParleyError } from "../errors.ts";
import { onlyGarbage, replaced, twoClients } from "./arq_errors.ts";
import { type ArqOptions, ArqPipe } from "./arq_pipe.ts";
import { BLANK_HEAD, KIND, type Packet, REFUSAL, WIRE_VERSION } from "./packet.ts";
import { PacketReader } from "./packet_reader.ts";
import { PacketWriter } from "./packet_writer.ts";

/** What one end of a line may be told. */
export interface LineOptions extends ArqOptions {
  /** A client opens the connection, a server waits for it. One end of a line has to be each. */
  role: "client" | "server";
  /** How the line is set, for messages, such as "115200 8N1". Default `baudRate`, where that is known. */
  lineText?: string;
  /** A whole number from 0 to 2^32 - 1 by chance: the names of connections, and where their bytes begin. */
  chance(): number;
}

/**
 * One end of a line that loses and damages bytes: finds the packets in what comes, and holds the connection they belong
 * to. A client has one from the start; a server has the one that a client opened last.
 *
 * It is pure: what the line brings goes into `receive`, what `takeOutput` gives goes to the line, and time is passed in.
 * After each call the pipe may have changed.
 *
 * @example
 * ```ts
 * import { ArqLine } from "./arq_line.ts";
 * import assert from "node:assert/strict";
 *
 * const chance = () => 1;
 * const client = new ArqLine({ role: "client", address: "serial:a", chance }, 0);
 * const server = new ArqLine({ role: "server", address: "serial:b", chance }, 0);
 * server.receive(client.takeOutput(0), 0); // OPEN
 * client.receive(server.takeOutput(0), 0); // and its answer
 * client.pipe!.write(Uint8Array.of(1, 2, 3));
 * server.receive(client.takeOutput(0), 0);
 * assert.deepEqual(server.pipe!.read(), Uint8Array.of(1, 2, 3));
 * ```
 */
export class ArqLine {
  readonly #options: LineOptions;
  readonly #reader = new PacketReader(MAX_GARBAGE_BYTES);
  readonly #writer: PacketWriter;
  #pipe: ArqPipe | undefined;
  #fault: ParleyError | undefined;
  /** The tag and the reason of a packet that belongs to no connection here. */
  #refusal: { tag: number; reason: number } | undefined;
  /** Packets of our own that came back. */
  #echoes = 0;

  constructor(options: LineOptions, now: number) {
    this.#options = options;
    this.#writer = new PacketWriter(options.role === "server");
    if (options.role === "client") this.#pipe = new ArqPipe({ ...this.#start(), now }, options);
  }

  /** The connection; a server has none before a client opens one. When another client does, it is another one. */
  get pipe(): ArqPipe | undefined {
    return this.#pipe;
  }

  /** What went wrong on the line since the last call, also where there was no pipe that it could have ended. */
  takeFault(): ParleyError | undefined {
    const fault = this.#fault;
    this.#fault = undefined;
    return fault;
  }

  /** What a person should look at when no connection comes about. */
  get hint(): string {
    const { bytesIn, packetsIn } = this.#reader;
    const bytes = `${bytesIn.toLocaleString("en")} ${bytesIn === 1 ? "byte" : "bytes"}`;
    if (bytesIn === 0) {
      return this.#options.role === "client"
        ? 'nothing came: is the other side a Parley that listens? A device wants the dialect "lines" or "raw"'
        : "nothing came: is the other side running, and does it connect?";
    }
    if (packetsIn === 0) return `${bytes} came and no packet in them: ${this.#advice}`;
    if (packetsIn === this.#echoes) {
      return `only what was sent from here came back (${bytes}): the line echoes, and nobody else speaks on it`;
    }
    return `${bytes} came with ${packetsIn.toLocaleString("en")} packets in them, none of this connection`;
  }

  get #advice(): string {
    const { baudRate, lineText = baudRate } = this.#options;
    const here = lineText === undefined ? "" : ` (here ${lineText})`;
    return `check the baud rate${here} at both ends, and that the other side speaks native; a device wants the dialect "lines" or "raw"`;
  }

  /** When there will be something to do; `Infinity` for never. */
  get nextTickAt(): number {
    return this.#pipe?.nextTickAt ?? Infinity;
  }

  /** Takes what the line has brought. */
  receive(bytes: Uint8Array, now: number): void {
    this.#reader.feed(bytes);
    for (let packet = this.#reader.next(); packet !== undefined; packet = this.#reader.next()) {
      this.#checkGarbage();
      this.#take(packet, now);
    }
    this.#checkGarbage();
  }

  /** Does what is due by the clock. */
  tick(now: number): void {
    this.#pipe?.tick(now);
  }

  /** What is to be handed to the line now. The bytes stay as they are until the next call. */
  takeOutput(now: number): Uint8Array {
    const refusal = this.#refusal;
    this.#refusal = undefined;
    if (refusal !== undefined) this.#putRefusal(refusal.tag, refusal.reason);
    this.#pipe?.put(this.#writer, now);
    return this.#writer.take();
  }

  #take(packet: Packet, now: number): void {
    if (packet.fromServer === (this.#options.role === "server")) return this.#takeOwnKind(packet);
    if (packet.version !== WIRE_VERSION && packet.kind !== KIND.reset) {
      if (packet.kind === KIND.open) this.#refuse(packet, REFUSAL.version);
      return;
    }
    const pipe = this.#pipe;
    if (packet.tag === pipe?.tag) {
      const isOver = pipe.failure !== undefined || (pipe.isDone && packet.kind === KIND.open);
      if (!isOver) pipe.take(packet, now);
      else if (packet.kind !== KIND.reset) this.#refuse(packet, REFUSAL.gaveUp);
      return;
    }
    if (this.#options.role === "client" || packet.kind === KIND.reset) return; // of another run: not for us
    if (packet.kind === KIND.open) this.#accept(packet, now);
    else this.#refuse(packet, REFUSAL.unknown);
  }

  /** A client that hears a client: itself, when the line echoes, or somebody else. */
  #takeOwnKind(packet: Packet): void {
    this.#echoes++;
    const isStranger = packet.kind === KIND.open && packet.tag !== this.#pipe?.tag;
    if (this.#options.role === "server" || !isStranger || this.#pipe?.isOpen) return;
    this.#fail(twoClients(this.#options.address));
  }

  #accept(packet: Packet, now: number): void {
    this.#pipe?.fail(replaced(this.#options.address));
    this.#pipe = new ArqPipe({ ...this.#start(), tag: packet.tag, open: packet, now }, this.#options);
  }

  #start(): { tag: number; offset: number } {
    return { tag: this.#options.chance(), offset: this.#options.chance() & 0xffff };
  }

  #refuse({ tag }: Packet, reason: number): void {
    this.#refusal = { tag, reason };
  }

  #putRefusal(tag: number, reason: number): void {
    this.#writer.data[0] = reason;
    this.#writer.data[1] = WIRE_VERSION;
    this.#writer.write({ ...BLANK_HEAD, kind: KIND.reset, tag }, 2);
  }

  #checkGarbage(): void {
    if (!this.#reader.isHopeless) return;
    this.#reader.forgive();
    this.#fail(onlyGarbage(this.#options.address, MAX_GARBAGE_BYTES, this.#advice));
  }

  #fail(error: ParleyError): void {
    this.#fault = error;
    this.#pipe?.fail(error, { tell: true });
  }
}

/** So many bytes without one packet are no noise, but another language or another speed. */
const MAX_GARBAGE_BYTES = 65_536;
