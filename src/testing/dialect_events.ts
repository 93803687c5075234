/**
 * What arrived in a conversation, compared with what is wanted.
 *
 * @module
 */
import type { SessionEvent } from "../session_event.ts";
import { show } from "./codec_driver.ts";
import { joinBytes } from "../join_bytes.ts";
import { DialectRuleError, type DialectSubject, type SaidMessage } from "./dialect_subject.ts";

/** The events have to be exactly these messages, in order. */
export function expectMessages(
  rule: string,
  where: string,
  subject: DialectSubject,
  events: readonly SessionEvent[],
  wanted: readonly SaidMessage[],
): void {
  const got = saidIn(events);
  if (got.length === events.length && sameMessages(subject, got, wanted)) return;
  throw new DialectRuleError(rule, `${where}: wanted ${showMessages(wanted)}, got ${showEvents(events)}`);
}

/** True for the same messages in the same order. */
export function sameMessages(
  subject: DialectSubject,
  some: readonly SaidMessage[],
  others: readonly SaidMessage[],
): boolean {
  const [one, other] = [some, others].map((list) => subject.streaming ? joined(list) : list.map(plain));
  return one.length === other.length && one.every((message, at) => subject.equal(message, other[at]));
}

/** True when `got` is how `all` begin. */
export function beginsWith(
  subject: DialectSubject,
  all: readonly SaidMessage[],
  got: readonly SaidMessage[],
): boolean {
  if (!subject.streaming) {
    return got.length <= all.length && sameMessages(subject, got, all.slice(0, got.length));
  }
  if (got.length === 0) return true;
  const [begin, full] = [joined(got)[0], joined(all)[0]] as (Uint8Array | string)[];
  return subject.equal(begin, full?.slice(0, begin.length));
}

/** The messages, actions and requests among the events. */
export function saidIn(events: readonly SessionEvent[]): SaidMessage[] {
  return events.filter((event) =>
    event.kind === "message" || event.kind === "action" || event.kind === "request"
  );
}

/** Only what users see of a message: ids and sizes differ from run to run. */
function plain(message: SaidMessage): unknown {
  if (message.kind === "message") return { kind: message.kind, value: message.value };
  const { kind, name, args, kwargs = {} } = message;
  return { kind, name, args, kwargs };
}

function joined(messages: readonly SaidMessage[]): unknown[] {
  const values = messages.map((message) => message.kind === "message" ? message.value : message.args);
  if (values.length === 0) return [];
  if (values.every((value) => typeof value === "string")) return [values.join("")];
  const encoder = new TextEncoder();
  return [
    joinBytes(values.map((value) => typeof value === "string" ? encoder.encode(value) : value as Uint8Array)),
  ];
}

/** Events without what may differ between two runs: errors by code, requests without their id. */
export function comparable(events: readonly SessionEvent[]): unknown[] {
  return events.map((event) => {
    switch (event.kind) {
      case "message":
      case "action":
      case "request":
        return plain(event);
      case "fault":
        return { kind: event.kind, code: event.error.code, fatal: event.error.fatal };
      case "failed":
        return { kind: event.kind, code: event.error.code };
      default:
        return event;
    }
  });
}

/** Events, for people. */
export function showEvents(events: readonly SessionEvent[]): string {
  return listed(comparable(events));
}

/** Messages, for people. */
export function showMessages(messages: readonly SaidMessage[]): string {
  return listed(messages.map(plain));
}

function listed(values: readonly unknown[]): string {
  if (values.length === 0) return "nothing";
  const shown = values.slice(0, 6).map(show).join(", ");
  return `${values.length}: ${shown}${values.length > 6 ? ", …" : ""}`;
}
