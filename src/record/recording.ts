/**
 * What a recording tells, once it is read: links, their connections, and what passed on each.
 *
 * @module
 */
import type { MaskedPlace } from "./masked_piece.ts";
import type { SerialSettings } from "../transport/serial/serial_settings.ts";
import type { Direction, Traffic } from "../peer/traffic.ts";

export type { MaskedPlace };

/** Bytes that passed on a link. A piece is no message: how a stream was cut says nothing. */
export interface RecordedBytes {
  /** Tells it from what was said. */
  readonly kind: "bytes";
  /** When it passed, in milliseconds since the recording was started. */
  readonly ms: number;
  /** `out` was said by whoever recorded, `in` was said to them. */
  readonly direction: Direction;
  /** The bytes of the piece. */
  readonly bytes: Uint8Array;
  /** Where in them `*` stand for a secret, in order. */
  readonly masked?: readonly MaskedPlace[];
  /** The line of the file that tells of it, from 1. */
  readonly line: number;
}

/** What bytes have meant, in the words of the dialect. */
export interface RecordedSaid {
  /** Tells it from bytes. */
  readonly kind: "said";
  /** When it was said, in milliseconds since the recording was started. */
  readonly ms: number;
  /** What was said; its value is missing where it was too large to be told twice. */
  readonly traffic: Traffic;
  /** Set when the value was too large for the recording: this many characters as JSON. */
  readonly omitted?: number;
  /** The line of the file that tells of it, from 1. */
  readonly line: number;
}

/** How a connection has ended. */
export interface RecordedEnd {
  /** In milliseconds since the recording was started. */
  readonly ms: number;
  /** True when whoever recorded has ended it. */
  readonly byUs: boolean;
  /** Why, for people. */
  readonly reason: string;
}

/** One connection of a link: from its first byte, or from when it was recorded, until it was lost or closed. */
export interface RecordedConnection {
  /** Who was connected, on the link of a server. */
  readonly peer?: string;
  /** When it began, in milliseconds since the recording was started. */
  readonly ms: number;
  /** What passed, in order. */
  readonly entries: readonly (RecordedBytes | RecordedSaid)[];
  /** How it ended; absent where the recording ended first. */
  readonly end?: RecordedEnd;
}

/** Everything that was recorded of one link. */
export interface RecordedLink {
  /** What it was called, such as the variable that held it. */
  readonly name: string;
  /** Its address as it was given. */
  readonly address: string;
  /** Which end the recording side was: it connected (`client`), or it was connected to (`server`). */
  readonly role: "client" | "server";
  /** The name of the dialect that was spoken. */
  readonly dialect: string;
  /** How a serial line was set, where that is not as it is by default. */
  readonly settings?: SerialSettings;
  /** Its connections, in the order in which they began. */
  readonly connections: readonly RecordedConnection[];
}

/** A recording that was read: see `docs/recording.md` for the format. */
export interface Recording {
  /** What it was read from. */
  readonly path: string;
  /** When it was started. */
  readonly started: Date;
  /** What was recorded, in the order in which it was told of. */
  readonly links: readonly RecordedLink[];
  /** How many whole lines it has, the header included. */
  readonly lines: number;
  /** What is wrong with its end, in one line: its last line is cut. Everything before is there. */
  readonly problem?: string;
}
