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

  /** Made when a link ends. */
  constructor(code: string, message: string, options: { byUs: boolean; error?: Error }) {
    this.code = code;
    this.message = message;
    this.byUs = options.byUs;
    if (options.error !== undefined) this.error = options.error;
    Object.freeze(this);
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
