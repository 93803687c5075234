/**
 * Why a link ended or never came up, and what those hear who wanted something of it.
 *
 * @module
 */
import type { Refusal } from "../dialect/dialect.ts";
import {
  BrokenError,
  ClosedError,
  type Outcome,
  type ParleyError,
  ProtocolError,
  RemoteError,
} from "../errors.ts";
import { CloseReason } from "./close_reason.ts";

/** Why a link that was up has ended. `goodbye` is what the other side said before, `error` what broke it. */
export function endReason(
  label: string,
  goodbye: Refusal | undefined,
  error: ParleyError | undefined,
): CloseReason {
  if (goodbye !== undefined) {
    const { code, message } = goodbye;
    const text = message === "" || code === "bye"
      ? "closed the link"
      : `closed the link: ${message} (${code})`;
    return new CloseReason(code === "bye" ? "eof" : "goodbye", `${label} ${text}`, { byUs: false });
  }
  if (error === undefined) return new CloseReason("eof", `${label} closed the link`, { byUs: false });
  const text = error.message.includes(label) ? error.message : `Link ${label} broke: ${error.message}`;
  return new CloseReason(error.code, text, { byUs: false, error });
}

/** Why a link never came up. */
export function refusedReason(
  label: string,
  dialect: string,
  goodbye: Refusal | undefined,
  error: ParleyError | undefined,
): CloseReason {
  if (goodbye !== undefined) {
    const text = `${label} refused the link: ${goodbye.message || goodbye.code}`;
    return new CloseReason(goodbye.code, text, { byUs: false, error: new RemoteError(goodbye.code, text) });
  }
  if (error instanceof ProtocolError) {
    const text = `Handshake with ${label} failed: ${error.message}`;
    return new CloseReason(error.code, text, { byUs: true, error: new ProtocolError(error.code, text) });
  }
  const how = error === undefined ? "closed the link" : `broke the link (${error.code})`;
  const text = `${label} ${how} during the "${dialect}" handshake; does it speak this dialect?`;
  const broken = new BrokenError("handshake", text, { cause: error });
  return new CloseReason("handshake", text, { byUs: false, error: broken });
}

/** What a caller hears whose request or question was under way when the link ended. */
export function lostAnswer(label: string, what: string, reason: CloseReason, outcome: Outcome): ParleyError {
  const text = `Link ${label} ended before ${awaited(what)}: ${reason.message}`;
  const options = { outcome, cause: reason.error } as const;
  return reason.byUs && reason.error === undefined
    ? new ClosedError("closed", text, options)
    : new BrokenError("disconnected", text, options);
}

/** A message or an action that somebody waits for gets an acknowledgement, all else an answer. */
function awaited(what: string): string {
  if (what === "message") return "the message was acknowledged";
  return `${what} was ${what.startsWith("action ") ? "acknowledged" : "answered"}`;
}

/** What a caller hears when the link is not open, as in `Cannot send message to …`. */
export function notOpen(doing: string, reason: CloseReason | undefined, outcome?: Outcome): ParleyError {
  if (reason === undefined) {
    return new ClosedError("not_connected", `${doing}: the link is not open yet`, { outcome });
  }
  if (reason.byUs && reason.error === undefined) {
    return new ClosedError("closed", `${doing}: the link was closed here`, { outcome });
  }
  const next = reason.willRetry ? "; it is being restored" : "";
  return new BrokenError("not_connected", `${doing}: the link is down (${reason.message})${next}`, {
    outcome,
  });
}
