import { cannotSay, type Dialect } from "../dialect.ts";
import { converseInFrames } from "../frame_conversation.ts";
import type { OptionCheck } from "../option_check.ts";
import { HEADER_BYTES, LENGTH_AT } from "./block.ts";
import { BlockCodec, type Content } from "./block_codec.ts";

/** What {@linkcode serpy2} takes. */
export interface Serpy2Options {
  /**
   * The dialect `serpy2`: for how long the bytes of one block may pause before it is given up, and what has come of it
   * searched for other blocks, in milliseconds, from 1 to 60,000. Default 5000.
   */
  pauseMs?: number;
}

/** What the options of {@linkcode serpy2} have to be. */
export const SERPY2_OPTIONS: Readonly<Record<keyof Serpy2Options, OptionCheck>> = Object.freeze({
  pauseMs: {
    wanted: "a whole number of milliseconds from 1 to 60000",
    test: (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 60_000,
  },
});

/**
 * The language of serpy2 (Arthur Luciani's serpy, its second protocol): typed values, each a block with a checksum,
 * over TCP or a serial line. Every block is one message.
 *
 * | Python  | sent for                                                       | arrives as                        |
 * | ------- | -------------------------------------------------------------- | --------------------------------- |
 * | `int`   | whole numbers up to 2^53 - 1, bigints up to 64 bits             | a number; beyond 2^53 - 1 a bigint |
 * | `float` | all other numbers, -0, and what {@linkcode float} marks as such | a number                          |
 * | `str`   | text                                                           | text                              |
 * | `bytes` | `Uint8Array`                                                   | `Uint8Array`                      |
 *
 * A `3.0` arrives as the number 3, and is sent back as the int 3 unless it is `float(3)`. Nothing else can be sent, and
 * there are no names, answers or acknowledgements: `send`, `ask`, `onReceive` and `receive` are what there is.
 *
 * What programs with the Python module do, and what is done here:
 *
 * - A type that they do not know, text that is no UTF-8, or a float that is none silences them for good. Here it is a
 *   fault that is not fatal (`bad_type`, `bad_text`, `bad_float`), and the next block is read.
 * - They drop a block with a wrong checksum without a word; here it is a fault, `bad_checksum`. Where they lose all
 *   that they have read, here the next block is searched (`bad_mark`). The checksum is a plain sum: it does not notice
 *   bytes that have changed places.
 * - They believe every length. Here one above `limits.maxFrameBytes` is the fault `too_large`, and the next block is
 *   searched behind its header; so what such a block carries is read as blocks, should there be any in it. A block whose
 *   bytes stop coming is given up after `pauseMs` (`truncated`), and the good ones that it has swallowed are read then.
 * - They handle one block in 10 ms when several come at once, and drop what they have not handled when the link ends:
 *   `close` gives them that time, `limits.closeMs` at most (5 s, enough for 400 blocks; raise it to send more and close).
 *   Likewise, their answer to the last of 1000 blocks comes after 10 s.
 * - Their `close()` throws away what they have not sent, and there is no word for the end: the link just ends (`eof`).
 * - Their server accepts `nb_conn` + 1 connections (6), stops accepting for good with the next one, and leaves those
 *   that it has connected, unanswered, in its backlog. Nothing on the wire tells of it: `ask` runs out of time.
 */
export function serpy2({ pauseMs = PAUSE_MS }: Serpy2Options = {}): Dialect {
  return {
    name: "serpy2",
    correlation: "none",
    uniform: true,
    lingerMs: LINGER_MS,
    converse(host) {
      const conversation = converseInFrames<Content>("serpy2", host, {
        codec: new BlockCodec(host.limits.maxFrameBytes, pauseMs),
        read: ({ value }) => ({ kind: "message", value }),
        write: (message) => {
          if (message.kind === "message") return { value: message.value };
          throw cannotSay("serpy2", message, "it only has messages; use send or ask");
        },
      });
      return Object.assign(conversation, { handlingMs: (bytes: Uint8Array) => BLOCK_MS * blocksIn(bytes) });
    },
  };
}

/** No network pauses that long inside a block and goes on. */
const PAUSE_MS = 5000;
/** How long an original takes for one of many blocks, in milliseconds: 10.3 were measured. */
const BLOCK_MS = 12;
/** How long it takes besides, to read them and to hand over the last one: four loops one behind the other sleep for 10. */
const LINGER_MS = 60;

/** How many blocks there are in bytes that we have written. */
function blocksIn(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = 0; at < bytes.length; count++) at += HEADER_BYTES + view.getUint32(at + LENGTH_AT, true);
  return count;
}
