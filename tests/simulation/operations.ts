import type { Actor } from "./operation.ts";
import { readAnyParts } from "./read_parts.ts";
import {
  describe,
  request,
  requestAlways,
  requestCancelled,
  requestOfNobody,
  requestOtherUnderKey,
  requestThatFails,
  requestWithKey,
  requestWithoutEnd,
} from "./request_operations.ts";
import type { Run } from "./run.ts";
import {
  actionAcked,
  actionPlain,
  broadcast,
  sendAcked,
  sendPlain,
  sendQueued,
  waitForLink,
} from "./send_operations.ts";

/** A kind of operation. */
export interface OperationKind {
  readonly name: string;
  /** How frequent it is beside the others. */
  readonly weight: number;
  /** Does it. It never rejects: what happens is in the journal. */
  do(run: Run, actor: Actor): Promise<void>;
}

/** What the workload does: to add a kind, add it here. */
export const OPERATIONS: readonly OperationKind[] = [
  { name: "request", weight: 20, do: (run, actor) => request(run, actor, "request") },
  {
    name: "request never",
    weight: 5,
    do: (run, actor) => request(run, actor, "request never", { resend: "never" }),
  },
  { name: "request always", weight: 5, do: requestAlways },
  { name: "request key", weight: 8, do: requestWithKey },
  { name: "request other key", weight: 2, do: requestOtherUnderKey },
  { name: "describe", weight: 2, do: describe },
  { name: "request cancelled", weight: 8, do: requestCancelled },
  { name: "request without end", weight: 4, do: requestWithoutEnd },
  { name: "request fails", weight: 4, do: requestThatFails },
  { name: "nobody", weight: 2, do: requestOfNobody },
  { name: "send", weight: 10, do: sendPlain },
  { name: "send queued", weight: 4, do: sendQueued },
  { name: "send ack", weight: 10, do: sendAcked },
  { name: "action", weight: 4, do: actionPlain },
  { name: "action ack", weight: 6, do: actionAcked },
  { name: "broadcast", weight: 2, do: broadcast },
  { name: "ready", weight: 1, do: waitForLink },
  { name: "stream", weight: 8, do: readAnyParts },
];
