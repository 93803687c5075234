import type { CloseReason, Direction, LinkEvent, Peer, SerialClient } from "../../mod.ts";
import type { RowPiece } from "../show/byte_rows.ts";
import type { Link } from "./link_book.ts";
import type { TrafficEntry } from "./traffic/traffic_book.ts";

/** Something that happened on a link, as one line tells it. */
export type FeedEvent =
  & { readonly link: Link }
  & (
    | { readonly kind: "listening" }
    /** A link is up: `replayed` frames were sent again, or a new session has begun and `unknown` calls have failed. */
    | {
      readonly kind: "up";
      readonly peer: Peer;
      readonly first: boolean;
      readonly replayed?: number;
      readonly unknown?: readonly string[];
    }
    /** Something was said. */
    | ({ readonly kind: "traffic" } & Omit<TrafficEntry, "seq" | "at">)
    /** Bytes went over the wire, of a link that is shown in rows of them. */
    | { readonly kind: "bytes"; readonly peer: Peer; readonly piece: RowPiece<Direction> }
    /** Of the text that comes on a serial line, `percent` is none: its rate may be wrong. */
    | { readonly kind: "garbled"; readonly link: SerialClient; readonly percent: number }
    | { readonly kind: "stale"; readonly peer: Peer; readonly ms: number }
    | { readonly kind: "drop"; readonly peer: Peer; readonly count: number }
    | (LinkEvent & { readonly kind: "file" } & { readonly peer: Peer })
    /** `isTold` when an event before this one has told of the reason's error, `gaveUp` after attempts to come back. */
    | {
      readonly kind: "down";
      readonly peer: Peer;
      readonly reason: CloseReason;
      readonly isTold: boolean;
      readonly gaveUp: boolean;
    }
    /** `isNew` when the error is not the one that the attempt before has failed with. */
    | {
      readonly kind: "retry";
      readonly attempt: number;
      readonly inMs: number;
      readonly error: Error;
      readonly isNew: boolean;
    }
    | { readonly kind: "fail"; readonly peer?: Peer; readonly error: Error }
  );

/** An event and when it happened, in milliseconds since 1970. */
export type TimedEvent = FeedEvent & { readonly at: number };
