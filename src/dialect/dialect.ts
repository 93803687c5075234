/**
 * What a dialect is: a wire language, that is a codec, what its frames mean, and how answers find their request.
 *
 * @module
 */
import type { Codec } from "../codec/codec.ts";
import { type ProtocolError, UsageTypeError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { BasicMessage, Message, RequestId } from "../message.ts";
import type { ReceiveBuffer } from "../receive_buffer.ts";
import type { SendBuffer } from "../send_buffer.ts";
import { converseInFrames } from "./frame_conversation.ts";

/** Which end of the link this is: the one that called, or the one that was called. */
export type Role = "client" | "server";

/** How answers find their request: by an id on the wire, by their order, or not at all. */
export type Correlation = "id" | "order" | "none";

/** What text dialects hand over: strings, or the bytes as they came. */
export type Payload = "text" | "bytes";

/** Why a link is refused or ended, in the words of the wire. */
export interface Refusal {
  /** A stable word such as `limit`. */
  readonly code: string;
  /** What people read. */
  readonly message: string;
}

/** What a dialect can do beyond messages, actions and requests. */
export type Ability =
  /** Messages and actions are acknowledged when they were handled. */
  | "ack"
  /** A request can be called off, and its deadline travels. */
  | "cancel"
  /** Answers in parts, with credit. */
  | "stream"
  /** Requests with a key are handled once. */
  | "key"
  /** The other side's handlers can be asked for. */
  | "describe"
  /** A session lives on when its link is lost: conversations have `suspend`. */
  | "resume"
  /** Files: conversations have `body`. */
  | "file"
  /** A message can travel in several ways: the option `mode` of `send`. */
  | "mode";

/** What a client that comes back says about the session it wants to go on with. */
export interface ResumeClaim {
  /** The name of the session, as the server gave it. */
  readonly sid: string;
  /** The run of the server that gave it. */
  readonly epoch: string;
  /** The number of the last frame that has arrived there. */
  readonly rx: number;
  /** The largest frame that the client takes, in bytes. */
  readonly maxFrameBytes: number;
}

/** What a server says to a client that wants to come in. */
export type Admission =
  /** It may not. */
  | { readonly refusal: Refusal }
  /** It comes back: another session takes the link over. */
  | { readonly moved: true }
  /** It may; `session` names the session and this run of the server, where one may go on with another link. */
  | { readonly session?: () => { readonly sid: string; readonly epoch: string } };

/** How a request of ours that has no answer is to be handled on a new link. */
export interface Repeat {
  /** The request. */
  readonly id: number;
  /** Its frame, when it is kept to be sent again; absent when it has not been sent yet. */
  readonly frame?: Uint8Array;
}

/** What the session gives to a conversation: where to write, and whom to tell. */
export interface DialectHost {
  /** Which end of the link this conversation is. */
  readonly role: Role;
  /** The bounds of the link. */
  readonly limits: Readonly<Limits>;
  /** What text dialects hand over. */
  readonly payload: Payload;
  /** What is written here leaves with the next write. */
  readonly output: SendBuffer;
  /** True when a session that loses its link is to go on with the next one. */
  readonly resumable: boolean;
  /** True when messages are handled one after the other for a conversation that says `isBusy`. */
  readonly oneByOne: boolean;
  /** Asked in the handshake of a server: whether the other side may come in. */
  admit(claim?: ResumeClaim): Admission;
  /** The handshake is done: messages may flow. Only called by dialects that set `handshake`. */
  ready(resumed?: { readonly replayed: number }): void;
  /** The link belongs to another session of the server; `rest` is what has come after the handshake. */
  moved(claim: ResumeClaim, rest: Uint8Array): void;
  /** A numbered frame has come a second time. */
  duplicate(): void;
  /**
   * How long our request `id` still has, in milliseconds, when it is sent again on a new link; `undefined` when it
   * is not to be: nobody waits for it any more, or it may have arrived and must not twice.
   */
  repeats(id: number, mayHaveArrived: boolean, now: number): number | undefined;
  /**
   * The session begins anew on another link: tells which of our requests are to be sent there, in order. Those in
   * `unsent` have never left; others have, and fail unless they may be repeated.
   */
  restart(unsent: ReadonlySet<number>): readonly Repeat[];
  /** A message has come; `bytes` is the size of its frame. */
  deliver(message: Message, bytes: number): void;
  /** Their bytes are wrong. After a fatal one the conversation is not called again. */
  fault(error: ProtocolError): void;
  /** The next bytes of the file whose message was delivered last. They are only good during the call. */
  body(bytes: Uint8Array): void;
  /**
   * The other side ends the link: it will close it, or with `leave` leaves that to us. Then the conversation's `close`
   * is called for the last words, and whatever still comes has to be ignored.
   */
  goodbye(code: string, message: string, leave?: boolean): void;
  /** The other side has been silent for `ms`, and has not answered when asked for a sign of life. */
  stale(ms: number): void;
  /** The other side has been silent for too long: the link has to close. */
  lost(code: string, message: string): void;
}

/**
 * The state of a dialect on one connection. Pure: no input or output, no timer; the time is passed in, in
 * milliseconds of a clock that never jumps.
 */
export interface Conversation {
  /** The link is up: say what has to be said first. */
  open?(now: number): void;
  /** Bytes have come: deliver every whole frame in `buffer`. Throws only {@linkcode ProtocolError}. */
  receive(buffer: ReceiveBuffer, now: number): void;
  /** No more bytes will come. Throws only {@linkcode ProtocolError}. */
  receiveEnd(buffer: ReceiveBuffer, now: number): void;
  /**
   * Writes one message to the host's output, whole or not at all.
   *
   * @throws {UsageTypeError} code `usage`: this dialect cannot say it. @throws {UsageRangeError} it is too large.
   */
  write(message: Message): void;
  /**
   * Takes the next bytes of the file whose message was written last. Until all of them are there, whatever else is
   * written waits behind them. Only dialects with the ability `file` have this.
   */
  body?(bytes: Uint8Array): void;
  /**
   * Bytes that were written and that the wire does not let go yet, such as those behind a file. They count as waiting
   * to be written, and a link is not closed before they have left.
   */
  readonly waitingBytes?: number;
  /**
   * The bytes of a plain message, for {@linkcode Conversation.writeEncoded}. Only where `write` may hold messages back;
   * elsewhere what `write` has written is taken back and given away. @throws what `write` throws.
   */
  encode?(message: Message): Uint8Array;
  /** Writes a plain message of bytes that a conversation of the same dialect has encoded; they stay as they are. */
  writeEncoded?(bytes: Uint8Array): void;
  /**
   * Only with the host's `oneByOne`, on wires where nothing but the order tells which answer belongs to what: true
   * while what has come waits until the callbacks of the message that was delivered last are done. Reading then stops
   * before much waits.
   */
  readonly isBusy?: boolean;
  /** They are done, or one of them asks for the next message: goes on with what has come. */
  proceed?(buffer: ReceiveBuffer, now: number): void;
  /** See {@linkcode Dialect.lingerMs}, which it goes before. */
  readonly lingerMs?: number;
  /** Everything that was said was handed to the system: for wires that want a pause from then on. */
  written?(now: number): void;
  /** Says goodbye on wires that have a word for it. */
  close?(code: string, message: string): void;
  /** The largest message that the other side takes, in bytes as they are written; absent when it has not said. */
  readonly maxMessageBytes?: number;
  /** True when `suspend` would keep the conversation for another link. */
  readonly isResumable?: boolean;
  /** True when so many numbered frames wait for their acknowledgement that no more should be written. */
  readonly isFull?: boolean;
  /** Bytes that are kept until the other side acknowledges them. */
  readonly keptBytes?: number;
  /** These bytes of the output are on their way now. They are only good during the call. */
  taken?(bytes: Uint8Array): void;
  /**
   * How long the other side takes to handle these bytes once they are on their way, in milliseconds, where it drops
   * what it has not handled when the link ends: a link is not closed before. At most `limits.closeMs` is waited.
   */
  handlingMs?(bytes: Uint8Array): number;
  /** The frame that was written last, as a copy, to be given back by the host's `restart`. */
  lastFrame?(): Uint8Array;
  /** Nobody waits for the answer to our request `id` any more: what is kept only for that need not be. */
  abandoned?(id: RequestId): void;
  /** The requests that were written while there was no link. */
  unsent?(): ReadonlySet<number>;
  /**
   * The link is gone. True when the conversation goes on with the next one: `open` is called again, or `resume`.
   * Otherwise it ends here.
   */
  suspend?(): boolean;
  /** What there is of a session that could go on with another link is given up: the next link begins anew. */
  forget?(): void;
  /** The client of a suspended session is back: answers its claim, and sends again what it has not received. */
  resume?(claim: ResumeClaim, now: number): void;
  /** When `tick` wants to be called, on the same clock; `Infinity` for never. */
  readonly nextTickAt?: number;
  /** The time has come: heartbeats and the like. `listening` is false while bytes are left unread on purpose. */
  tick?(now: number, listening: boolean): void;
}

/** A wire language. One object serves any number of connections; {@linkcode Dialect.converse} opens one of them. */
export interface Dialect {
  /** Its name, as in the `dialect` option. */
  readonly name: string;
  /** How answers find their request. */
  readonly correlation: Correlation;
  /** True when messages may only flow after the host's `ready()`. Default false. */
  readonly handshake?: boolean;
  /** True when a plain message has the same bytes on every connection, so that a broadcast encodes it once. */
  readonly uniform?: boolean;
  /** True when one wrong byte ends the link: on a serial line its bytes then travel in packets that are checked. */
  readonly isDelicate?: boolean;
  /** What it can do beyond messages, actions and requests. Default nothing. */
  readonly abilities?: readonly Ability[];
  /** The port where an address names none: `connect("tcp://10.0.0.5", { dialect: "leads" })`. */
  readonly port?: number;
  /** True when a server serves one peer at a time and the others wait for their turn, unless `maxPeers` is set. */
  readonly takesTurns?: boolean;
  /**
   * How long a link stays open once the last words were written, in milliseconds: for peers that drop what they have
   * read and not handled when the link ends. Default 0: until the other side closes as well, at most 200 ms.
   */
  readonly lingerMs?: number;
  /** True when a peer that ends its link with the code `shutdown` ends the server with it. */
  readonly mayShutDown?: boolean;
  /**
   * True when the wire has no word for a request that has failed: when `limits.maxHandling` of them are at work no more
   * are read, where they would be refused as `busy` otherwise.
   */
  readonly hasNoFailures?: boolean;
  /** What peers of this language do not answer, for the error of a request that got no answer in time. */
  readonly noAnswer?: string;
  /** Why a peer of this language may not answer the handshake, for the error that tells so. */
  readonly noHandshake?: string;
  /** Opens the conversation of one connection. */
  converse(host: DialectHost): Conversation;
}

/** What {@linkcode defineDialect} needs for one connection. */
export interface FrameLanguage<Frame> {
  /** Cuts the bytes of this connection into frames. */
  codec: Codec<Frame>;
  /**
   * What a frame means: a message, or `undefined` for frames that concern only the dialect. `reply` writes a
   * frame of the dialect's own, such as an acknowledgement.
   *
   * @throws {ProtocolError} the frame makes no sense; not fatal unless it says so.
   */
  read(frame: Frame, reply: (frame: Frame) => void): BasicMessage | undefined;
  /**
   * The frame for a message.
   *
   * @throws {UsageTypeError} this dialect cannot say it.
   */
  write(message: BasicMessage): Frame;
}

/** What {@linkcode defineDialect} takes. */
export interface DialectDefinition<Frame> {
  /** See {@linkcode Dialect.name}. */
  name: string;
  /** See {@linkcode Dialect.correlation}. */
  correlation: Correlation;
  /** See {@linkcode Dialect.uniform}. Default true. */
  uniform?: boolean;
  /** Called for each connection: codec and state are never shared between two of them. */
  open(host: Pick<DialectHost, "role" | "limits" | "payload">): FrameLanguage<Frame>;
}

/**
 * Makes a dialect out of a codec and the meaning of its frames.
 *
 * @example A language of numbers, one in each line
 * ```ts
 * import { connect, defineDialect, lines, listen } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const numbers = defineDialect<string>({
 *   name: "numbers",
 *   correlation: "none",
 *   open: ({ limits }) => ({
 *     codec: lines({ maxFrameBytes: limits.maxFrameBytes }),
 *     read: (line) => ({ kind: "message", value: Number(line) }),
 *     write: (message) => String(message.kind === "message" ? message.value : NaN),
 *   }),
 * });
 *
 * await using server = await listen("tcp://127.0.0.1:0", {
 *   dialect: numbers,
 *   onReceive: (n, peer) => peer.send(Number(n) * 2),
 * });
 * await using client = await connect(server.address, { dialect: numbers });
 * assert.equal(await client.ask(21), 42);
 * ```
 */
export function defineDialect<Frame>(definition: DialectDefinition<Frame>): Dialect {
  return {
    name: definition.name,
    correlation: definition.correlation,
    uniform: definition.uniform ?? true,
    converse: (host) => converseInFrames(definition.name, host, definition.open(host)),
  };
}

/** The error for a message that a dialect has no words for. */
export function cannotSay(dialect: string, message: Message, hint: string): UsageTypeError {
  const what = message.kind === "message"
    ? "this value"
    : `${message.kind === "action" || message.kind === "answer" ? "an" : "a"} ${
      message.kind.replace("-", " ")
    }`;
  return new UsageTypeError(`Cannot send ${what} in the dialect "${dialect}": ${hint}`);
}
