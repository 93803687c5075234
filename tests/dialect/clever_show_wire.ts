/**
 * Messages of clever-show, written out as the original writes them, and taken apart.
 *
 * @module
 */
import type { Session } from "../../src/session.ts";

/** One message: `header` is put behind the members that every header has, and may replace them. */
export function wire(
  header: Record<string, unknown>,
  content: string | Uint8Array = '{"args": [], "kwargs": {}}',
): Uint8Array {
  const body = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const fields: Record<string, unknown> = {
    byteorder: "little",
    "content-type": "json",
    "content-encoding": "utf-8",
    "content-length": body.length,
    ...header,
  };
  return framed(JSON.stringify(fields), body);
}

/** An action. */
export function action(name: string, content?: string): Uint8Array {
  return wire({ "message-type": "message", action: name }, content);
}

/** A request. */
export function request(name: string, id: unknown, rest = '"args": [], "kwargs": {}'): Uint8Array {
  const content = `{"requested_value": "${name}", "request_id": ${JSON.stringify(id)}, ${rest}}`;
  return wire({ "message-type": "request" }, content);
}

/** The answer to a request. */
export function response(name: string, id: string, content: string | Uint8Array, type = "json"): Uint8Array {
  return wire({
    "message-type": "response",
    "content-type": type,
    requested_value: name,
    request_id: id,
  }, content);
}

/** Any text as a header, and any bytes behind it. */
export function framed(header: string, content: Uint8Array = new Uint8Array(0)): Uint8Array {
  const head = new TextEncoder().encode(header);
  return joined(Uint8Array.of(head.length >> 8, head.length & 0xff), head, content);
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** What a session has written, message by message. */
export function written(session: Session): { header: Record<string, unknown>; content: string }[] {
  const bytes = session.takeOutput();
  const messages = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] << 8 | bytes[at + 1];
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(at + 2, at += 2 + length)));
    messages.push({
      header,
      content: new TextDecoder().decode(bytes.subarray(at, at += header["content-length"])),
    });
  }
  return messages;
}

/** The ids of the requests that a session has written. */
export function idsWritten(session: Session): string[] {
  return written(session).map(({ content }) => JSON.parse(content).request_id);
}
