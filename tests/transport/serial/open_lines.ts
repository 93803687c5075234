/**
 * Serial lines for tests: both ends of a virtual cable, and what is read from them.
 *
 * @module
 */
import { openLine } from "../../../src/transport/serial/open_line.ts";
import type { Pacing } from "../../../src/transport/serial/pacing.ts";
import type { SerialLine } from "../../../src/transport/serial/serial_line.ts";
import { resolveSettings, type SerialSettings } from "../../../src/transport/serial/serial_settings.ts";
import type { Transport } from "../../../src/transport/transport.ts";
import { type VirtualSerialPair, virtualSerialPair } from "../../../src/testing/virtual_serial_pair.ts";

/** Virtual ports are of Linux and macOS. */
export const WITH_PORTS = { ignore: Deno.build.os === "windows" };
/** What looks at processes or at settings from outside does it as Linux has it. */
export const ON_LINUX = { ignore: Deno.build.os !== "linux" };

/** Opens a line with the defaults and these settings. */
export function open(path: string, settings: SerialSettings = {}, pacing?: Pacing): Promise<SerialLine> {
  return openLine(path, resolveSettings(settings), { pacing });
}

/** Two lines and the cable between them. Disposing of it closes all three. */
export interface Cable extends AsyncDisposable {
  readonly pair: VirtualSerialPair;
  readonly a: SerialLine;
  readonly b: SerialLine;
}

/** A cable of its own for one test; the settings and the pacing are those of `a`. */
export async function cable(settings: SerialSettings = {}, pacing?: Pacing): Promise<Cable> {
  const pair = virtualSerialPair();
  const a = await open(pair.a.path, settings, pacing);
  const b = await open(pair.b.path);
  return {
    pair,
    a,
    b,
    [Symbol.asyncDispose]: async () => {
      a.close();
      b.close();
      await pair.close();
    },
  };
}

/** Reads this many bytes, or up to the end. */
export async function take(line: Transport, count: number): Promise<Uint8Array> {
  const taken = new Uint8Array(count);
  let at = 0;
  while (at < count) {
    const chunk = await line.read();
    if (chunk === null) break;
    taken.set(chunk.subarray(0, count - at), at);
    at += chunk.length;
  }
  return taken.subarray(0, at);
}

/** Reads as many bytes as the text has. */
export async function takeText(line: Transport, length: number): Promise<string> {
  return new TextDecoder("latin1").decode(await take(line, length));
}

/** The bytes of a text of ASCII. */
export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What a promise rejects with. */
export async function failure(work: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error("Nothing was thrown");
}
