import type { Codec } from "../../src/codec/codec.ts";
import { ProtocolError } from "../../src/errors.ts";
import { ReceiveBuffer } from "../../src/receive_buffer.ts";

/** Text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes written in hexadecimal, spaces allowed. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => parseInt(pair, 16));
}

/**
 * Feeds chunks as a connection does, `"pause"` for silence as long as the codec asks for; gives frames, and `"!code"`
 * (`"!!code"` when fatal) for errors.
 */
export function feed<Frame>(
  codec: Codec<Frame>,
  chunks: Iterable<Uint8Array | "pause">,
  buffer = new ReceiveBuffer(),
): (Frame | string)[] {
  const got: (Frame | string)[] = [];
  for (const chunk of chunks) {
    if (chunk !== "pause") buffer.append(chunk);
    for (;;) {
      try {
        const frame = chunk === "pause" ? codec.decodeQuiet?.(buffer) : codec.decode(buffer);
        if (frame === undefined) break;
        got.push(frame);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        got.push(`${error.fatal ? "!!" : "!"}${error.code}`);
        if (error.fatal) return got;
      }
    }
    buffer.keep();
  }
  return got;
}

/** The bytes in chunks of one. */
export function* oneByOne(bytes: Uint8Array): Generator<Uint8Array> {
  for (const byte of bytes) yield Uint8Array.of(byte);
}

/** The error that `action` throws, for a look at its name, code and words. */
export function errorOf(action: () => unknown): Error & { code?: string; fatal?: boolean } {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("Nothing was thrown");
}
