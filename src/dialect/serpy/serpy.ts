import type { Ability, Dialect } from "../dialect.ts";
import type { OptionCheck } from "../option_check.ts";
import { TEXT_ENCODINGS, type TextEncoding } from "../text_encoding.ts";
import { SerpyConversation } from "./conversation.ts";
import { type Mode, MODES } from "./mode.ts";

/** What {@linkcode serpy} takes. */
export interface SerpyOptions {
  /**
   * The dialect `serpy`: the mode of messages that are sent without one, 0 to 5. Default 0: text as it is, without an
   * acknowledgement.
   */
  mode?: Mode;
  /** The dialect `serpy`: how text stands on the wire, at both ends. Default `"ascii"`. */
  encoding?: TextEncoding;
}

/** What the options of {@linkcode serpy} have to be. */
export const SERPY_OPTIONS: Readonly<Record<keyof SerpyOptions, OptionCheck>> = Object.freeze({
  mode: MODES,
  encoding: TEXT_ENCODINGS,
});

/**
 * serpy (the first one, ArthurLuciani/serpy, folder `serpy`), as both its `Connection` and its `Server` speak it.
 *
 * **The wire.** A block is bytes followed by 1f; empty blocks are skipped. Blocks that begin with 01 are commands:
 * `SETMODE<digit>` (from now on my blocks are in that mode), its answer `ACKMODCG`, and `ACKEOT!!`, the answer to each
 * message in mode 1, 3 or 5. Each direction begins in mode 0.
 *
 * | mode | block | answered | arrives as |
 * | --- | --- | --- | --- |
 * | 0, 1 | the text; in 1 with 04 behind it | in 1 | string, in `encoding` |
 * | 2, 3 | base 85 (RFC 1924); in 3 with 04 behind it | in 3 | `Uint8Array` |
 * | 4, 5 | base 85 of a Python pickle; in 5 with 04 behind it | in 5 | the value |
 *
 * **Sending.** `send(value, { mode, ack: true, timeoutMs })`. Without `mode` the option `mode` counts; with `ack` 1, 3, 5
 * stand for 0, 2, 4. Bytes that were to go out in another mode go out in 2 or 3, and what is neither text, a number nor
 * bytes in 4 or 5, as serpy does. Numbers are written as Python's `str()`. Text and numbers in mode 4 and 5 are pickled
 * as the bytes of their text, and arrive so (quirk 2): only what stands in a list or an object arrives as it is. An
 * object is a `dict`, a list a `list`; a whole number is an `int`, `float(3)` is `3.0`.
 *
 * A change of mode waits for its answer, and a message in mode 1, 3 or 5 for its acknowledgement, before the next one
 * leaves; messages wait here meanwhile. What was not answered within `limits.ackMs` (10 s; an original that is idle
 * takes up to 0.25 s, quirk 12) ends the link: with the code `no_mode` (quirk 8), or `unsure` for an acknowledgement,
 * since a late one could not be told from the next (quirk 9). A caller whose `timeoutMs` ends before that gets a
 * `TimeoutError`, and the link waits on: nothing else is sent until that acknowledgement has come. A link that ends
 * before the acknowledgement came fails the call (quirk 10). A message is acknowledged when it has arrived whole and
 * makes sense, not when it was handled.
 *
 * What an original would not survive or would lose is refused with the way out: text with 1f, in mode 1 with 04, or
 * with 01 at its front (quirks 4 to 6); an empty message in mode 0 or 2 (quirk 3).
 *
 * **Receiving.** Pickles are never run (quirk 1): a reader of plain data takes numbers, text, bytes, lists, tuples,
 * dicts, sets, `None` and booleans. A pickle that names anything else is handed over as its bytes, with `invalid`
 * in `onReceive(bytes, peer, { invalid })`, and `onFail` hears what it names; of many at once it hears of some. With
 * `payload: "bytes"` text and pickles are handed over as their bytes always. A dict whose keys are all text is an object,
 * unless `__proto__` is among them; in the `Map` that any other becomes, keys that are lists or bytes are only found by
 * going through it, and a NaN that stands there twice once. Whatever ends a thread of an original (quirks 5 and 7) is dropped, not acknowledged, and reported to `onFail`; mode 6 to 9 is acknowledged,
 * reported, and what is said in it dropped, as an original does. In mode 0 a block that begins with 01 and is no
 * command arrives without the 01, as there (quirk 6).
 *
 * **The end.** There is no word for it. An original drops what it has read and not handled when the link ends, so that
 * a link stays open for 0.3 s after the last words, and longer after a burst: 5.5 ms and 1 ms for each 4 KiB of every
 * message that is not acknowledged (quirk 11; at most `limits.closeMs` more), unless the other side closes before. What
 * waits for an answer leaves first, within `limits.closeMs`. On the next link of `reconnect: true` the modes begin anew. Those of an original with
 * `auto_restart` do not: what it is told, and says, on its next link is garbled until the mode changes, by an original
 * server too; so let such a client use one mode only.
 *
 * Quirks 13 to 15 of an original (queues of ten, connections that nobody fetches, threads that close stdin) have no
 * counterpart: an inbox that is full stops the reading, and `maxPeers` bounds a server. A burst of messages needs no
 * pace: an original that is busy stops reading, and TCP holds the rest.
 *
 * @param options `mode` (0) and `encoding` (`"ascii"`).
 */
export function serpy({ mode = 0, encoding = "ascii" }: SerpyOptions = {}): Dialect {
  return {
    name: "serpy",
    correlation: "none",
    uniform: false, // how a message is said depends on what was said before
    abilities: ABILITIES,
    lingerMs: LINGER_MS,
    converse: (host) => new SerpyConversation(host, mode, encoding),
  };
}

const ABILITIES: readonly Ability[] = Object.freeze(["ack", "mode"]);
/** How long a peer that was idle may need: three queues, each looked at every 50 ms, and as much again. */
const LINGER_MS = 300;
