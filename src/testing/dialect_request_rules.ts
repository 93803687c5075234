/**
 * The rules of the dialect kit about requests and their answers. To add a rule: write it, and add it to
 * `DIALECT_REQUEST_RULES`.
 *
 * @module
 */
import type { Role } from "../dialect/dialect.ts";
import { RemoteError, TimeoutError } from "../errors.ts";
import type { RequestId } from "../message.ts";
import type { SessionEvent } from "../session_event.ts";
import { show } from "./codec_driver.ts";
import { showEvents } from "./dialect_events.ts";
import { type DialectEnd, DialectPair } from "./dialect_pair.ts";
import { type DialectRule, DialectRuleError, type DialectSubject } from "./dialect_subject.ts";
import { SeededRandom } from "./seeded_random.ts";

/** Every rule about requests. */
export const DIALECT_REQUEST_RULES: readonly DialectRule[] = Object.freeze([
  { name: "answers in any order", check: (subject) => checkAnswers("answers in any order", subject, false) },
  { name: "failures", check: (subject) => checkAnswers("failures", subject, true) },
  { name: "late answers", check: checkLateAnswers },
  { name: "deadlines", check: checkDeadlines },
  { name: "unsayable answer", check: checkUnsayableAnswer },
]);

/** How many requests are asked at once, and how often, each time answered in another order. */
const REQUESTS = 7;
const ORDERS = 20;

/** Requests that one side has asked and the other has got. */
class Asked {
  readonly asker: DialectEnd;
  readonly host: DialectEnd;
  /** Their ids on the asking side. */
  readonly ours: RequestId[] = [];
  /** Their ids on the answering side. */
  readonly theirs: RequestId[];
  readonly #rule: string;
  readonly #subject: DialectSubject;
  readonly #pair: DialectPair;
  readonly #seen: number;

  constructor(rule: string, subject: DialectSubject, role: Role, timeoutsMs: readonly number[]) {
    const random = new SeededRandom(subject.seed);
    this.#rule = rule;
    this.#subject = subject;
    this.#pair = new DialectPair(rule, subject, { cut: (total) => random.sizes(total) }).open();
    this.asker = this.#pair.end(role);
    this.host = this.#pair.listener(role);
    const { name, args } = subject.requests;
    for (const [token, timeoutMs] of timeoutsMs.entries()) {
      this.ours.push(this.asker.say({ kind: "request", name, args }, token, timeoutMs)!);
    }
    this.#pair.exchange();
    const requests = this.host.events.filter((event) => event.kind === "request");
    if (requests.length !== timeoutsMs.length) {
      throw this.broken(
        `${timeoutsMs.length} requests were sent, the other side got ${showEvents(this.host.events)}`,
      );
    }
    this.theirs = requests.map(({ id }) => id);
    this.#seen = this.asker.events.length;
  }

  /** The value that answers request `token`. */
  value(token: number): unknown {
    const { answers } = this.#subject.requests;
    return answers[token % answers.length];
  }

  answer(token: number): void {
    this.host.session.answer(this.theirs[token], this.value(token));
    this.#pair.exchange();
  }

  fail(token: number): void {
    this.host.session.fail(this.theirs[token], "handler_failed", `number ${token}`);
    this.#pair.exchange();
  }

