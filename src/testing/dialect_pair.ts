/**
 * Two ends of a conversation, back to back: what one writes, the other reads. No input or output, no clock.
 *
 * @module
 */
import type { Role } from "../dialect/dialect.ts";
import type { Limits } from "../limits.ts";
import type { RequestId } from "../message.ts";
import { Session } from "../session.ts";
import type { SessionEvent } from "../session_event.ts";
import { show } from "./codec_driver.ts";
import { DialectRuleError, type DialectSubject, type SaidMessage } from "./dialect_subject.ts";

/** Into what sizes so many bytes are cut before they are read. */
export type Cut = (total: number) => readonly number[];

/** All bytes at once. */
export function whole(total: number): number[] {
  return [total];
}

/** One byte at a time. */
export function singly(total: number): number[] {
  return new Array<number>(total).fill(1);
}

/** How a pair differs from the subject's own settings. */
export interface PairOptions {
  cut?: Cut;
  clientLimits?: Partial<Limits>;
  serverLimits?: Partial<Limits>;
}

/** One end: its session, and what happened on it. */
export class DialectEnd {
  readonly role: Role;
  readonly session: Session;
  /** What happened so far, in order. */
  readonly events: SessionEvent[] = [];
  readonly #rule: string;
  readonly #cut: Cut;

  constructor(rule: string, role: Role, session: Session, cut: Cut) {
    this.#rule = rule;
    this.role = role;
    this.session = session;
    this.#cut = cut;
  }

  /** Reads bytes whose memory is used for something else afterwards, as a transport does. */
  receive(bytes: Uint8Array): void {
    let at = 0;
    for (const size of this.#cut(bytes.length)) {
      const memory = bytes.slice(at, at += size);
      this.#note("receive", () => this.session.receive(memory, NOW));
      memory.fill(0xaa);
    }
  }

  /** The stream has ended. */
  receiveEnd(): void {
    this.#note("receiveEnd", () => this.session.receiveEnd(NOW));
  }

  open(): void {
    this.#note("open", () => this.session.open(NOW));
  }

  tick(now: number): void {
    this.#note("tick", () => this.session.tick(now));
  }

  /** Says a message; a request comes back with `token`. */
  say(message: SaidMessage, token: unknown = undefined, timeoutMs = 1000): RequestId | undefined {
    switch (message.kind) {
      case "message":
        return void this.session.send(message.value);
      case "action":
        return void this.session.action(message.name, message.args, message.kwargs);
      case "request": {
        const { name, args, kwargs } = message;
        return this.session.request(name, args, kwargs, { now: NOW, timeoutMs }, token);
      }
    }
  }

  #note(call: string, work: () => SessionEvent[]): void {
    let events: SessionEvent[];
    try {
      events = work();
    } catch (error) {
      throw new DialectRuleError(this.#rule, `${call} on the ${this.role} threw ${show(error)}`, {
        cause: error,
      });
    }
    this.events.push(...events);
    for (const event of events) {
      if (event.kind !== "fault" || event.error.code !== "dialect_failed") continue;
      throw new DialectRuleError(
        "only ProtocolError",
        `${call} on the ${this.role}: ${event.error.message}`,
        {
          cause: event.error.cause,
        },
      );
    }
  }
}

/** A client and a server that talk to each other. */
export class DialectPair {
  readonly client: DialectEnd;
  readonly server: DialectEnd;
  readonly #rule: string;

  constructor(rule: string, subject: DialectSubject, options: PairOptions = {}) {
    const { cut = whole, clientLimits, serverLimits } = options;
    const end = (role: Role, own: Partial<Limits> | undefined): DialectEnd => {
      const limits = { ...subject.limits, ...own };
      return new DialectEnd(
        rule,
        role,
        new Session(subject.dialect, { role, limits, payload: subject.payload }),
        cut,
      );
    };
    this.#rule = rule;
    this.client = end("client", clientLimits);
    this.server = end("server", serverLimits);
  }

  /** Opens both ends and lets them greet each other. */
  open(): this {
    this.client.open();
    this.server.open();
    this.exchange();
    return this;
  }

  /** The end of this role. */
  end(role: Role): DialectEnd {
    return role === "client" ? this.client : this.server;
  }

  /** The end that listens to this role. */
  listener(role: Role): DialectEnd {
    return role === "client" ? this.server : this.client;
  }

  /** Carries bytes to and fro until neither end has any. */
  exchange(): void {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const there = this.client.session.takeOutput().slice();
      const back = this.server.session.takeOutput().slice();
      if (there.length + back.length === 0) return;
      this.server.receive(there);
      this.client.receive(back);
    }
    throw new DialectRuleError(this.#rule, `both ends still answer each other after ${MOST_ROUNDS} rounds`);
  }
}

const NOW = 0;
/** More than any greeting takes; two ends that answer each other's answers never stop. */
const MOST_ROUNDS = 1000;
