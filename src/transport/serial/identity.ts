/**
 * Which device is at the other end of a serial line: it is asked `ic`, and answers with its tag.
 *
 * @module
 */
import { UsageRangeError, UsageTypeError } from "../../errors.ts";

/** Options of `serial` for devices that tell who they are, as those of LEADS do. */
export interface IdentityOptions {
  /**
   * The tag of the device that is wanted, such as `"WSC"`. The port is asked `ic`, and it is the right one when the
   * answer begins with the tag. With `serial("auto", …)` all ports are asked, together; those that are in use are left
   * alone, and those that answer something else are closed again, set as they were. The dialect is `leads` then.
   */
  identity?: string;
  /** With `identity`: what ends the question and the answer. Default `";"`. */
  separator?: string | Uint8Array;
  /**
   * With `identity`: how long a device may take to answer, in milliseconds, 1 to 60,000. It is asked again twice a
   * second meanwhile, since many boards begin anew when their port is opened. Default 3000.
   */
  identityMs?: number;
}

/** What a device is asked, and what it has to say. */
export interface WantedIdentity {
  readonly tag: string;
  /** The bytes of the question, with the separator. */
  readonly question: Uint8Array;
  readonly separator: Uint8Array;
  readonly waitMs: number;
}

/**
 * The identity that is wanted, if any.
 *
 * @throws {UsageTypeError} it is no text. @throws {UsageRangeError} the time is out of range.
 */
export function wantedIdentity(options: IdentityOptions): WantedIdentity | undefined {
  const { identity: tag, separator = ";", identityMs = DEFAULT_WAIT_MS } = options;
  if (tag === undefined) {
    if (options.identityMs === undefined) return undefined;
    throw new UsageTypeError(`Cannot use "identityMs" without "identity": nothing is asked`);
  }
  if (typeof tag !== "string" || tag === "") {
    throw new UsageTypeError(
      `Cannot use ${JSON.stringify(tag)} as "identity": a text of at least one character is wanted`,
    );
  }
  if (!Number.isInteger(identityMs) || identityMs < 1 || identityMs > MAX_WAIT_MS) {
    throw new UsageRangeError(
      `Cannot use ${identityMs} as "identityMs": a whole number from 1 to ${MAX_WAIT_MS} is wanted`,
    );
  }
  const mark = typeof separator === "string" ? new TextEncoder().encode(separator) : separator;
  if (!(mark instanceof Uint8Array) || mark.length === 0) {
    throw new UsageTypeError(
      `Cannot use this "separator": a text or a Uint8Array of 1 to 64 bytes is wanted`,
    );
  }
  const question = Uint8Array.from([...new TextEncoder().encode(QUESTION), ...mark]);
  return { tag, question, separator: mark, waitMs: identityMs };
}

/** Looks for the tag in what a device says: whole messages, the first of which may have begun before we listened. */
export class AnswerSearch {
  readonly #wanted: WantedIdentity;
  #bytes: Uint8Array = new Uint8Array(0);
  /** The first message that was something else, for people. */
  #other: string | undefined;

  constructor(wanted: WantedIdentity) {
    this.#wanted = wanted;
  }

  /** What the device has said instead, as far as is worth telling; `undefined` when it was silent. */
  get heard(): string | undefined {
    const said = this.#other ?? text(this.#bytes);
    return said === "" ? undefined : said.slice(0, MAX_SHOWN_CHARS);
  }

  /** True when it is another device. What has no separator behind it may be a board that boots. */
  get isOther(): boolean {
    return this.#other !== undefined;
  }

  /** Takes what has come. The answer with its separator, and what stands behind it, once it is there. */
  add(chunk: Uint8Array): { readonly answer: Uint8Array; readonly rest: Uint8Array } | undefined {
    const { separator, tag } = this.#wanted;
    const bytes = new Uint8Array(this.#bytes.length + chunk.length);
    bytes.set(this.#bytes);
    bytes.set(chunk, this.#bytes.length);
    this.#bytes = bytes;
    for (;;) {
      const end = indexOf(this.#bytes, separator);
      if (end === -1) break;
      const message = text(this.#bytes.subarray(0, end));
      const rest = this.#bytes.slice(end + separator.length);
      // Behind noise, or the rest of a message from before: the tag may stand behind a separator of ours only.
      if (message.startsWith(tag)) return { answer: this.#bytes.slice(0, end + separator.length), rest };
      if (message !== "") this.#other ??= message;
      this.#bytes = rest;
    }
    // A stream of anything, such as another protocol: it may say the tag in its next message.
    if (this.#bytes.length > MAX_KEPT_BYTES) {
      this.#other ??= text(this.#bytes);
      this.#bytes = this.#bytes.slice(-separator.length);
    }
    return undefined;
  }
}

function indexOf(bytes: Uint8Array, mark: Uint8Array): number {
  for (let at = bytes.indexOf(mark[0]); at !== -1; at = bytes.indexOf(mark[0], at + 1)) {
    if (at + mark.length > bytes.length) return -1;
    if (mark.every((byte, offset) => bytes[at + offset] === byte)) return at;
  }
  return -1;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

const QUESTION = "ic";
const DEFAULT_WAIT_MS = 3000;
const MAX_WAIT_MS = 60_000;
/** An answer is a short word: what is longer than this is none. */
const MAX_KEPT_BYTES = 4096;
/** Of what another device has said, for an error message. */
const MAX_SHOWN_CHARS = 40;
