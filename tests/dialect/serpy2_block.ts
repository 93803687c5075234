/** Blocks of serpy2 written by hand, good ones and others. */
import { joinBytes } from "../../src/join_bytes.ts";

/** What a block written by hand says otherwise than it should. */
export interface Wrong {
  /** The sum of the data that its header has. */
  sum?: number;
  /** The length of the data that its header has. */
  length?: number;
}

/** A block of that type; text stands for its UTF-8. */
export function block(type: number, data: string | Uint8Array, wrong: Wrong = {}): Uint8Array {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const header = new Uint8Array(14);
  const view = new DataView(header.buffer);
  header.set([0xde, 0xca, 0xfe, 0xca, 0xfe, type]);
  view.setUint32(6, wrong.sum ?? bytes.reduce((sum, byte) => sum + byte, 0), true);
  view.setUint32(10, wrong.length ?? bytes.length, true);
  return joinBytes([header, bytes]);
}

/** A block of text. */
export function str(text: string, wrong?: Wrong): Uint8Array {
  return block(0x21, text, wrong);
}

/** All the bytes in one array; text stands for its UTF-8. */
export function join(...parts: (Uint8Array | string)[]): Uint8Array {
  return joinBytes(parts.map((part) => typeof part === "string" ? new TextEncoder().encode(part) : part));
}