  /** What the asking side got since the requests had arrived. */
  get outcome(): SessionEvent[] {
    return this.asker.events.slice(this.#seen);
  }

  /** Each request has to have come to this end, once, and nothing else. */
  expect(wanted: ReadonlyMap<number, "answered" | "failed" | "expired">): void {
    const seen = new Set<number>();
    for (const event of this.outcome) {
      const token = event.kind === "answered" || event.kind === "failed" ? event.token as number : undefined;
      if (token === undefined || seen.has(token) || !this.#is(event, token, wanted.get(token))) {
        throw this.broken(
          `${show(Object.fromEntries(wanted))} was wanted, the asker got ${showEvents(this.outcome)}`,
        );
      }
      seen.add(token);
    }
    if (seen.size !== wanted.size) {
      throw this.broken(`${wanted.size} requests had to end, ${seen.size} did: ${showEvents(this.outcome)}`);
    }
  }

  broken(detail: string): DialectRuleError {
    return new DialectRuleError(this.#rule, `asked by the ${this.asker.role}: ${detail}`);
  }

  #is(event: SessionEvent, token: number, wanted: "answered" | "failed" | "expired" | undefined): boolean {
    if (event.kind === "answered") {
      return wanted === "answered" && this.#subject.equal(event.value, this.value(token));
    }
    if (event.kind !== "failed") return false;
    if (wanted === "expired") return event.error instanceof TimeoutError && event.error.outcome === "unknown";
    return wanted === "failed" && event.error instanceof RemoteError && event.error.outcome === "failed";
  }
}

function checkAnswers(rule: string, subject: DialectSubject, withFailures: boolean): void {
  const random = new SeededRandom(subject.seed);
  for (const role of askersOf(subject)) {
    for (let round = 0; round < ORDERS; round++) {
      const asked = new Asked(rule, subject, role, new Array<number>(REQUESTS).fill(1000));
      const wanted = new Map<number, "answered" | "failed">();
      for (const token of shuffled(random, REQUESTS)) {
        const fails = withFailures && random.below(2) === 0;
        wanted.set(token, fails ? "failed" : "answered");
        if (fails) asked.fail(token);
        else asked.answer(token);
      }
      asked.expect(wanted);
      if (asked.asker.session.pendingRequests > 0) {
        throw asked.broken("requests are pending though all were answered");
      }
    }
  }
}

/** A request that was given up holds its place, but nobody hears of its answer. */
function checkLateAnswers(subject: DialectSubject): void {
  const rule = "late answers";
  const random = new SeededRandom(subject.seed);
  for (const role of askersOf(subject)) {
    for (let round = 0; round < ORDERS; round++) {
      const asked = new Asked(rule, subject, role, new Array<number>(REQUESTS).fill(1000));
      const abandoned = random.below(REQUESTS);
      asked.asker.session.cancel(asked.ours[abandoned]);
      for (const token of shuffled(random, REQUESTS)) asked.answer(token);
      const tokens = Array.from({ length: REQUESTS }, (_, token) => token).filter((token) =>
        token !== abandoned
      );
      asked.expect(new Map(tokens.map((token) => [token, "answered"])));
      const { lateAnswers } = asked.asker.session.counts;
      if (lateAnswers !== 1) throw asked.broken(`1 answer came late, ${lateAnswers} were counted`);
    }
  }
}

function checkDeadlines(subject: DialectSubject): void {
  for (const role of askersOf(subject)) {
    const asked = new Asked("deadlines", subject, role, [300, 100, 200]);
    const { session } = asked.asker;
    if (session.nextTickAt > 100) {
      throw asked.broken(`tick is wanted at ${session.nextTickAt}, a deadline is at 100`);
    }
    asked.asker.tick(99);
    asked.expect(new Map());
    asked.asker.tick(100);
    asked.expect(new Map([[1, "expired"]]));
    for (const token of [2, 1, 0]) asked.answer(token);
    asked.expect(new Map([[0, "answered"], [1, "expired"], [2, "answered"]]));
  }
}

/** What cannot be said is told to whom wants to answer with it, and the request can still be answered. */
function checkUnsayableAnswer(subject: DialectSubject): void {
  const { unsayable } = subject.requests;
  if (unsayable === undefined) return;
  for (const role of askersOf(subject)) {
    for (const [first, second] of [[0, 1], [1, 0]]) {
      const asked = new Asked("unsayable answer", subject, role, [1000, 1000, 1000]);
      const { session } = asked.host;
      let thrown: unknown;
      try {
        session.answer(asked.theirs[first], unsayable);
      } catch (error) {
        thrown = error;
      }
      if (!(thrown instanceof TypeError || thrown instanceof RangeError)) {
        throw asked.broken(
          `answering with ${show(unsayable)} has to throw a TypeError or RangeError, got ${show(thrown)}`,
        );
      }
      if (session.outputBytes > 0) throw asked.broken(`it left ${session.outputBytes} bytes in the output`);
      for (const token of [second, first, 2]) asked.answer(token);
      asked.expect(new Map([[0, "answered"], [1, "answered"], [2, "answered"]]));
    }
  }
}

function askersOf(subject: DialectSubject): readonly Role[] {
  return subject.dialect.correlation === "none" ? [] : subject.requests.askers;
}

function shuffled(random: SeededRandom, count: number): number[] {
  const left = Array.from({ length: count }, (_, at) => at);
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0]);
}
