import type { CloseReason } from "./close_reason.ts";

/**
 * What happens to a link, in the order in which it happens: what `onEvent` gets. `onConnect`, `onDisconnect` and
 * `onFail` tell the same to those who only want that much.
 */
export type LinkEvent =
  /** Messages may flow. `resumed` when the session goes on that the last link carried, `first` on the first link. */
  | { readonly kind: "up"; readonly first: boolean; readonly resumed: boolean }
  /** The other side has been silent for `ms`, and has not answered when asked for a sign of life. */
  | { readonly kind: "stale"; readonly ms: number }
  /** The link is lost or closed. `willRetry` when it is being restored, or may be by the other side. */
  | { readonly kind: "down"; readonly reason: CloseReason; readonly willRetry: boolean }
  /**
   * The next attempt to restore the link is in `inMs`; `error` is what the last one failed with. `attempt` counts those
   * in a row, links that were lost at once without a message included.
   */
  | { readonly kind: "retry"; readonly attempt: number; readonly inMs: number; readonly error?: Error }
  /** The session goes on: `replayed` frames were sent again, `duplicates` have come twice so far and were dropped. */
  | { readonly kind: "resumed"; readonly replayed: number; readonly duplicates: number }
  /** The session could not go on: the calls in `unknown` may or may not have been handled, and have failed. */
  | { readonly kind: "reset"; readonly unknown: readonly string[] }
  /** Messages were left out because the other side does not read: the option `overflow` is `"drop-oldest"`. */
  | { readonly kind: "drop"; readonly count: number }
  /**
   * A file that was put into a shared directory is whole and at its place (`received`), or one that was asked for has
   * left (`served`). `name` is what the other side calls it, `path` where it is here.
   */
  | {
    readonly kind: "file";
    readonly how: "received" | "served";
    readonly name: string;
    readonly path: string;
    readonly size: number;
  };

/** How a link has come up: what `onConnect` gets beside the peer. */
export interface Connection {
  /** True for the first link of this client or peer. */
  readonly first: boolean;
  /** True when the session goes on that the last link carried: nothing that was acknowledged is lost. */
  readonly resumed: boolean;
}
