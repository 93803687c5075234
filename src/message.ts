/**
 * What can be said on a link, whatever its dialect.
 *
 * @module
 */

/** How a request and its answer find each other: a number on dialects that count, text where the wire has text. */
export type RequestId = number | string;

/** Named values beside the positional ones. */
export type Kwargs = Record<string, unknown>;

/** One value for the other side, without a name: what `send` sends and `onReceive` gets. */
export interface PlainMessage {
  /** Tells the kinds of messages apart. */
  readonly kind: "message";
  /** What was said: anything that the dialect can carry. */
  readonly value: unknown;
  /** Set when the sender wants to hear that it was handled: answered like a request. */
  readonly id?: RequestId;
  /** With `id`: how long the sender still waits, in milliseconds; 0 or absent when the wire does not say. */
  readonly remainingMs?: number;
  /** How it is to travel, on wires that have several ways: the option `mode` of `send`. */
  readonly mode?: number;
  /**
   * True when it has come as bytes that are no valid text: what could not be read was replaced or left out. Also for a
   * pickle that is not read.
   */
  readonly invalid?: boolean;
}

/** A call of a named action: nothing comes back, unless it has an `id`. */
export interface ActionMessage {
  /** Tells the kinds of messages apart. */
  readonly kind: "action";
  /** What is called. */
  readonly name: string;
  /** The positional arguments. */
  readonly args: readonly unknown[];
  /** The named arguments, if there are any. */
  readonly kwargs?: Kwargs;
  /** Set when the sender wants to hear that it was handled: answered like a request. */
  readonly id?: RequestId;
  /** With `id`: how long the sender still waits, in milliseconds; 0 or absent when the wire does not say. */
  readonly remainingMs?: number;
}

/** A call of a named request: exactly one answer or failure comes back. */
export interface RequestMessage {
  /** Tells the kinds of messages apart. */
  readonly kind: "request";
  /** What is called. */
  readonly name: string;
  /** The positional arguments. */
  readonly args: readonly unknown[];
  /** The named arguments, if there are any. */
  readonly kwargs?: Kwargs;
  /** Absent on wires that match by order. */
  readonly id?: RequestId;
  /** How long the caller still waits, in milliseconds; 0 or absent when the wire does not say. */
  readonly remainingMs?: number;
  /** Calls with the same key are handled once. */
  readonly key?: string;
  /** With `key`: stands for name and arguments, to tell a repetition from another call under the same key. */
  readonly digest?: number;
  /** True when the caller takes the answer in parts. */
  readonly stream?: boolean;
}

/** The answer to a request. */
export interface AnswerMessage {
  /** Tells the kinds of messages apart. */
  readonly kind: "answer";
  /** The request that it answers; absent on wires that match by order. */
  readonly id?: RequestId;
  /** The answer. */
  readonly value: unknown;
}

/** The error answer to a request. */
export interface FailureMessage {
  /** Tells the kinds of messages apart. */
  readonly kind: "failure";
  /** The request that it answers; absent on wires that match by order. */
  readonly id?: RequestId;
  /** A stable word such as `"not_found"` or `"handler_failed"`. */
  readonly code: string;
  /** What people read. */
  readonly message: string;
  /** How long to wait before trying again, in milliseconds, where the other side has said so. */
  readonly retryAfterMs?: number;
}

/** Nobody waits for the answer to a request any more. */
export interface CancelMessage {
  /** Tells the kinds of messages apart. */
  readonly kind: "cancel";
  /** The request. */
  readonly id: RequestId;
}

/** The next part of a streaming answer. */
export interface PartMessage {
  /** Tells the kinds of messages apart. */
  readonly kind: "part";
  /** The request that it answers. */
  readonly id: RequestId;
  /** The part. */
  readonly value: unknown;
}

/** The reader of a streaming answer has room for more of it. */
export interface CreditMessage {
  /** Tells the kinds of messages apart. */
  readonly kind: "credit";
  /** The request. */
  readonly id: RequestId;
  /** How many bytes more, counted as the frames of the parts. */
  readonly bytes: number;
}

/** A file begins: its bytes follow as the body, and nothing else until all of them are there. */
export interface FileMessage {
  /** Tells the kinds of messages apart. */
  readonly kind: "file";
  /** The name that the sender gives it: where to write it. Empty where it answers a request for a file. */
  readonly name: string;
  /** How many bytes follow. */
  readonly size: number;
  /** The {@linkcode FileRequestMessage} that it answers; absent for a file that is sent unasked. */
  readonly id?: RequestId;
}

/** The other side is to send a file: a {@linkcode FileMessage} with this `id` comes back. */
export interface FileRequestMessage {
  /** Tells the kinds of messages apart. */
  readonly kind: "file-request";
  /** The file, as the side that has it names it. */
  readonly name: string;
  /** To be given back with the file. */
  readonly id: RequestId;
}

/** What the reader of a streaming answer takes before it grants more, in bytes of frames. */
export const INITIAL_CREDIT_BYTES = 256 * 1024;

/** What every dialect may be asked to say, and what those made with `defineDialect` are. */
export type BasicMessage = PlainMessage | ActionMessage | RequestMessage | AnswerMessage | FailureMessage;

/** Anything that a dialect reads from or writes to the wire on behalf of users. */
export type Message =
  | BasicMessage
  | CancelMessage
  | PartMessage
  | CreditMessage
  | FileMessage
  | FileRequestMessage;
