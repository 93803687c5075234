import type { SeededRandom } from "../../src/testing/seeded_random.ts";

/** What clients do, and how often beside each other. */
const WEIGHTS = Object.freeze({
  /** A request with a long deadline. */
  request: 8,
  /** A request with a deadline so short that faults make it miss. */
  short: 2,
  /** A request with a key: once in the life of a server, however often it is sent. */
  keyed: 3,
  /** A request that is sent again even when a server was restarted. */
  always: 2,
  /** A request that is never sent twice. */
  never: 2,
  /** A message that the other side says it has handled. */
  send: 5,
  /** An action, likewise. */
  action: 3,
  /** A message without an answer. */
  plain: 3,
  /** A message without an answer that waits for the link when it is down. */
  queued: 2,
  /** An answer in parts. */
  stream: 2,
  /** A request that its caller gives up. */
  cancelled: 2,
  /** A request whose handler asks the client something before it answers. */
  back: 2,
});

/** A word for what a client does. */
export type OperationKind = keyof typeof WEIGHTS;

/** One thing that a client does. */
export interface Operation {
  readonly kind: OperationKind;
  /** `kind:client:number`: never used twice in a run. */
  readonly id: string;
  /** In milliseconds. */
  readonly timeoutMs: number;
}

const BAG: readonly OperationKind[] = Object.entries(WEIGHTS)
  .flatMap(([kind, weight]) => Array(weight).fill(kind as OperationKind));

/** The next thing that the client named `name` does; `longMs` is the deadline of what should never miss it. */
export function nextOperation(
  { name, longMs }: { readonly name: string; readonly longMs: number },
  number: number,
  random: SeededRandom,
): Operation {
  const kind = random.pick(BAG);
  const timeoutMs = kind === "short" ? 20 + random.below(400) : longMs;
  return { kind, id: `${kind}:${name}:${number}`, timeoutMs };
}

/** The kind of an operation given by its id. */
export function kindOf(id: string): OperationKind {
  return id.slice(0, id.indexOf(":")) as OperationKind;
}
