import { ClosedError, UsageRangeError, UsageTypeError } from "../errors.ts";
import type { Kwargs } from "../message.ts";
import type { Resend } from "../pending.ts";
import type { CloseReason } from "./close_reason.ts";
import type { ReceivedFile } from "./file_fetch.ts";
import type { SentFile } from "./file_sender.ts";
import type { FileProgress } from "../files/progress.ts";
import { checkFileCall } from "./file_options.ts";
import type { HandlerDescription } from "./handler_description.ts";
import { checkKwargs, checkMode, checkOptions, checkResend, checkWait, OPTION_NAMES } from "./options.ts";
import type { PeerCore } from "./peer_core.ts";

/** How long a call waits, and what else ends it. */
export interface WaitOptions {
  /** Time limit in milliseconds; the default is the matching entry of `limits`. */
  timeoutMs?: number;
  /** Ends the wait: the call rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Options of calls that the other side acknowledges, or may. */
export interface AckOptions extends WaitOptions {
  /** Resolve only when the other side has handled it: its handler or its callbacks have finished. Default false. */
  ack?: boolean;
  /** With `ack`, what may happen when the link is lost; see {@linkcode RequestOptions.resend}. */
  resend?: Resend;
}

/** Options of `send`. */
export interface SendOptions extends AckOptions {
  /** While a lost link is being restored: wait for it and its `onOpen`, instead of failing at once. Default false. */
  queue?: boolean;
  /** On dialects that have several ways to send a message, such as `serpy` (0 to 5): which of them. */
  mode?: number;
}

/** Options of `action`. */
export interface ActionOptions extends AckOptions {
  /** Named arguments beside the positional ones. */
  kwargs?: Kwargs;
}

/** Options of `stream`. */
export interface StreamOptions extends WaitOptions {
  /** Named arguments beside the positional ones. */
  kwargs?: Kwargs;
}

/** Options of `request`. */
export interface RequestOptions extends WaitOptions {
  /** Named arguments beside the positional ones. */
  kwargs?: Kwargs;
  /**
   * A text of up to 255 bytes that is used for this one request only: the other side handles it once, however often
   * it comes, also from another link or session, and answers repetitions as it has answered the first; its handler
   * goes on when the link is lost. It remembers keys in memory, for `limits.keyMs`.
   */
  key?: string;
  /**
   * What may happen when the link is lost before the answer has come. `"safe"` (default): it is sent again only where
   * it cannot be handled twice, otherwise it fails with the code `unknown_outcome`. `"always"`: it is sent again, and
   * may be handled more than once. `"never"`: it fails when it may have arrived.
   */
  resend?: Resend;
}

/** Options of `sendFile`. */
export interface SendFileOptions extends WaitOptions {
  /** Called with how far it is: at its begin, some times a second, and at its end. */
  onProgress?: (progress: FileProgress) => unknown;
}

/** Options of `getFile`. */
export interface GetFileOptions extends SendFileOptions {
  /** Whether a file that is there already is replaced, once the new one is whole. Default false. */
  overwrite?: boolean;
  /** The largest file that is taken, in bytes. Default 1 GiB. */
  maxBytes?: number;
}

/** What a link has carried so far. */
export interface PeerCounts {
  /** Messages of all kinds that came. */
  readonly messagesIn: number;
  /** Messages of all kinds that were sent. */
  readonly messagesOut: number;
  /** Bytes that came. */
  readonly bytesIn: number;
  /** Bytes that were handed to the system. */
  readonly bytesOut: number;
  /** Answers that came when nobody waited for them any more, or never did. */
  readonly lateAnswers: number;
  /** Frames that came a second time, after the link was restored, and were dropped. */
  readonly duplicates: number;
  /** Frames that made no sense. */
  readonly faults: number;
  /** Messages that nobody received and that were forgotten to make room. */
  readonly dropped: number;
  /** Messages that were not sent because the other side did not read: see the option `overflow`. */
  readonly overflowed: number;
}

/** Where a peer keeps the conversation it stands for: a client may have none yet. */
export interface CoreSlot {
  /** The conversation, if there is one. */
  readonly core: PeerCore | undefined;
  /** Resolves when the conversation has ended. */
  readonly closed: Promise<CloseReason>;
  /** The address of the other end. */
  readonly address: string;
}

/**
 * The live other end of a link: what callbacks are called with, what a server holds many of, and what a `Client` is.
 *
 * Arguments of actions and requests: a list is taken as the list of arguments, anything else as the only one. To
 * pass a list as the only argument, wrap it: `[[1, 2, 3]]`.
 */
export class Peer implements AsyncDisposable, AsyncIterable<unknown> {
  readonly #slot: CoreSlot;
  #name: string | undefined;

