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
  readonly kind: "message";
  readonly value: unknown;
}

/** A call of a named action: nothing comes back. */
export interface ActionMessage {
  readonly kind: "action";
  readonly name: string;
  readonly args: readonly unknown[];
  readonly kwargs?: Kwargs;
}

/** A call of a named request: exactly one answer or failure comes back. */
export interface RequestMessage {
  readonly kind: "request";
  readonly name: string;
  readonly args: readonly unknown[];
  readonly kwargs?: Kwargs;
  /** Absent on wires that match by order. */
  readonly id?: RequestId;
  /** How long the caller still waits, in milliseconds; 0 or absent when the wire does not say. */
  readonly remainingMs?: number;
}

/** The answer to a request. */
export interface AnswerMessage {
  readonly kind: "answer";
  readonly id?: RequestId;
  readonly value: unknown;
}

/** The error answer to a request. */
export interface FailureMessage {
  readonly kind: "failure";
  readonly id?: RequestId;
  /** A stable word such as `"not_found"` or `"handler_failed"`. */
  readonly code: string;
  readonly message: string;
}

/** Anything that a dialect reads from or writes to the wire on behalf of users. */
export type Message = PlainMessage | ActionMessage | RequestMessage | AnswerMessage | FailureMessage;
