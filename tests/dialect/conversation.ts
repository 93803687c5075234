import type { Admission, Dialect, Payload, ResumeClaim, Role } from "../../src/dialect/dialect.ts";
import { type Limits, resolveLimits } from "../../src/limits.ts";
import type { RequestId } from "../../src/message.ts";
import { Session } from "../../src/session.ts";
import type { SessionEvent } from "../../src/session_event.ts";

/** How a session in a test differs from the default. */
export interface Given {
  limits?: Partial<Limits>;
  payload?: Payload;
  link?: string;
  resumable?: boolean;
  admit?: (claim?: ResumeClaim) => Admission;
}

/** A session of one role, not opened yet. */
export function sessionOf(dialect: Dialect, role: Role, given: Given = {}): Session {
  return new Session(dialect, { ...given, role, limits: resolveLimits(given.limits) });
}

/** Opens and gives a session that is ready without a greeting. */
export function opened(dialect: Dialect, role: Role = "client", given: Given = {}): Session {
  const session = sessionOf(dialect, role, given);
  session.open(0);
  return session;
}

/** A client and a server after their greeting. */
export function greeted(dialect: Dialect, client: Given = {}, server: Given = {}): [Session, Session] {
  const [a, b] = [sessionOf(dialect, "client", client), sessionOf(dialect, "server", server)];
  a.open(0);
  b.open(0);
  b.receive(a.takeOutput(), 0);
  a.receive(b.takeOutput(), 0);
  return [a, b];
}

/** Feeds bytes or text one byte at a time. */
export function feedSingly(session: Session, bytes: Uint8Array | string, now = 0): SessionEvent[] {
  const all = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  return [...all].flatMap((byte) => session.receive(Uint8Array.of(byte), now));
}

/** Feeds text at once. */
export function feed(session: Session, text: string, now = 0): SessionEvent[] {
  return session.receive(new TextEncoder().encode(text), now);
}

/** All that waits to be written, as text. */
export function output(session: Session): string {
  return new TextDecoder().decode(session.takeOutput());
}

/** All that waits to be written, in hexadecimal. */
export function outputHex(session: Session): string {
  return toHex(session.takeOutput());
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes written in hexadecimal; spaces are for the reader. */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s/g, "");
  return Uint8Array.from(
    { length: digits.length / 2 },
    (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  );
}

/** Events as short words: `ready`, `message 5`, `fault! too_large` (fatal), `fault bad_line`, `answered t 5` … */
export function told(events: readonly SessionEvent[]): string[] {
  return events.map((event) => {
    switch (event.kind) {
      case "ready":
        return event.resumed ? `resumed ${event.replayed}` : "ready";
      case "reset":
        return `reset ${JSON.stringify(event.unknown)}`;
      case "moved":
        return `moved ${event.claim.sid} ${event.claim.rx} ${toHex(event.rest)}`;
      case "cancel":
        return `cancel ${event.id}`;
      case "credit":
        return `credit ${event.id} ${event.bytes}`;
      case "part":
        return `part ${event.token} ${JSON.stringify(event.value)}`;
      case "stale":
        return `stale ${event.ms}`;
      case "message":
        return `message ${JSON.stringify(event.value)}${ackOf(event)}${event.invalid ? " invalid" : ""}`;
      case "action":
        return `action${ackOf(event)} ${event.name} ${JSON.stringify(event.args)}${kwargsOf(event)}`;
      case "request":
        return `request ${event.id} ${event.name} ${JSON.stringify(event.args)}${kwargsOf(event)}`;
      case "answered":
        return `answered ${event.token} ${JSON.stringify(event.value)}`;
      case "failed":
        return `failed ${event.token} ${event.error.code}`;
      case "fault":
        return `fault${event.error.fatal ? "!" : ""} ${event.error.code}`;
      case "file": {
        const whose = event.late ? " late" : event.token === undefined ? "" : ` for ${event.token}`;
        return `file ${JSON.stringify(event.name)} ${event.size}${whose}`;
      }
      case "body":
        return `body ${toHex(event.bytes)}`;
      case "file-request":
        return `file-request ${event.id} ${JSON.stringify(event.name)}`;
      case "goodbye":
        return `goodbye ${event.code}: ${event.message}${event.leave ? " (we leave)" : ""}`;
      case "lost":
        return `${event.kind} ${event.code}: ${event.message}`;
    }
  });
}

function ackOf({ id }: { id?: RequestId }): string {
  return id === undefined ? "" : ` @${id}`;
}

function kwargsOf({ kwargs }: { kwargs?: Record<string, unknown> }): string {
  return kwargs === undefined ? "" : ` ${JSON.stringify(kwargs)}`;
}
