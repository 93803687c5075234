import type { SessionEvent } from "../../src/session_event.ts";
import type { Told } from "./side.ts";

/** An event of a session in the words of the table: what only people read, and what only memory costs, is left out. */
export function toldOf(event: SessionEvent): Told {
  switch (event.kind) {
    case "ready":
      return { event: "ready", resumed: event.resumed };
    case "fault":
      return { event: "fault", code: event.error.code, fatal: event.error.fatal };
    case "failed": {
      const { code, outcome } = event.error;
      const { retryAfterMs } = event.error as { retryAfterMs?: number };
      return { event: "failed", call: event.token, code, outcome, retryAfterMs };
    }
    case "answered":
    case "part":
      return { event: event.kind, call: event.token, value: event.value };
    case "message": {
      const { value, id, remainingMs } = event;
      return { event: "message", value, id, remainingMs: remainingMs || undefined };
    }
    case "action": {
      const { name, args, kwargs, id, remainingMs } = event;
      return { event: "action", name, args, kwargs, id, remainingMs: remainingMs || undefined };
    }
    case "request": {
      const { id, name, args, kwargs, remainingMs, key, stream } = event;
      return { event: "request", id, name, args, kwargs, remainingMs, key, stream: stream || undefined };
    }
    case "cancel":
      return { event: "cancel", id: event.id };
    case "credit":
      return { event: "credit", id: event.id, bytes: event.bytes };
    case "goodbye":
      return { event: "goodbye", code: event.code, message: event.message };
    case "lost":
      return { event: "lost", code: event.code };
    case "stale":
      return { event: "stale", ms: event.ms };
    case "reset":
      return { event: "reset" };
    case "file":
    case "body":
    case "file-request":
      throw new Error("The native wire has no files yet");
    case "moved":
      throw new Error("A link that moves to another session is the business of the driver");
  }
}
