import { native } from "../../../src/dialect/native/native.ts";
import type { Session } from "../../../src/session.ts";
import type { SessionEvent } from "../../../src/session_event.ts";
import { fromHex, type Given, greeted, sessionOf, toHex } from "../conversation.ts";

/** The magic, as both sides say it. */
export const MAGIC = "c1504c01";

/** A frame in hexadecimal: length, type, kind, seq 0, id, body. */
export function frame(type: number, kind: number, id: number, body = ""): string {
  return numbered(0, type, kind, id, body);
}

/** A frame with the number `seq`, in hexadecimal. */
export function numbered(seq: number, type: number, kind: number, id: number, body = ""): string {
  const digits = body.replace(/\s/g, "");
  const hex = (value: number, bytes: number) => value.toString(16).padStart(2 * bytes, "0");
  return hex(10 + digits.length / 2, 4) + hex(type, 1) + hex(kind, 1) + hex(seq, 4) + hex(id, 4) + digits;
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

/** A client and a server after their greeting, whose session goes on when its link is lost. */
export function resumable(client: Given = {}, server: Given = {}): [Session, Session] {
  const admit = () => ({ session: () => ({ sid: "5e55", epoch: "first" }) });
  return talking({ ...client, resumable: true }, { ...server, admit });
}

/** Takes what both sides have to say to the other one, until nothing is left; returns what each was told. */
export function exchange(
  client: Session,
  server: Session,
  now = 0,
): { client: SessionEvent[]; server: SessionEvent[] } {
  const events = { client: [] as SessionEvent[], server: [] as SessionEvent[] };
  while (client.outputBytes + server.outputBytes > 0) {
    events.server.push(...server.receive(client.takeOutput(), now));
    events.client.push(...client.receive(server.takeOutput(), now));
  }
  return events;
}

/** Loses the link, and what is on its way, and greets on another one; returns what each side was told. */
export function relink(
  client: Session,
  server: Session,
  now = 0,
): { client: SessionEvent[]; server: SessionEvent[] } {
  client.suspend();
  server.suspend();
  client.open(now);
  const door = sessionOf(native(), "server", { admit: () => ({ moved: true }) });
  door.open(now);
  const [moved] = door.receive(client.takeOutput(), now);
  if (moved?.kind !== "moved") throw new Error("The client did not claim its session");
  const there = server.resume(moved.claim, now);
  return { server: there, client: client.receive(server.takeOutput(), now) };
}

/** Loses the link, and gives the client one to a server that knows nothing of the session. */
export function restart(
  client: Session,
  now = 0,
  given: Given = {},
): { server: Session; client: SessionEvent[] } {
  client.suspend();
  client.open(now);
  const admit = () => ({ session: () => ({ sid: "other", epoch: "second" }) });
  const server = sessionOf(native(), "server", { admit, ...given });
  server.open(now);
  server.receive(client.takeOutput(), now);
  return { server, client: client.receive(server.takeOutput(), now) };
}

export { fromHex };
