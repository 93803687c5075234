import type { Case, EventNote, Step } from "./case.ts";
import { expectedEvents } from "./tcp_endpoint.ts";

/** Whether a case can be run from outside: no clock, and nothing that the public API does not say or tell. */
export function isBlackBox(one: Case): boolean {
  return one.options?.refuse === undefined && one.steps.every(isOutside) &&
    expectedEvents(one).every(isVisible);
}

function isOutside(step: Step): boolean {
  if (step.tick !== undefined || step.throws !== undefined) return false;
  if (step.do === "fail") return step.code === "handler_failed"; // a handler only throws
  return step.do === undefined ||
    (PUBLIC_ACTS.includes(step.do) && step.stream !== true && step.name !== "");
}

function isVisible({ event, name, key, stream, remainingMs }: EventNote): boolean {
  if (Number(remainingMs ?? 0) > 0 && Number(remainingMs) < 10_000) return false; // it would really pass
  if (event === "request") return name !== "" && key === undefined && stream === undefined;
  return event !== "cancel" && event !== "credit" && event !== "part";
}

/** Acts that the public API has, and whose outcome it tells. */
const PUBLIC_ACTS: readonly string[] = Object.freeze(["answer", "send", "action", "request", "cancel"]);
