import { UsageTypeError } from "../errors.ts";
import type { Answers } from "./answers.ts";
import { actAll, askAll, type FanOutOptions, requestAll, sendAll } from "./fan_out.ts";
import { type ActionOptions, Peer, type RequestOptions, type SendOptions, type WaitOptions } from "./peer.ts";

/** A link, or what has some: a client, a peer, a server with all its peers. */
export type Groupable = Pick<Peer, "address" | "dialect" | "counts">;

/**
 * Several links that are called together; made by {@linkcode group}. Who is in it is looked at with each call: a server
 * stands for the peers that it has then.
 */
export class Group implements Iterable<Peer> {
  readonly #members: readonly (Groupable | Iterable<Groupable>)[];

  /** Use {@linkcode group}. @throws {UsageTypeError} something is no link. */
  constructor(members: readonly (Groupable | Iterable<Groupable>)[]) {
    // What can be gone through only once is gone through now.
    this.#members = members.map((member) => isIterator(member) ? [...member] : member);
    void this.peers;
  }

  /** All links that are in it now, each once. */
  get peers(): Peer[] {
    return [...new Set(this.#members.flatMap((member) => [...linksOf(member, true)]))];
  }

  /** The same, one by one. */
  [Symbol.iterator](): Iterator<Peer> {
    return this.peers[Symbol.iterator]();
  }

  /**
   * Calls a named request of all of them at once. `timeoutMs` (`limits.requestMs`, 30 s) is for each.
   *
   * @param args The arguments: a list, or the only one.
   * @throws {UsageTypeError} {@linkcode UsageRangeError} an option is wrong.
   */
  // deno-lint-ignore no-explicit-any -- what comes back is for the caller to know
  request<Value = any>(
    name: string,
    args?: unknown,
    options: Omit<RequestOptions, "key"> & FanOutOptions = {},
  ): Answers<Value> {
    return requestAll<Value>(this.peers, name, args, options);
  }

  /** Sends one message to all of them, and takes the next one of each for its answer: see `Peer.ask`. */
  // deno-lint-ignore no-explicit-any -- what comes back is for the caller to know
  ask<Value = any>(message: unknown, options: WaitOptions & FanOutOptions = {}): Answers<Value> {
    return askAll<Value>(this.peers, message, options);
  }

  /** Sends one message to all of them; with `ack`, a row tells that it was handled there: see `Peer.send`. */
  send(message: unknown, options: SendOptions & FanOutOptions = {}): Answers<void> {
    return sendAll(this.peers, message, options);
  }

  /** Calls a named action of all of them: see `Peer.action`. */
  action(name: string, args?: unknown, options: ActionOptions & FanOutOptions = {}): Answers<void> {
    return actAll(this.peers, name, args, options);
  }

  /** How the console shows a group. */
  [Symbol.for("Deno.customInspect")](): string {
    const { peers } = this;
    return `Group { ${peers.length} ${peers.length === 1 ? "link" : "links"}, ${
      peers.filter(({ isOpen }) => isOpen).length
    } open }`;
  }
}

/**
 * Several links as one: clients, peers, servers with all their peers, other groups, and lists of these.
 *
 * @throws {UsageTypeError} something is no link.
 *
 * @example
 * ```ts
 * import { connect, group, listen } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * await using server = await listen("memory://scales");
 * server.onRequest("weight", () => 12.5);
 * await using left = await connect("memory://scales");
 * await using right = await connect("memory://scales");
 *
 * const answers = await group(left, right).request("weight");
 * assert.deepEqual(answers.values, [12.5, 12.5]);
 * ```
 */
export function group(...links: readonly (Groupable | Iterable<Groupable>)[]): Group {
  return new Group(links);
}

/** @throws {UsageTypeError} */
function* linksOf(member: unknown, mayBeList: boolean): Generator<Peer> {
  if (member instanceof Peer) return yield member;
  if (typeof member === "object" && member !== null) {
    // Not by its class: a server has groups of its own, and would be made of itself.
    const { peers } = member as { peers?: unknown };
    const list = isIterable(peers) ? peers : mayBeList && isIterable(member) ? member : undefined;
    if (list !== undefined) {
      for (const each of list) yield* linksOf(each, list !== peers);
      return;
    }
  }
  const isPromise = typeof (member as PromiseLike<unknown> | null)?.then === "function";
  throw new UsageTypeError(
    isPromise
      ? "Cannot group a promise: await the link first"
      : `Cannot group ${shown(member)}: a client, a peer, a server or a list of them is wanted`,
  );
}

function shown(value: unknown): string {
  return typeof value === "string"
    ? JSON.stringify(value)
    : typeof value === "object"
    ? "this object"
    : String(value);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function isIterator(value: object): value is IterableIterator<Groupable> {
  return isIterable(value) && "next" in value;
}