  /**
   * Made by `listen` and `connect`, never by hand.
   *
   * @internal
   */
  constructor(slot: CoreSlot) {
    this.#slot = slot;
  }

  /** The address of the other end. */
  get address(): string {
    return this.#slot.core?.label ?? this.#slot.address;
  }

  /**
   * What it is called in tables of answers: its address, unless it is given a name of up to 100 characters, such as the one
   * that it answers when it is asked.
   *
   * @throws {UsageTypeError} it is no text, or empty. @throws {UsageRangeError} it is longer.
   */
  get name(): string {
    return this.#name ?? this.address;
  }

  set name(name: string) {
    if (typeof name !== "string" || name === "") {
      throw new UsageTypeError(`Cannot call ${this.address} ${JSON.stringify(name)}: a name is a text`);
    }
    if (name.length > MAX_NAME_CHARS) {
      throw new UsageRangeError(
        `Cannot call ${this.address} by a name of ${name.length} characters: ${MAX_NAME_CHARS} at most are wanted`,
      );
    }
    this.#name = name;
  }

  /** For how long nothing has come, signs of life included, in milliseconds; `undefined` before anything has. */
  get silentMs(): number | undefined {
    return this.#slot.core?.silentMs;
  }

  /** True while messages can be sent. */
  get isOpen(): boolean {
    return this.#slot.core?.state === "open";
  }

  /** The name of the dialect. */
  get dialect(): string {
    return this.#slot.core?.endpoint.dialect.name ?? "";
  }

  /** When the link was opened, in milliseconds since 1970; `undefined` before. */
  get openedAt(): number | undefined {
    return this.#slot.core?.openedAt;
  }

  /** How many of our requests and asks have no answer yet. */
  get pending(): number {
    return this.#slot.core?.pending ?? 0;
  }

  /** How many messages have come that `receive` or `for await` would give at once. */
  get unread(): number {
    return this.#slot.core?.unread ?? 0;
  }

  /** What the link has carried so far. */
  get counts(): PeerCounts {
    const core = this.#slot.core;
    if (core === undefined) return NO_COUNTS;
    return { ...core.session.counts, dropped: core.forgotten, overflowed: core.outbox.dropped };
  }

  /** Resolves with the reason when the link has ended, whoever ended it. Never rejects. */
  get closed(): Promise<CloseReason> {
    return this.#slot.closed;
  }

  /**
   * Sends one message, at most once. Resolves when the outbox has taken it: at once while less than
   * `limits.outboxHighBytes` wait to be written, otherwise when it has drained. A rejection that nobody awaits does
   * not end the program.
   *
   * With `ack` it resolves when the other side's `onReceive` has finished, or `receive` has taken the message there;
   * where the session goes on with another link, that is once per message.
   *
   * @throws {ClosedError} {@linkcode BrokenError} the link is down; `outcome` is `"not-sent"`.
   * @throws {UsageTypeError} the dialect cannot say it. @throws {UsageRangeError} it exceeds the frame limit.
   * @throws {TimeoutError} code `timeout`: the outbox did not drain within `timeoutMs` (`limits.sendMs`); with `ack`,
   * no acknowledgement came within it (`limits.ackMs`). @throws {CancelledError} code `cancelled`: by the signal.
   * @throws {RemoteError} with `ack`: `handler_failed`, its callback threw.
   * @throws {ParleyError} code `outbox_full`: sends that nobody awaited have filled `limits.maxOutboxBytes`.
   *
   * @example
   * ```ts
   * import { connect, listen } from "@parley/parley";
   * import assert from "node:assert/strict";
   *
   * await using server = await listen("memory://send", { onReceive: (message, peer) => peer.send(message) });
   * await using client = await connect("memory://send");
   * await client.send({ volts: 5 }, { ack: true }); // handled over there when this resolves
   * assert.deepEqual(await client.receive(), { volts: 5 });
   * ```
   */
  send(message: unknown, options: SendOptions = NO_OPTIONS): Promise<void> {
    const core = this.#slot.core;
    if (core === undefined) return this.#notStarted();
    if (options === NO_OPTIONS) return core.outgoing.send(message, options);
    checkOptions("send()", options, OPTION_NAMES.send);
    checkWait("send()", options);
    checkResend("send()", options);
    checkMode("send()", options);
    if (options.ack !== true) return core.outgoing.send(message, options);
    if (options.queue !== true || !core.isDown || core.session.isResumable) {
      return core.caller.sendAcked(message, options) as Promise<void>;
    }
    return core.outgoing.whenUp(options, core.endpoint.limits.ackMs, (timeoutMs) => {
      return core.caller.sendAcked(message, { ...options, timeoutMs }) as Promise<void>;
    });
  }

