import type { ParleyError, ProtocolError } from "./errors.ts";
import type { Kwargs, RequestId } from "./message.ts";

/** What happened on a conversation. */
export type SessionEvent =
  /** The handshake is done: messages may flow. The first event of every conversation. */
  | { readonly kind: "ready" }
  /** A plain message; `bytes` is what it costs to keep. */
  | { readonly kind: "message"; readonly value: unknown; readonly bytes: number }
  | {
    readonly kind: "action";
    readonly name: string;
    readonly args: readonly unknown[];
    readonly kwargs?: Kwargs;
  }
  /** To be answered by `answer` or `fail` with this `id`. */
  | {
    readonly kind: "request";
    readonly id: RequestId;
    readonly name: string;
    readonly args: readonly unknown[];
    readonly kwargs?: Kwargs;
    readonly remainingMs: number;
  }
  /** A request of ours has its answer. */
  | { readonly kind: "answered"; readonly token: unknown; readonly value: unknown }
  /** A request of ours has failed, was refused, or has run out of time. */
  | { readonly kind: "failed"; readonly token: unknown; readonly error: ParleyError }
  /** Their bytes are wrong; after a fatal one the link has to close. */
  | { readonly kind: "fault"; readonly error: ProtocolError }
  /** The other side has announced that it closes the link. */
  | { readonly kind: "goodbye"; readonly code: string; readonly message: string }
  /** The other side has given no sign of life for too long: the link has to close. */
  | { readonly kind: "lost"; readonly code: string; readonly message: string };

/** What one conversation has carried so far. */
export interface SessionCounts {
  /** Messages of all kinds that came. */
  messagesIn: number;
  /** Messages of all kinds that were said. */
  messagesOut: number;
  /** Bytes that came. */
  bytesIn: number;
  /** Bytes that were taken to be written. */
  bytesOut: number;
  /** Answers that came when nobody waited for them any more. */
  lateAnswers: number;
  /** Frames that made no sense. */
  faults: number;
}
