import { native } from "../../../src/dialect/native/native.ts";
import type { Session } from "../../../src/session.ts";
import { fromHex, type Given, greeted, toHex } from "../conversation.ts";

/** The magic, as both sides say it. */
export const MAGIC = "c1504c01";

/** A frame in hexadecimal: length, type, kind, seq 0, id, body. */
export function frame(type: number, kind: number, id: number, body = ""): string {
  const digits = body.replace(/\s/g, "");
  const hex = (value: number, bytes: number) => value.toString(16).padStart(2 * bytes, "0");
  return hex(10 + digits.length / 2, 4) + hex(type, 1) + hex(kind, 1) + hex(0, 4) + hex(id, 4) + digits;
}

/** The body of a call in hexadecimal: remaining time, name, payload. */
export function call(remainingMs: number, name: string, payload = ""): string {
  const bytes = new TextEncoder().encode(name);
  return remainingMs.toString(16).padStart(8, "0") + bytes.length.toString(16).padStart(2, "0") +
    toHex(bytes) +
    payload;
}

/** Text in hexadecimal. */
export function ascii(text: string): string {
  return toHex(new TextEncoder().encode(text));
}

/** A msgpack text of up to 31 bytes, in hexadecimal. */
export function str(text: string): string {
  return (0xa0 + text.length).toString(16) + ascii(text);
}

/** A client and a server after their greeting. */
export function talking(client: Given = {}, server: Given = {}): [Session, Session] {
  return greeted(native(), client, server);
}

export { fromHex };
