/**
 * What a session tells its driver.
 *
 * @module
 */
import type { ResumeClaim } from "./dialect/dialect.ts";
import type { ParleyError, ProtocolError } from "./errors.ts";
import type { Kwargs, RequestId } from "./message.ts";

/** What happened on a conversation. */
export type SessionEvent =
  /** The handshake of a link is done: messages may flow. `replayed` and `duplicates` count frames, after a resume. */
  | {
    readonly kind: "ready";
    readonly resumed: boolean;
    readonly replayed: number;
    readonly duplicates: number;
  }
  /** A plain message; `bytes` is what it costs to keep. With an `id` it is to be answered once it was handled. */
  | {
    readonly kind: "message";
    readonly value: unknown;
    readonly bytes: number;
    readonly id?: RequestId;
    readonly remainingMs?: number;
    /** Its bytes were no valid text. */
    readonly invalid?: boolean;
  }
  /** With an `id` it is to be answered once it was handled. */
  | {
    readonly kind: "action";
    readonly name: string;
    readonly args: readonly unknown[];
    readonly kwargs?: Kwargs;
    readonly id?: RequestId;
    readonly remainingMs?: number;
  }
  /** To be answered by `answer` or `fail` with this `id`. An empty `name` asks for the list of handlers. */
  | {
    readonly kind: "request";
    readonly id: RequestId;
    readonly name: string;
    readonly args: readonly unknown[];
    readonly kwargs?: Kwargs;
    readonly remainingMs: number;
    readonly key?: string;
    readonly digest?: number;
    readonly stream?: boolean;
  }
  /** Nobody waits for the answer to their request `id` any more. */
  | { readonly kind: "cancel"; readonly id: RequestId }
  /** The reader of our streaming answer `id` has room for so many bytes more. */
  | { readonly kind: "credit"; readonly id: RequestId; readonly bytes: number }
  /** A request of ours has its answer. */
  | { readonly kind: "answered"; readonly token: unknown; readonly value: unknown }
  /** A request of ours has the next part of its answer; `bytes` is what it takes off the credit. */
  | { readonly kind: "part"; readonly token: unknown; readonly value: unknown; readonly bytes: number }
  /** A request of ours has failed, was refused, or has run out of time. */
  | { readonly kind: "failed"; readonly token: unknown; readonly error: ParleyError }
  /**
   * A file begins: `size` bytes follow in events `body`. With `token` it answers a request for a file of ours; `late`
   * when it answers one that nobody waits for any more.
   */
  | {
    readonly kind: "file";
    readonly name: string;
    readonly size: number;
    readonly token?: unknown;
    readonly late?: boolean;
  }
  /** The next bytes of the file that began last; they may be kept. */
  | { readonly kind: "body"; readonly bytes: Uint8Array }
  /** The other side wants a file: to be answered by `file` with this `id`. */
  | { readonly kind: "file-request"; readonly id: RequestId; readonly name: string }
  /** The link is new, and the session could not be resumed on it: what was under way is named in `unknown`. */
  | { readonly kind: "reset"; readonly unknown: readonly string[] }
  /** The other side comes back to another session of this server: that one takes the link over, with `rest`. */
  | { readonly kind: "moved"; readonly claim: ResumeClaim; readonly rest: Uint8Array }
  /** Their bytes are wrong; after a fatal one the link has to close. */
  | { readonly kind: "fault"; readonly error: ProtocolError }
  /** The other side has announced that it closes the link, or with `leave` that we are to. */
  | { readonly kind: "goodbye"; readonly code: string; readonly message: string; readonly leave?: boolean }
  /** The other side has given no sign of life for `ms`, and not answered when asked for one. */
  | { readonly kind: "stale"; readonly ms: number }
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
  /** Answers that came when nobody waited for them any more, or never did. */
  lateAnswers: number;
  /** Numbered frames that came a second time, and were dropped. */
  duplicates: number;
  /** Frames that made no sense. */
  faults: number;
}
