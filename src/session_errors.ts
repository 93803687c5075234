/**
 * What a session says of calls that failed.
 *
 * @module
 */
import { capital } from "./capital.ts";
import type { Ability, Dialect } from "./dialect/dialect.ts";
import { BrokenError, type Outcome, TimeoutError, UsageTypeError } from "./errors.ts";
import type { PendingRequest } from "./pending.ts";

type Named = Pick<PendingRequest, "kind" | "name">;

/** A call as sentences name it: `request "add"`, `message`. */
export function whatOf({ kind, name }: Named): string {
  if (kind === "message") return "message";
  if (kind === "file") return `the request for file "${name}"`;
  return name === "" ? "the question for the handlers" : `${kind} "${name}"`;
}

/** The dialect cannot do what was asked of it. */
export function lackOf(dialect: string, what: string, call: string): UsageTypeError {
  const next = NEXT[what] ?? "";
  return new UsageTypeError(`Cannot send ${call} in the dialect "${dialect}": it has no ${what}${next}`);
}

/** @throws {UsageTypeError} the dialect cannot do it. */
export function needAbility({ abilities, name }: Dialect, ability: Ability, call: string): void {
  if (abilities?.includes(ability) !== true) throw lackOf(name, ABILITY_WORDS[ability], call);
}

const ABILITY_WORDS: Readonly<Record<Ability, string>> = Object.freeze({
  ack: "acknowledgements",
  cancel: "cancellation",
  stream: "streaming answers",
  key: "keys for requests",
  describe: "list of handlers",
  resume: "sessions that outlive a link",
  file: "files",
  mode: "modes",
});

/** The nearest thing that every dialect has. */
const NEXT: Readonly<Record<string, string>> = Object.freeze({
  requests: "; use ask()",
  files: "; send its bytes as messages",
});

/** Nothing came in time. */
export function noAnswer(
  request: PendingRequest,
  link: string,
  outcome: Outcome,
  hint?: string,
  isReady = false,
): TimeoutError {
  const what = request.kind === "request" || request.kind === "file" ? "answer to" : "acknowledgement of the";
  const kept = isReady ? "it still waited behind something else" : "the link was down";
  const hinted = hint === undefined || request.kind === "message" ? "" : `; ${hint}`;
  const why = outcome === "not-sent" ? `: ${kept}, and it was not sent` : hinted;
  const text = `No ${what} ${whatOf(request)} from ${link} within ${request.timeoutMs} ms${why}`;
  return new TimeoutError("timeout", text, { outcome });
}

/** The other side begins anew, and cannot say what became of a call that it may have got. */
export function unknownOutcome(request: PendingRequest, link: string, canKey: boolean): BrokenError {
  const what = capital(whatOf(request));
  const key = canKey ? 'give it a "key", or resend: "always",' : 'give it resend: "always"';
  const text =
    `${what} to ${link} was under way when the other side was lost: nobody knows whether it was handled; ` +
    `${key} to have it sent again`;
  return new BrokenError("unknown_outcome", text, { outcome: "unknown" });
}

/** What the other side answered instead of an answer. */
export function refusal(
  request: PendingRequest,
  link: string,
  failure: { code: string; message: string },
): string {
  const what = `${capital(whatOf(request))} to ${link}`;
  if (failure.code === "not_found") {
    return `${what} failed: ${failure.message || "nobody registered that name there"}`;
  }
  if (failure.code === "handler_failed") return `${what} failed in its handler: ${failure.message}`;
  return `${what} failed with "${failure.code}"${failure.message === "" ? "" : `: ${failure.message}`}`;
}
