import { crc32Of } from "../codec/crc.ts";
import { SendBuffer } from "../send_buffer.ts";
import { CRC_BYTES, HEAD_BYTES, MAX_PACKET_BYTES, type PacketHead, WIRE_VERSION } from "./packet.ts";
import { maxStuffedBytes, stuff } from "./stuffing.ts";

/** Packets on their way to the line: each is put together in one place and stuffed into the bytes that leave. */
export class PacketWriter {
  readonly #fromServer: boolean;
  readonly #packet = new Uint8Array(MAX_PACKET_BYTES);
  readonly #view = new DataView(this.#packet.buffer);
  readonly #out = new SendBuffer();

  constructor(fromServer: boolean) {
    this.#fromServer = fromServer;
  }

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#out.length;
  }

  /** Where the data of the next packet goes, before `write`. */
  get data(): Uint8Array {
    return this.#packet.subarray(HEAD_BYTES);
  }

  /**
   * Writes a packet with the first `dataBytes` bytes of `data`.
   *
   * @returns how many bytes it takes on the line.
   */
  write(head: PacketHead, dataBytes: number): number {
    const packet = this.#packet;
    const view = this.#view;
    packet[0] = WIRE_VERSION << 4 | (this.#fromServer ? SERVER_BIT : 0) | head.kind;
    view.setUint32(1, head.tag);
    packet[5] = head.number;
    view.setUint16(6, head.offset);
    view.setUint16(8, head.ack);
    packet[10] = head.last;
    packet[11] = head.bits;
    view.setUint16(12, head.window);
    const end = HEAD_BYTES + dataBytes;
    view.setUint32(end, crc32Of(packet, 0, end));
    const out = this.#out;
    const before = out.length;
    // What stood on the line before may be noise without an end: a zero keeps it away from the first packet.
    const at = out.reserve(1 + maxStuffedBytes(end + CRC_BYTES));
    const start = before === 0 ? 1 : 0;
    if (start === 1) out.bytes[at] = 0;
    out.advance(stuff(packet, end + CRC_BYTES, out.bytes, at + start) - at);
    return out.length - before;
  }

  /** All that waits. The bytes stay as they are until the next call. */
  take(): Uint8Array {
    return this.#out.take();
  }
}

/** In the first byte of what a server sends. */
export const SERVER_BIT = 8;