  /**
   * Calls a named action of the other side; nothing comes back. Resolves and fails as `send` does, with `ack` too:
   * then when the handler has finished.
   *
   * @param args The arguments: a list, or the only one.
   *
   * @example
   * ```ts
   * import { connect, listen } from "@parley/parley";
   * import assert from "node:assert/strict";
   *
   * await using server = await listen("memory://action");
   * const levels: number[] = [];
   * server.onAction("led", (_call, level: number) => void levels.push(level));
   * await using client = await connect("memory://action");
   * await client.action("led", 0.5, { ack: true });
   * assert.deepEqual(levels, [0.5]);
   * ```
   */
  action(name: string, args?: unknown, options: ActionOptions = NO_OPTIONS): Promise<void> {
    const core = this.#slot.core;
    if (core === undefined) return this.#notStarted();
    if (typeof name !== "string" || name === "") return Promise.reject(badName(name));
    if (options === NO_OPTIONS) return core.outgoing.action(name, argumentList(args), undefined, options);
    checkOptions("action()", options, OPTION_NAMES.call);
    checkWait("action()", options);
    checkResend("action()", options);
    checkKwargs("action()", options);
    if (options.ack !== true) return core.outgoing.action(name, argumentList(args), options.kwargs, options);
    return core.caller.actionAcked(name, argumentList(args), options) as Promise<void>;
  }

  /**
   * Calls a named request of the other side and resolves with its answer.
   *
   * @param args The arguments: a list, or the only one.
   * @throws {RemoteError} `not_found` nobody registered the name there; `handler_failed` its handler threw, with the
   * message; `busy` with `retryAfterMs`; `unserialisable`, `too_large`, `bad_args`, `deadline`, `key_reused`.
   * @throws {TimeoutError} no answer within `timeoutMs` (`limits.requestMs`, 30 s).
   * @throws {CancelledError} code `cancelled`: by the signal; the handler's `call.signal` is aborted.
   * @throws {BrokenError} code `disconnected`: the link ended first; `unknown_outcome`: the other side was lost and has
   * begun anew; `outcome` is `"unknown"`.
   *
   * @example
   * ```ts
   * import { connect, listen } from "@parley/parley";
   * import assert from "node:assert/strict";
   *
   * await using server = await listen("memory://request");
   * server.onRequest("add", (_call, a: number, b: number) => a + b);
   * await using client = await connect("memory://request");
   * assert.equal(await client.request("add", [1, 2], { timeoutMs: 1000 }), 3);
   * ```
   */
  // deno-lint-ignore no-explicit-any -- what comes back is for the caller to know
  request<Answer = any>(name: string, args?: unknown, options: RequestOptions = NO_OPTIONS): Promise<Answer> {
    if (options !== NO_OPTIONS) {
      checkOptions("request()", options, OPTION_NAMES.request);
      checkWait("request()", options);
      checkResend("request()", options);
      checkKwargs("request()", options);
    }
    if (typeof name !== "string" || name === "") return Promise.reject(badName(name));
    const answer = this.#slot.core?.caller.request(name, argumentList(args), options) ?? this.#notStarted();
    return answer as Promise<Answer>;
  }

