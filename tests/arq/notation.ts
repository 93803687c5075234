import { BLANK_HEAD, KIND, type PacketHead } from "../../src/arq/packet.ts";
import { PacketReader } from "../../src/arq/packet_reader.ts";
import { PacketWriter } from "../../src/arq/packet_writer.ts";

/** What a packet says, without where it says it. */
export type Said = PacketHead & { version: number; fromServer: boolean; data: number[] };

/** A packet by its fields: what is absent is 0. The tag is 01020304, which the samples have. */
export function packet(
  fields: Partial<PacketHead> & { fromServer?: boolean; data?: ArrayLike<number> },
): Uint8Array {
  const { fromServer = false, data = [], ...head } = fields;
  const writer = new PacketWriter(fromServer);
  writer.data.set(data);
  const whole = {
    ...BLANK_HEAD,
    kind: KIND.data,
    tag: TAG,
    ...head,
  };
  writer.write(whole, data.length);
  return writer.take().slice();
}

/** All packets in bytes that came in these pieces. */
export function packetsIn(pieces: Iterable<Uint8Array>, reader = new PacketReader(65_536)): Said[] {
  const said: Said[] = [];
  for (const piece of pieces) {
    const memory = piece.slice();
    reader.feed(memory);
    for (let packet = reader.next(); packet !== undefined; packet = reader.next()) {
      const { bytes, dataStart, dataEnd, ...head } = packet;
      said.push({ ...head, data: [...bytes.subarray(dataStart, dataEnd)] });
    }
    memory.fill(0xaa); // what was fed is somebody else's again
  }
  return said;
}

/** Bytes from hexadecimal with spaces. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.trim().split(/\s+/), (byte) => Number.parseInt(byte, 16));
}

export const TAG = 0x01020304;
