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
}

/** A call of a named action: nothing comes back. */
export interface ActionMessage {
  /** Tells the kinds of messages apart. */
  readonly kind: "action";
  /** What is called. */
  readonly name: string;
  /** The positional arguments. */
  readonly args: readonly unknown[];
  /** The named arguments, if there are any. */
  readonly kwargs?: Kwargs;
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
}

/** Anything that a dialect reads from or writes to the wire on behalf of users. */
export type Message = PlainMessage | ActionMessage | RequestMessage | AnswerMessage | FailureMessage;