  /**
   * Calls a named request of the other side that answers in parts, and yields them: `for await (const part of
   * peer.stream("readings", 10)) …`. It is called when the first part is wanted; leaving the loop calls it off. The
   * other side makes parts no faster than they are read: 256 KiB ahead at most. An answer that is no stream is yielded
   * as the only part.
   *
   * @throws what `request` throws. @throws {TimeoutError} no part within `timeoutMs` (`limits.requestMs`, 30 s).
   *
   * @example
   * ```ts
   * import { connect, listen } from "@parley/parley";
   * import assert from "node:assert/strict";
   *
   * await using server = await listen("memory://stream");
   * server.onRequest("count", function* (_call, last: number) {
   *   for (let n = 1; n <= last; n++) yield n;
   * });
   * await using client = await connect("memory://stream");
   * assert.deepEqual(await Array.fromAsync(client.stream("count", 3)), [1, 2, 3]);
   * ```
   */
  // deno-lint-ignore no-explicit-any -- what comes is for the caller to know
  stream<Part = any>(
    name: string,
    args?: unknown,
    options: StreamOptions = NO_OPTIONS,
  ): AsyncGenerator<Part, void, void> {
    checkOptions("stream()", options, OPTION_NAMES.stream);
    checkWait("stream()", options);
    checkKwargs("stream()", options);
    if (typeof name !== "string" || name === "") throw badName(name);
    // Handed over as it is: a generator around it would keep `return` waiting for the next part.
    const parts = this.#slot.core?.caller.stream(name, argumentList(args), options) ??
      failing(this.#notStarted());
    return parts as AsyncGenerator<Part, void, void>;
  }

  /**
   * Asks the other side which actions and requests it has handlers for.
   *
   * @throws {RemoteError} code `not_found`: it does not list them (its option `discoverable`).
   * @throws what `request` throws.
   *
   * @example
   * ```ts
   * import { connect, listen } from "@parley/parley";
   * import assert from "node:assert/strict";
   *
   * await using server = await listen("memory://describe");
   * server.onRequest("time", () => Date.now(), { description: "milliseconds since 1970" });
   * await using client = await connect("memory://describe");
   * const [{ name, description }] = await client.describe();
   * assert.equal(`${name}: ${description}`, "time: milliseconds since 1970");
   * ```
   */
  describe(options: WaitOptions = NO_OPTIONS): Promise<HandlerDescription[]> {
    checkWaitOptions("describe()", options);
    const answer = this.#slot.core?.caller.request("", NO_ARGUMENTS, options) ?? this.#notStarted();
    return answer as Promise<HandlerDescription[]>;
  }

  /**
   * Sends one message and resolves with the next one that comes: for instruments and text protocols. Several at once
   * get the messages in the order in which they asked. What came before is not taken for the answer; what comes is,
   * also an echo of the message, or the answer of an earlier `ask` that was given up while it was on its way.
   *
   * @throws what `send` throws. @throws {TimeoutError} nothing came within `timeoutMs` (`limits.askMs`, 10 s).
   *
   * @example
   * ```ts
   * import { connect, listen } from "@parley/parley";
   * import assert from "node:assert/strict";
   *
   * await using server = await listen("memory://ask", {
   *   dialect: "lines",
   *   onReceive: (line, peer) => peer.send(line === "*IDN?" ? "KORAD KD3305P" : "?"),
   * });
   * await using psu = await connect("memory://ask", { dialect: "lines" });
   * assert.equal(await psu.ask("*IDN?"), "KORAD KD3305P");
   * ```
   */
  // deno-lint-ignore no-explicit-any -- what comes back is for the caller to know
  ask<Answer = any>(message: unknown, options: WaitOptions = NO_OPTIONS): Promise<Answer> {
    if (options !== NO_OPTIONS) checkWaitOptions("ask()", options);
    return (this.#slot.core?.ask(message, options) ?? this.#notStarted()) as Promise<Answer>;
  }

  /**
   * Takes the oldest message out of the inbox, or waits for the next one. Beside an `onReceive` callback the inbox
   * keeps the latest 64 messages until `receive` or `for await` is used for the first time; from then on, and
   * always without such a callback, a full inbox (`limits.maxInboxMessages`) stops reading from the link.
   *
   * @throws {TimeoutError} nothing came within `timeoutMs` (`limits.receiveMs`, 30 s).
   * @throws {ClosedError} {@linkcode BrokenError} the link has ended and the inbox is empty.
   */
  // deno-lint-ignore no-explicit-any -- what comes is for the caller to know
  receive<Message = any>(options: WaitOptions = NO_OPTIONS): Promise<Message> {
    if (options !== NO_OPTIONS) checkWaitOptions("receive()", options);
    return (this.#slot.core?.receive(options) ?? this.#notStarted()) as Promise<Message>;
  }

  /**
   * Sends the file at `path`, for the other side to keep as `name`. Resolves when its last byte was handed to the
   * system: whether the other side has kept it, not every dialect can say (`clever-show` cannot). Several at once are
   * sent one after the other. Closing the link cuts a file that is under way: await it before. Where the wire cannot mix a file with other messages, those wait behind it.
   *
   * @throws {UsageTypeError} the dialect has no files, or an argument is wrong.
   * @throws {BrokenError} `no_such_path`, `not_a_file`, `permission`, and as for `send`. `source_changed`: it was written
   * to while it was sent; when it has become shorter, the link is closed, since its size was promised.
   * @throws {TimeoutError} code `timeout`: the other side took nothing for `timeoutMs` (`limits.sendMs`, 30 s).
   * @throws {CancelledError} code `cancelled`: by the signal. After its first byte has left this closes the link, for the
   * same reason; `outcome` is `"not-sent"` before.
   */
  sendFile(path: string, name: string, options: SendFileOptions = NO_OPTIONS): Promise<SentFile> {
    const wrong = checkFileCall("sendFile()", { path, name }, options);
    if (wrong !== undefined) return Promise.reject(wrong);
    return this.#slot.core?.files.send(path, name, options) ?? this.#notStarted();
  }

  /**
   * Asks the other side for its file `name`, and resolves when it is at `path`. Until it is whole it has another, hidden
   * name in the same directory; nothing of it is left when that fails.
   *
   * @throws {UsageTypeError} the dialect has no files, or an argument is wrong.
   * @throws {ParleyError} `exists`: there is a file at `path`, and the option `overwrite` is not set; `too_large`.
   * @throws {BrokenError} `no_such_path`, `permission`, `disk_full`, and as for `request`.
   * @throws {TimeoutError} code `timeout`: it did not begin to come within `timeoutMs` (`limits.requestMs`, 30 s). When it
   * stops coming for `limits.silenceMs` the link is given up, with the code `silent`.
   * @throws {CancelledError} code `cancelled`: by the signal. What still comes of the file is dropped.
   */
  getFile(name: string, path: string, options: GetFileOptions = NO_OPTIONS): Promise<ReceivedFile> {
    const wrong = checkFileCall("getFile()", { path, name }, options);
    if (wrong !== undefined) return Promise.reject(wrong);
    return this.#slot.core?.files.get(name, path, options) ?? this.#notStarted();
  }

  /**
   * All messages until the link ends: `for await (const message of peer) …`.
   *
   * What an `ask` or a `receive` waits for while the loop runs goes there and not into the loop.
   *
   * @param signal Ends the wait for the next message, and with it the loop; beside an `onReceive` the inbox then keeps
   * the latest 64 messages again.
   */
  // deno-lint-ignore no-explicit-any -- what comes is for the caller to know
  [Symbol.asyncIterator](signal?: AbortSignal): AsyncGenerator<any, void, void> {
    return this.#slot.core?.messages(signal) ?? nothing();
  }

  /** Ends the link after what was sent has left. Resolves with the reason, never rejects, may be called again. */
  close(): Promise<CloseReason> {
    return this.#slot.core?.close() ?? this.#slot.closed;
  }

  /** Closes the link at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close().then(() => {});
  }

  /** How the console shows a peer. */
  [Symbol.for("Deno.customInspect")](): string {
    return `Peer { ${this.address} ${this.dialect} ${this.isOpen ? "open" : "closed"} }`;
  }

  #notStarted(): Promise<never> {
    const text = `Client of ${this.#slot.address} is not connected: await its start() first`;
    const rejected = Promise.reject(new ClosedError("not_connected", text, { outcome: "not-sent" }));
    rejected.catch(() => {}); // as for `send`: who awaits it gets the error
    return rejected;
  }
}

const NO_OPTIONS = Object.freeze({});
/** Longer names would not fit into a row. */
const MAX_NAME_CHARS = 100;
const NO_ARGUMENTS: readonly unknown[] = Object.freeze([]);
/** What a link has carried that has not begun. */
export const NO_COUNTS: PeerCounts = Object.freeze({
  messagesIn: 0,
  messagesOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  lateAnswers: 0,
  duplicates: 0,
  faults: 0,
  dropped: 0,
  overflowed: 0,
});

function argumentList(args: unknown): readonly unknown[] {
  if (args === undefined) return NO_ARGUMENTS;
  return Array.isArray(args) ? args : [args];
}

function badName(name: unknown): UsageTypeError {
  return new UsageTypeError(
    `Cannot call ${JSON.stringify(name)}: the name of an action or a request is a text`,
  );
}

/** Checks the options of whatever only waits. @throws {UsageTypeError} @throws {UsageRangeError} */
export function checkWaitOptions(where: string, options: WaitOptions): void {
  checkOptions(where, options, OPTION_NAMES.wait);
  checkWait(where, options);
}

async function* nothing(): AsyncGenerator<never, void, void> {}

async function* failing(failure: Promise<never>): AsyncGenerator<never, void, void> {
  yield await failure;
}
