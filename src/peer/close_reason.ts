/**
 * Why a link ended: what `peer.closed` resolves with and `onDisconnect` gets.
 *
 * | `code` | what happened |
 * | --- | --- |
 * | `closed` | our side closed it |
 * | `eof` | the other side closed it, between two messages |
 * | `goodbye` | the other side said why it leaves, in `message` |
 * | `silent` | the other side gave no sign of life for `limits.silenceMs` |
 * | `limit` | we refused the link: too many peers |
 * | anything else | the code of `error`: `reset`, `truncated`, `too_large`, `not_native`, … |
 */
export class CloseReason {
  /** A stable word; see the table above. */
  readonly code: string;
  /** What people read. */
  readonly message: string;
  /** True when our side ended the link. */
  readonly byUs: boolean;
  /** What broke the link, when something did. */
  readonly error?: Error;
  /** True when the link may come back: the client tries again, or the server waits for that. */
  readonly willRetry: boolean;

  /** Made when a link ends. */
  constructor(
    code: string,
    message: string,
    options: { byUs: boolean; error?: Error; willRetry?: boolean },
  ) {
    this.code = code;
    this.message = message;
    this.byUs = options.byUs;
    this.willRetry = options.willRetry ?? false;
    if (options.error !== undefined) this.error = options.error;
    Object.freeze(this);
  }

  /** The same reason for a link that may come back, or may not. */
  retrying(willRetry: boolean): CloseReason {
    if (willRetry === this.willRetry) return this;
    return new CloseReason(this.code, this.message, { byUs: this.byUs, error: this.error, willRetry });
  }

  /** The message. */
  toString(): string {
    return this.message;
  }

  /** How the console shows a reason. */
  [Symbol.for("Deno.customInspect")](): string {
    return `CloseReason { ${this.code}: ${this.message} }`;
  }
}
