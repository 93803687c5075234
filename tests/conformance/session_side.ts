import type { Admission, ResumeClaim } from "../../src/dialect/dialect.ts";
import { native } from "../../src/dialect/native/native.ts";
import { resolveLimits } from "../../src/limits.ts";
import type { RequestId } from "../../src/message.ts";
import type { Resend } from "../../src/pending.ts";
import { Session } from "../../src/session.ts";
import type { SessionEvent } from "../../src/session_event.ts";
import type { Case, Step } from "./case.ts";
import type { Side, Told } from "./side.ts";
import { toldOf } from "./told.ts";

/** Parley's pure session as a side under test. It does what the driver of a session has to do, and nothing else. */
export class SessionSide implements Side {
  readonly #case: Case;
  /** The sessions of a server by their names, for clients that come back. */
  readonly #sessions = new Map<string, Session>();
  /** Our calls by the name that the case gives them. */
  readonly #calls = new Map<unknown, RequestId>();
  /** What they have asked and we have not answered. */
  readonly #asked = new Set<unknown>();
  #session: Session;
  #told: Told[] = [];
  #now = 0;
  #isLinked = false;
  #oldOutput = new Uint8Array(0);

  constructor(one: Case) {
    this.#case = one;
    this.#session = this.#newSession();
  }

  link(): void {
    // A server learns only from HELLO that a link belongs to a session that it knows.
    if (this.#case.role === "server") this.#session = this.#newSession();
    this.#isLinked = true;
    this.#take(this.#session.open(this.#now));
  }

  receive(bytes: Uint8Array): void {
    this.#take(this.#session.receive(bytes, this.#now));
  }

  cut(): void {
    this.#isLinked = false;
    this.#take(this.#session.receiveEnd(this.#now));
    this.#session.suspend();
  }

  tick(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#session.nextTickAt; next <= end; next = this.#session.nextTickAt) {
      this.#now = Math.max(this.#now, next);
      this.#take(this.#session.tick(this.#now));
      if (this.#session.nextTickAt <= this.#now) break;
    }
    this.#now = end;
  }

  act(step: Step, value: (note: unknown) => unknown): void {
    const session = this.#session;
    const id = this.#calls.get(step.call) ?? Number(step.id);
    switch (step.do) {
      case "send":
      case "action":
      case "request":
      case "describe":
        return this.#call(step, value);
      case "answer":
        session.answer(id, value(step.value));
        this.#asked.delete(step.id);
        return;
      case "fail":
        session.fail(id, String(step.code), String(step.message), step.retryAfterMs as number | undefined);
        this.#asked.delete(step.id);
        return;
      case "part":
        session.part(id, value(step.value));
        return;
      case "credit":
        return session.credit(id, Number(step.bytes));
      case "cancel":
        session.cancel(id);
        return;
      case "close":
        return session.close(String(step.code), String(step.message));
      default:
        throw new Error(`Unknown act "${step.do}"`);
    }
  }

  takeEvents(): Told[] {
    return this.#told.splice(0);
  }

  takeOutput(): Uint8Array {
    return this.#session.takeOutput().slice();
  }

  takeOldOutput(): Uint8Array {
    const bytes = this.#oldOutput;
    this.#oldOutput = new Uint8Array(0);
    return bytes;
  }

  #call(step: Step, value: (note: unknown) => unknown): void {
    const session = this.#session;
    const { call } = step;
    const name = String(step.name);
    const args = value(step.args ?? []) as unknown[];
    const kwargs = value(step.kwargs) as Record<string, unknown> | undefined;
    const timing = { now: this.#now, timeoutMs: Number(step.timeoutMs) };
    const resend = step.resend as Resend | undefined;
    if (step.do === "request" || step.do === "describe") {
      const kind = { key: step.key as string | undefined, resend, stream: step.stream === true };
      const asked = step.do === "describe" ? "" : checked(name);
      this.#calls.set(call, session.request(asked, args, kwargs, timing, call, kind));
    } else if (step.do === "send") {
      if (call === undefined) return session.send(value(step.value));
      this.#calls.set(call, session.sendAcked(value(step.value), timing, call, resend));
    } else {
      if (call === undefined) return session.action(name, args, kwargs);
      this.#calls.set(call, session.actionAcked(name, args, kwargs, timing, call, resend));
    }
  }

  #newSession(): Session {
    const { role, options = {} } = this.#case;
    if (role === "both") throw new Error("A case runs for one role at a time");
    const session: Session = new Session(native(), {
      role,
      limits: resolveLimits(options.limits),
      resumable: role === "server" || options.resume === true,
      admit: (claim) => this.#admit(session, claim),
    });
    return session;
  }

  /** What a server does with a client: keeps it out, hands it to the session that it left, or gives it a new one. */
  #admit(session: Session, claim: ResumeClaim | undefined): Admission {
    const refusal = this.#case.options?.refuse;
    if (refusal !== undefined) return { refusal };
    if (claim !== undefined && this.#sessions.has(claim.sid)) return { moved: true };
    return {
      session: () => {
        const sid = `session-${this.#sessions.size + 1}`;
        this.#sessions.set(sid, session);
        return { sid, epoch: "this-run" };
      },
    };
  }

  #take(events: readonly SessionEvent[]): void {
    for (const event of events) {
      if (event.kind === "moved") {
        this.#session = this.#sessions.get(event.claim.sid)!;
        this.#leaveOldLink(this.#session);
        this.#take(this.#session.resume(event.claim, this.#now));
        this.#take(this.#session.receive(event.rest, this.#now));
        continue;
      }
      const told = toldOf(event);
      if (this.#matters(told)) this.#told.push(told);
      // Who broke the rules on an open link hears so before it ends.
      if (event.kind === "fault" && event.error.fatal && this.#session.ready && this.#isLinked) {
        this.#session.close("protocol", event.error.message);
      }
    }
  }

  /** A session has one link: that which is still up ends when its client comes back on another. */
  #leaveOldLink(session: Session): void {
    if (!session.ready) return;
    session.close("session_taken", "The client came back on another link");
    this.#oldOutput = session.takeOutput().slice();
    session.suspend();
  }

  /** Keeps count of what is to be answered: CANCEL and CREDIT for anything else say nothing. */
  #matters({ event, id }: Told): boolean {
    if (event === "credit") return this.#asked.has(id);
    if (event === "cancel") return this.#asked.delete(id);
    if (id !== undefined) this.#asked.add(id);
    return true;
  }
}

/** As `request` of the public API: an empty name is no name, it only means something on the wire. */
function checked(name: string): string {
  if (name === "") throw Object.assign(new TypeError("A request has a name"), { code: "usage" });
  return name;
}
