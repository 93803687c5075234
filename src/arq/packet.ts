/**
 * The packets of the serial wire: what each byte of them means. `docs/serial-wire.md` describes the same for those who
 * write the other side.
 *
 * ```text
 * u8 first | u32 tag | u8 number | u16 offset | u16 ack | u8 last | u8 bits | u16 window | data | u32 CRC-32
 * ```
 *
 * @module
 */

/** What a packet is for; the low three bits of its first byte. */
export const KIND = Object.freeze({
  /** Client: a new connection. `offset` is where its bytes begin. */
  open: 0,
  /** Server: the answer. `ack` repeats the client's offset, `offset` is where the server's bytes begin. */
  opened: 1,
  /** Bytes from `offset` on; without any it only acknowledges. */
  data: 2,
  /** No bytes follow. It takes one offset, as a byte would. */
  fin: 3,
  /** As `fin`, and no bytes are read any more. */
  close: 4,
  /** Asks for an acknowledgement at once. */
  probe: 5,
  /** There is no connection of that tag here, or no longer. The data says why: see {@linkcode REFUSAL}. */
  reset: 7,
});

/** Why there is no such connection: the first data byte of a reset. The second is the version that is spoken. */
export const REFUSAL = Object.freeze({ unknown: 0, version: 1, gaveUp: 2 });

/** The version of the wire, the high four bits of the first byte of every packet. */
export const WIRE_VERSION = 1;
/** Bytes in front of the data. */
export const HEAD_BYTES = 14;
/** Bytes behind the data. */
export const CRC_BYTES = 4;
/** What a packet takes on the line besides its data: head, CRC, and the two bytes of COBS. */
export const OVERHEAD_BYTES = HEAD_BYTES + CRC_BYTES + 2;
/** The least that a packet of a long run carries: below it the head costs more than is lost. */
export const MIN_DATA_BYTES = 16;
/** The most data in one packet: a single flipped bit loses no more than this. */
export const MAX_DATA_BYTES = 1024;
/** The longest packet, before it is stuffed. */
export const MAX_PACKET_BYTES = HEAD_BYTES + MAX_DATA_BYTES + CRC_BYTES;
/** Packets under way that are neither acknowledged nor known to be lost. */
export const MAX_FLIGHTS = 8;

/** The head of a packet, as it is written. */
export interface PacketHead {
  /** One of {@linkcode KIND}. */
  kind: number;
  /** Of the connection: chosen by the client, and never the same twice. */
  tag: number;
  /** Counts packets that take offsets, sent again or not, modulo 256. 0 in all others. */
  number: number;
  /** Where the data stands in the run of all bytes, modulo 65,536. */
  offset: number;
  /** All bytes before this offset have arrived, modulo 65,536. */
  ack: number;
  /** The highest `number` that has arrived. */
  last: number;
  /** Bit i is set when the packet with number `last - 1 - i` has arrived as well. */
  bits: number;
  /** How many bytes from `ack` on the sender of this packet has room for. */
  window: number;
}

/** A head in which nothing is said yet. */
export const BLANK_HEAD: Readonly<PacketHead> = Object.freeze({
  kind: 0,
  tag: 0,
  number: 0,
  offset: 0,
  ack: 0,
  last: 0,
  bits: 0,
  window: 0,
});

/** A packet that has arrived whole. It is only good until the next one is read. */
export interface Packet extends PacketHead {
  /** The version of the wire it was written in. */
  version: number;
  /** True when it was sent by a server: what a line echoes can be told from what the other side says. */
  fromServer: boolean;
  /** The memory that the data is in, from `dataStart` to `dataEnd`. */
  bytes: Uint8Array;
  dataStart: number;
  dataEnd: number;
}

/** A whole number whose low 16 bits are `low`, the one that is nearest to `near`. */
export function nearest16(near: number, low: number): number {
  return near + ((low - near) << 16 >> 16);
}

/** A whole number whose low 8 bits are `low`, the one that is nearest to `near`. */
export function nearest8(near: number, low: number): number {
  return near + ((low - near) << 24 >> 24);
}
