import { type Client, DEFAULT_LIMITS, TimeoutError } from "../../mod.ts";
import type { Pattern } from "./pattern.ts";

/** What answers a message. */
export interface AnswerFlags {
  /** So many messages. */
  readonly answers?: number;
  /** All messages up to one that matches. */
  readonly until?: Pattern;
  /** How long all of them may take, in milliseconds. */
  readonly timeout?: number;
}

/**
 * Sends a message, and yields what comes back as it comes: one message unless the flags say otherwise; with a pattern and
 * a number whichever is first.
 *
 * @throws {TimeoutError} code `timeout`: not all of it came in time.
 * @throws what `ask` and `receive` throw.
 */
export async function* answersOf(
  client: Client,
  message: unknown,
  { answers, until, timeout = DEFAULT_LIMITS.askMs }: AnswerFlags,
): AsyncGenerator<unknown> {
  // What came unasked is no answer; and a full inbox would keep answers from being read.
  while (client.unread > 0) await client.receive();
  const most = answers ?? (until === undefined ? 1 : Infinity);
  const end = performance.now() + timeout;
  let seen = 0;
  for (
    let next = client.ask(message, { timeoutMs: timeout });;
    next = client.receive({ timeoutMs: left(end) })
  ) {
    let value: unknown;
    try {
      value = await next;
    } catch (error) {
      if (seen === 0 || !(error instanceof TimeoutError)) throw error;
      throw tooFew(client, seen, { until, answers, timeout });
    }
    yield value;
    if (++seen >= most || until?.matches(value)) return;
  }
}

/** At least a moment: what is there already is taken. */
function left(end: number): number {
  return Math.max(1, Math.ceil(end - performance.now()));
}

function tooFew(client: Client, seen: number, { until, answers, timeout }: AnswerFlags): TimeoutError {
  const wanted = until === undefined ? `${answers} messages` : `one that matches ${until.source}`;
  const came = seen === 1 ? "1 message has" : `${seen} messages have`;
  return new TimeoutError(
    "timeout",
    `${client.address}: ${came} come within ${timeout} ms, and not ${wanted}; --timeout waits longer`,
  );
}
