/**
 * What the server tells the page and the page the server, as JSON. Only types: both sides have them.
 *
 * @module
 */

/** What can be done with a link by hand. */
export type Doing = "send" | "ask" | "action" | "request";

/** One end of a link that something can be sent to. */
export interface PagePeer {
  readonly id: number;
  readonly address: string;
}

/** A link as it is now. */
export interface PageLink {
  readonly id: number;
  readonly name: string;
  readonly kind: "client" | "server" | "serial";
  /** With the settings of a serial port. */
  readonly address: string;
  readonly dialect: string;
  readonly state: string;
  /** True while something can be sent. */
  readonly isOpen: boolean;
  /** Of a server: the first of its peers. */
  readonly peers: readonly PagePeer[];
  readonly peerCount: number;
  /** Peers whose link is lost and that may come back. */
  readonly waiting: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Frames that made no sense. */
  readonly faults: number;
  /** Messages that were not sent because the other side was too slow for them. */
  readonly unsent: number;
  /** In milliseconds since 1970. */
  readonly openedAt?: number;
  /** What its dialect can say, the usual first. */
  readonly doings: readonly Doing[];
}

/** Something that was said, or with the kind `bytes` a piece of what went over the wire. Values as `plainValue` makes them. */
export interface PageSaid {
  /** Its number; what is on the wire has none. */
  readonly seq?: number;
  /** In milliseconds since 1970. */
  readonly at: number;
  /** The link by its number, and its name at that time. */
  readonly link: number;
  readonly linkName: string;
  /** The address of the peer. */
  readonly peer: string;
  readonly direction: "in" | "out";
  readonly kind: string;
  /** How many bytes it is on the wire. */
  readonly bytes: number;
  readonly name?: string;
  readonly value?: unknown;
  readonly args?: readonly unknown[];
  readonly kwargs?: unknown;
  readonly code?: string;
  readonly size?: number;
  /** How long after its request an answer came. */
  readonly ms?: number;
  /** True when the value is longer than what is here. */
  readonly isCut: boolean;
}

/** One line of the stream. */
export interface PageBatch {
  /** What the server's clock shows, in milliseconds since 1970. */
  readonly at: number;
  readonly links?: readonly PageLink[];
  readonly said?: readonly PageSaid[];
  /** How much was said since the last batch and is not in this one. */
  readonly skipped?: number;
}

/** Something to be sent. */
export interface SendOrder {
  readonly link: number;
  /** One peer of a server; without it all of them, where that can be. */
  readonly peer?: number;
  readonly doing: Doing;
  /** What `content` is. */
  readonly format: "text" | "json" | "hex";
  /** The message; of an action or a request its arguments, as JSON separated by commas. */
  readonly content: string;
  /** What is put behind a text. */
  readonly ending: string;
  /** Of an action or a request. */
  readonly name: string;
}

/** What came of it. */
export interface SendResult {
  readonly ok: boolean;
  /** Why not, or what was done. */
  readonly text: string;
  /** The answer. */
  readonly value?: unknown;
  readonly isAnswer?: boolean;
}

/** An action or a request that somebody at the other end offers. */
export interface PageHandler {
  readonly kind: "action" | "request";
  readonly name: string;
  readonly parameters: readonly string[];
  readonly description: string;
}
