import { crc32Of } from "../codec/crc.ts";
import { BLANK_HEAD, CRC_BYTES, HEAD_BYTES, MAX_PACKET_BYTES, type Packet } from "./packet.ts";
import { SERVER_BIT } from "./packet_writer.ts";
import { maxStuffedBytes, unstuff } from "./stuffing.ts";

/**
 * Finds packets in what a line brings. Everything else is passed over and counted: the bytes of a boot loader, of a
 * wrong baud rate, and those of packets with a flipped bit.
 */
export class PacketReader {
  /** Bytes that have come in all. */
  bytesIn = 0;
  /** Packets that came whole. */
  packetsIn = 0;
  /** Bytes since the last packet that came whole that belong to none. */
  garbageBytes = 0;
  /** Pieces between zeros that were no packet. */
  badPackets = 0;
  readonly #maxGarbageBytes: number;
  #isHopeless = false;
  /** What has come of a packet whose zero has not. */
  readonly #begun = new Uint8Array(MAX_STUFFED_BYTES);
  #begunBytes = 0;
  /** True while a piece is passed over that is too long for a packet. */
  #dropping = false;
  readonly #unstuffed = new Uint8Array(MAX_PACKET_BYTES + 1);
  readonly #view = new DataView(this.#unstuffed.buffer);
  readonly #packet: Packet = {
    version: 0,
    fromServer: false,
    ...BLANK_HEAD,
    bytes: this.#unstuffed,
    dataStart: HEAD_BYTES,
    dataEnd: HEAD_BYTES,
  };
  #chunk: Uint8Array = NOTHING;
  #at = 0;

  /** @param maxGarbageBytes So many bytes in a row that belong to no packet are too many. */
  constructor(maxGarbageBytes: number) {
    this.#maxGarbageBytes = maxGarbageBytes;
  }

  /** True from when `maxGarbageBytes` came without a packet among them. */
  get isHopeless(): boolean {
    return this.#isHopeless;
  }

  /** Counts garbage from 0 again. */
  forgive(): void {
    this.garbageBytes = 0;
    this.#isHopeless = false;
  }

  /** Takes what has come. `next` gives the packets in it, to its end; then the memory is free again. */
  feed(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#at = 0;
    this.bytesIn += chunk.length;
  }

  /** The next packet; `undefined` when there is none yet. It is good until the next call. */
  next(): Packet | undefined {
    while (this.#at < this.#chunk.length) {
      const start = this.#at;
      const end = this.#chunk.indexOf(0, start);
      if (end === -1) {
        this.#begin(start, this.#chunk.length);
        break;
      }
      this.#at = end + 1;
      const packet = this.#complete(start, end);
      if (packet !== undefined) return packet;
    }
    this.#chunk = NOTHING;
    this.#at = 0;
    return undefined;
  }

  /** Keeps what stands between `start` and `end`: the zero behind it has not come yet. */
  #begin(start: number, end: number): void {
    if (!this.#dropping && this.#begunBytes + end - start <= MAX_STUFFED_BYTES) {
      this.#begun.set(this.#chunk.subarray(start, end), this.#begunBytes);
      this.#begunBytes += end - start;
      return;
    }
    this.#count(end - start + this.#begunBytes);
    this.#begunBytes = 0;
    this.#dropping = true;
  }

  /** The packet that ends at the zero at `end`, if it is one. */
  #complete(start: number, end: number): Packet | undefined {
    if (this.#dropping) {
      this.#dropping = false;
      this.badPackets++;
      this.#count(end - start + 1);
      return undefined;
    }
    const length = this.#begunBytes + end - start;
    if (length === 0) return undefined; // zeros between packets
    if (length > MAX_STUFFED_BYTES) return this.#bad(length);
    let bytes = -1;
    if (this.#begunBytes === 0) bytes = unstuff(this.#chunk, start, end, this.#unstuffed);
    else {
      this.#begun.set(this.#chunk.subarray(start, end), this.#begunBytes);
      bytes = unstuff(this.#begun, 0, length, this.#unstuffed);
    }
    const dataEnd = bytes - CRC_BYTES;
    if (dataEnd < HEAD_BYTES || dataEnd + CRC_BYTES > MAX_PACKET_BYTES) return this.#bad(length);
    if (this.#view.getUint32(dataEnd) !== crc32Of(this.#unstuffed, 0, dataEnd)) return this.#bad(length);
    this.#begunBytes = 0;
    this.garbageBytes = 0;
    this.packetsIn++;
    return this.#parse(dataEnd);
  }

  #bad(length: number): undefined {
    this.#begunBytes = 0;
    this.badPackets++;
    this.#count(length + 1);
  }

  #count(bytes: number): void {
    this.garbageBytes += bytes;
    if (this.garbageBytes >= this.#maxGarbageBytes) this.#isHopeless = true;
  }

  #parse(dataEnd: number): Packet {
    const packet = this.#packet;
    const bytes = this.#unstuffed;
    const view = this.#view;
    packet.version = bytes[0] >> 4;
    packet.fromServer = (bytes[0] & SERVER_BIT) !== 0;
    packet.kind = bytes[0] & 7;
    packet.tag = view.getUint32(1);
    packet.number = bytes[5];
    packet.offset = view.getUint16(6);
    packet.ack = view.getUint16(8);
    packet.last = bytes[10];
    packet.bits = bytes[11];
    packet.window = view.getUint16(12);
    packet.dataEnd = dataEnd;
    return packet;
  }
}

const MAX_STUFFED_BYTES = maxStuffedBytes(MAX_PACKET_BYTES);
const NOTHING = new Uint8Array(0);
