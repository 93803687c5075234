import { asError, TimeoutError } from "../errors.ts";
import type { Callbacks } from "../peer/callbacks.ts";
import type { Client } from "../peer/client.ts";
import type { Peer } from "../peer/peer.ts";
import type { Server } from "../peer/server.ts";
import type { Direction, Traffic } from "../peer/traffic.ts";
import { maskOfKnown } from "../secret/known_mask.ts";
import { MismatchError, type PlayNames } from "./mismatch.ts";
import { partsOf, ReplyQueue, settled } from "./reply_queue.ts";
import { hideSecrets } from "./said_secrets.ts";
import { filled, type SaidExchange, type SaidItem, saidText } from "./said_exchange.ts";

/** How a conversation is played by what was said. */
export interface SaidPlayOptions {
  readonly names: PlayNames;
  /** The side that is played. */
  readonly says: Direction;
  /** True to answer what the recording answers; false where the link has handlers of its own that do. */
  readonly answers: boolean;
  /** Called before each is said, which leaves when what is returned has resolved. */
  readonly pace?: (gapMs: number) => Promise<void> | void;
  /** How long the other side may be silent while something of it is waited for, in milliseconds. Default: for ever. */
  readonly timeoutMs?: number;
  readonly onSaid?: (step: number, traffic: Traffic) => unknown;
}

