import type { Kwargs, Peer, RequestOptions } from "@parley/parley";
import type { Step } from "./case.ts";
import type { Told } from "./side.ts";

/** What ends each call of a case, by the name that the case gives it. */
export type Calls = Map<unknown, AbortController>;

/** What an act needs besides the peer and the step. */
export interface ActContext {
  readonly value: (note: unknown) => unknown;
  readonly calls: Calls;
  readonly heard: (told: Told) => void;
}

/** Does with a peer what a step says; what becomes of a call is heard later. */
export function act(peer: Peer, step: Step, { value, calls, heard }: ActContext): void {
  const { call } = step;
  if (step.do === "cancel") return calls.get(call)?.abort();
  const stopper = new AbortController();
  calls.set(call, stopper);
  const done = call === undefined ? say(peer, step, value) : say(peer, step, value, stopper.signal);
  done.then(
    (answer) => call === undefined || heard({ event: "answered", call, value: answer }),
    ({ code, outcome, retryAfterMs }) => {
      // Who calls a request off does not have to be told.
      if (!stopper.signal.aborted) heard({ event: "failed", call, code, outcome, retryAfterMs });
    },
  );
}

function say(
  peer: Peer,
  step: Step,
  value: (note: unknown) => unknown,
  signal?: AbortSignal,
): Promise<unknown> {
  const name = String(step.name);
  const args = value(step.args ?? []) as unknown[];
  const kwargs = value(step.kwargs) as Kwargs | undefined;
  const wait = signal === undefined ? {} : { ack: true, timeoutMs: step.timeoutMs as number, signal };
  switch (step.do) {
    case "send":
      return peer.send(value(step.value), wait);
    case "action":
      return peer.action(name, args, { ...wait, ...(kwargs !== undefined && { kwargs }) });
    case "request": {
      const { timeoutMs, key, resend } = step as RequestOptions;
      return peer.request(name, args, { timeoutMs, key, resend, kwargs, signal });
    }
    default:
      throw new Error(`Act "${step.do}" is not for the outside`);
  }
}
