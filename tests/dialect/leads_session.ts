import type { Role } from "../../src/dialect/dialect.ts";
import { leads, type LeadsOptions } from "../../src/dialect/leads/leads.ts";
import type { Session } from "../../src/session.ts";
import type { SessionEvent } from "../../src/session_event.ts";
import { type Given, opened } from "./conversation.ts";

/** Nothing waits for a pause: those are looked at in `leads_pace_test.ts`. */
export const AT_ONCE: LeadsOptions = { gapMs: 0 };

/** A session in which nothing waits. */
export function leadsSession(role: Role = "server", options: LeadsOptions = {}, given: Given = {}): Session {
  return opened(leads({ ...AT_ONCE, ...options }), role, given);
}

/** What a session tells, as short words. */
export function heard(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.kind === "ready") return [];
    if (event.kind === "message") {
      return [`message ${event.value}${event.invalid === true ? " (invalid)" : ""}`];
    }
    if (event.kind === "goodbye") return [`goodbye ${event.code}${event.leave === true ? " leave" : ""}`];
    if (event.kind === "fault") return [`fault${event.error.fatal ? "!" : ""} ${event.error.code}`];
    return [event.kind];
  });
}
