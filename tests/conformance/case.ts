/**
 * What the table is made of: the types of its JSON. `docs/native-wire.md` explains them for people.
 *
 * @module
 */

/** A value in JSON, with tags such as `{ "$bytes": "00 ff" }` for what JSON cannot say; see `notation.ts`. */
export type Notation = unknown;

/** Bytes: hexadecimal, a frame, or something written out many times. */
export type Piece =
  | string
  | FrameNote
  | { readonly repeat: readonly Piece[]; readonly times: number }
  | { readonly text: string };

/** A frame by its fields. What is absent is 0 or empty; `length` and `kind` follow from the rest. */
export interface FrameNote {
  /** The name of the type, such as `"REQ"`, or its number. */
  readonly frame: string | number;
  /** The kind of the payload, flags included, where it is not what the payload says. */
  readonly kind?: number;
  readonly seq?: number;
  readonly id?: number;
  /** The length field, where it lies. */
  readonly length?: number;
  /** MSG and REQ: remaining time in milliseconds. */
  readonly ms?: number;
  /** MSG and REQ: the name, as text. */
  readonly name?: string;
  /** MSG and REQ: the name, as bytes. */
  readonly nameBytes?: readonly Piece[];
  /** REQ: the key, which also sets the flag 0x80. */
  readonly key?: string;
  /** REQ: sets the flag 0x40. */
  readonly stream?: boolean;
  /** The payload as one msgpack value (kind 1). */
  readonly value?: Notation;
  /** The payload as msgpack in hexadecimal (kind 1): for what no writer would write. */
  readonly msgpack?: readonly Piece[];
  /** The payload as bytes (kind 2). */
  readonly bytes?: readonly Piece[];
  /** The payload as text (kind 3). */
  readonly text?: string;
  /** In what is expected: the frame may also be left out. */
  readonly optional?: true;
  /** In what is expected: a payload of that many bytes, whichever they are (kind 2). */
  readonly anyBytes?: number;
  /** Everything behind the id, instead of the fields above. */
  readonly body?: readonly Piece[];
}

/** What the side under test has to tell its application. Fields that are absent must be absent. */
export type EventNote = Readonly<Record<string, Notation>> & { readonly event: string };

/** One thing that happens, and all that must follow from it before the next one. */
export interface Step {
  /** Bytes that arrive. */
  readonly in?: readonly Piece[];
  /** An act of the application, with its fields beside it. */
  readonly do?: string;
  /** The code of the error with which the act is refused; nothing is written then. */
  readonly throws?: string;
  /** Milliseconds that pass. */
  readonly tick?: number;
  /** The link ends, without a word. */
  readonly cut?: true;
  /** A new link comes up; the one before it may still be there. */
  readonly link?: true;
  /** What the application is told. Default nothing. */
  readonly events?: readonly EventNote[];
  /** What leaves, ACK left out. Default nothing. */
  readonly out?: readonly Piece[];
  /** What leaves on the link before this one, which is still up; not looked at when absent. */
  readonly old?: readonly Piece[];
  /** What leaves is not looked at: the link ends here, and a side may or may not say why. */
  readonly anyOut?: true;
  /** The `id` of the last ACK that has left on this link by the end of this step. */
  readonly acked?: number;
  readonly [field: string]: unknown;
}

/** One case of the table. */
export interface Case {
  readonly name: string;
  /** The side under test; a case for `"both"` runs once for each. */
  readonly role: "client" | "server" | "both";
  /** Which steps come first: a key of `preludes.json`, the role put before it. */
  readonly begin?: string;
  /** What it is about, and why. */
  readonly about: string;
  readonly options?: CaseOptions;
  readonly steps: readonly Step[];
}

/** How the side under test is set up. */
export interface CaseOptions {
  /** Limits by the names of the documentation. */
  readonly limits?: Readonly<Record<string, number>>;
  /** A client that offers `"resume"`. */
  readonly resume?: boolean;
  /** A server that refuses every client with this. */
  readonly refuse?: { readonly code: string; readonly message: string };
}

/** One file of the table. */
export interface CaseFile {
  readonly about: string;
  readonly cases: readonly Case[];
}
