import { asError, ProtocolError } from "../errors.ts";
import type { Session } from "../session.ts";
import type { SessionEvent } from "../session_event.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Link } from "./link.ts";
import type { Outbox } from "./outbox.ts";
import type { Peer } from "./peer.ts";
import type { RunningCalls } from "./running_calls.ts";

/** What a dispatcher needs of the conversation it works for. */
export interface DispatcherOwner {
  readonly endpoint: Endpoint;
  readonly session: Session;
  readonly link: Link;
  readonly outbox: Outbox;
  readonly calls: RunningCalls;
  readonly label: string;
  readonly peer: Peer;
  /** False once nothing can be said any more. */
  readonly canSpeak: boolean;
  /** Something was answered. */
  answered(): void;
}

/** Takes what the other side calls to its handler, and the handler's answer back. */
export class Dispatcher {
  readonly #owner: DispatcherOwner;

  constructor(owner: DispatcherOwner) {
    this.#owner = owner;
  }

  action(event: SessionEvent & { kind: "action" }): void {
    const { endpoint, calls, peer, label } = this.#owner;
    const handler = endpoint.findAction(event.name);
    if (handler === undefined) {
      const text = `Action "${event.name}" from ${label} has no handler here`;
      return endpoint.chain.fail(new ProtocolError("not_found", text, { fatal: false }), peer);
    }
    calls.run(handler, event, peer, undefined, (thrown) => this.#report("action", event.name, thrown));
  }

  request(event: SessionEvent & { kind: "request" }): void {
    const { id, name } = event;
    const { endpoint, calls, outbox, link, peer } = this.#owner;
    const handler = endpoint.findRequest(name);
    if (handler === undefined) {
      return this.#fail(id, "not_found", "no request of that name is registered there");
    }
    const { maxHandling } = endpoint.limits;
    if (calls.size >= maxHandling) {
      return this.#fail(id, "busy", `${maxHandling} calls are being handled already`);
    }
    if (outbox.isFull) {
      return this.#fail(id, "busy", `${link.backlogBytes} bytes wait to be read already`);
    }
    calls.run(handler, event, peer, (value) => this.#answer(id, name, value), (thrown) => {
      this.#fail(id, "handler_failed", asError(thrown).message);
      this.#report("request", name, thrown);
    });
  }

  #answer(id: number | string, name: string, value: unknown): void {
    const { session, link } = this.#owner;
    if (!this.#owner.canSpeak) return;
    try {
      session.answer(id, value);
      link.flush();
      this.#owner.answered();
    } catch (thrown) {
      const error = asError(thrown);
      this.#fail(id, error instanceof RangeError ? "too_large" : "unserialisable", error.message);
      this.#report("request", name, error);
    }
  }

  #fail(id: number | string, code: string, message: string): void {
    const { session, link } = this.#owner;
    if (!this.#owner.canSpeak) return;
    try {
      session.fail(id, code, message);
    } catch {
      this.#failShortly(id, code);
    }
    link.flush();
    this.#owner.answered();
  }

  /** The other side may take only small frames, and the text did not fit: the bare code still ends its wait. */
  #failShortly(id: number | string, code: string): void {
    const { session, endpoint, peer } = this.#owner;
    try {
      session.fail(id, code, "");
    } catch (thrown) {
      endpoint.chain.fail(asError(thrown), peer); // a dialect without words for failures
    }
  }

  #report(kind: "action" | "request", name: string, thrown: unknown): void {
    const error = asError(thrown);
    if (!("handler" in error) && Object.isExtensible(error)) {
      Object.defineProperty(error, "handler", { value: `${kind} "${name}"`, configurable: true });
    }
    this.#owner.endpoint.chain.fail(error, this.#owner.peer);
  }
}