/** Plays one side of a recording on a link, by what was said on it. */
export class SaidPlay {
  readonly #exchange: SaidExchange;
  readonly #options: SaidPlayOptions;
  readonly #done = Promise.withResolvers<void>();
  readonly #remove: () => void;
  /** Requests of theirs that have come, by name, until their handler takes them up. */
  readonly #called = new Map<string, SaidItem[]>();
  /** What answers them: the recorded answers as their turn comes, by the id that the request has in the recording. */
  readonly #replies = new Map<unknown, ReplyQueue>();
  #peer: Peer | undefined;
  #isSaying = false;
  #isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(link: Client | Server, exchange: SaidExchange, options: SaidPlayOptions) {
    this.#exchange = exchange;
    this.#options = options;
    if (options.answers) this.#handle(link);
    const callbacks: Callbacks = {
      onReceive: () => {}, // what nobody takes out of the inbox must not fill it
      onConnect: (peer) => this.start(peer),
      onTraffic: (traffic, peer) => this.#see(traffic, peer),
    };
    this.#remove = link.use(callbacks as Callbacks<Client> & Callbacks<Server>);
    this.#done.promise.catch(() => {});
  }

  /** Resolves when everything was said and has come. @throws {MismatchError} @throws {TimeoutError} */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Begins to speak to this peer. */
  start(peer: Peer): void {
    this.#peer = peer;
    this.#goOn();
  }

  /** Plays no more; the link goes on. */
  stop(reason?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#remove();
    if (reason === undefined) this.#done.resolve();
    else this.#done.reject(reason);
  }

  #see(traffic: Traffic, peer: Peer): void {
    if (traffic.direction !== "in" || this.#isOver) return;
    this.#peer ??= peer;
    const waited = this.#exchange.waitedFor;
    const item = this.#exchange.hear(traffic);
    if (item === undefined) return this.stop(this.#mismatch(traffic, waited));
    this.#options.onSaid?.(item.step, traffic);
    if (item.traffic.kind === "request" && item.traffic.name !== "") {
      const waiting = this.#called.get(item.traffic.name) ?? [];
      this.#called.set(item.traffic.name, [...waiting, item]);
    }
    queueMicrotask(() => this.#goOn()); // when the handler has what has come
  }

  /** Says everything whose turn it is. */
  async #goOn(): Promise<void> {
    if (this.#isSaying || this.#isOver || this.#peer === undefined) return;
    this.#isSaying = true;
    try {
      for (let item = this.#exchange.next; item !== undefined && !this.#isOver; item = this.#exchange.next) {
        const { pace } = this.#options;
        if (pace !== undefined) await pace(item.gapMs); // without one, what belongs together leaves together
        if (this.#isOver) return;
        this.#say(item, this.#peer);
        this.#exchange.saidNext();
      }
    } catch (error) {
      this.stop(asError(error));
    } finally {
      this.#isSaying = false;
    }
    if (this.#exchange.isDone) this.#done.resolve();
    this.#wait();
  }

  #say(item: SaidItem, peer: Peer): void {
    const { step, isStream } = item;
    const traffic = filled(item);
    const isAcked = traffic.id !== undefined && traffic.id !== null;
    switch (traffic.kind) {
      case "message":
        quiet(peer.send(traffic.value, isAcked ? { ack: true } : {}));
        break;
      case "action":
        quiet(peer.action(traffic.name, [...traffic.args], {
          ...(isAcked && { ack: true }),
          ...(traffic.kwargs !== undefined && { kwargs: traffic.kwargs }),
        }));
        break;
      case "request":
        if (isStream) {
          quiet(
            readAll(
              peer.stream(traffic.name, [...traffic.args], traffic.kwargs && { kwargs: traffic.kwargs }),
            ),
          );
        } else {quiet(
            traffic.name === ""
              ? peer.describe()
              : peer.request(traffic.name, [...traffic.args], traffic.kwargs && { kwargs: traffic.kwargs }),
          );}
        break;
      default:
        if (!this.#options.answers) return;
        this.#repliesTo(traffic.id).push(traffic);
    }
    this.#options.onSaid?.(step, item.traffic);
  }

  /** Has what the other side calls answered as it was. */
  #handle(link: Client | Server): void {
    const { items } = this.#exchange;
    const theirs = items.filter(({ traffic }) => traffic.direction !== this.#options.says);
    for (const { traffic } of theirs) {
      if (traffic.kind === "action") link.onAction(traffic.name, () => {});
      if (traffic.kind !== "request" || traffic.name === "") continue;
      const { name, id } = traffic;
      const isUnknown = items.some(({ traffic: reply }) =>
        reply.kind === "failure" && reply.code === "not_found" && reply.id === id &&
        reply.direction !== traffic.direction
      );
      if (!isUnknown) link.onRequest(name, () => this.#answer(name));
    }
  }

  /** The handler of all their requests. */
  async #answer(name: string): Promise<unknown> {
    const item = this.#called.get(name)?.shift();
    if (item === undefined) throw new Error(`"${name}" was not to be called`);
    const replies = this.#repliesTo(item.traffic.id);
    const first = await replies.next();
    if (first.kind !== "part") return settled(first);
    return partsOf(first, replies);
  }

  #repliesTo(id: unknown): ReplyQueue {
    let replies = this.#replies.get(id);
    if (replies === undefined) this.#replies.set(id, replies = new ReplyQueue());
    return replies;
  }

  /** The other side may be silent only for so long. */
  #wait(): void {
    clearTimeout(this.#timer);
    const { timeoutMs, names: { link, path, other } } = this.#options;
    const item = this.#exchange.waitedFor;
    if (timeoutMs === undefined || item === undefined || this.#isOver) return;
    const text =
      `${link}: no answer at step ${item.step} (line ${item.line} of ${path}): ${other} was to say ` +
      `${saidText(item.traffic)}, and nothing came within ${timeoutMs} ms`;
    this.#timer = setTimeout(() => this.stop(new TimeoutError("timeout", text)), timeoutMs);
  }

  #mismatch(came: Traffic, waited: SaidItem | undefined): MismatchError {
    const { link, path, other } = this.#options.names;
    const step = waited?.step ?? this.#exchange.steps + 1;
    const line = waited?.line ?? this.#exchange.items.at(-1)?.line ?? 1;
    const hidden = hideSecrets(came, maskOfKnown()) as Traffic;
    const wanted = waited === undefined ? "nothing more" : saidText(waited.traffic);
    const text =
      `${link}: mismatch at step ${step} (line ${line} of ${path}): ${other} was to say ${wanted}, and ` +
      `${saidText(hidden)} came`;
    return new MismatchError(text, { step, line, expected: waited?.traffic, received: hidden });
  }
}

/** Takes all parts, so that more may come. */
async function readAll(parts: AsyncIterable<unknown>): Promise<void> {
  for await (const _part of parts);
}

/** What becomes of a call is compared as it comes. */
function quiet(call: Promise<unknown>): void {
  call.catch(() => {});
}
