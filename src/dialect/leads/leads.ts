/**
 * The dialect `leads`: messages that end with a separator, as the LEADS vehicles speak over TCP and serial lines.
 *
 * @module
 */
import { UsageTypeError } from "../../errors.ts";
import type { Dialect } from "../dialect.ts";
import type { OptionCheck } from "../option_check.ts";
import { LeadsConversation } from "./conversation.ts";
import { MAX_GAP_MS } from "./pace.ts";
import { LeadsWords } from "./words.ts";

/** What {@linkcode leads} takes. */
export interface LeadsOptions {
  /**
   * The dialect `leads`: what ends a message, text or 1 to 64 bytes, the same at both ends. Default `";"`. Towards the
   * original it has to be a single byte: of a longer one the original delivers the rest as another message.
   */
  separator?: string | Uint8Array;
  /**
   * The dialect `leads`: the pause between bursts, in milliseconds, 0 to 60,000. The original reads 512 bytes at a time
   * and takes what stands behind the first message in them for whole messages; so no more than 512 bytes of whole
   * messages leave before a pause. A message by itself never waits. Default 10, until 64 KiB wait: then all of it
   * leaves as it is, since whoever says so much is too fast for an original either way, and goes on without pauses
   * until there is one. On a busy machine 10 ms were enough for all of 15,000 messages sent in loops; without a pause
   * 130 of 1000 were cut. A network that delays bytes by more than that, or a slow `on_receive`, needs more.
   *
   * So more than 50 KB a second comes up to 1.5 s late. A pause that is given is always kept; `close` keeps pauses for half
   * of `limits.closeMs`, then the rest leaves as it is. 0 is for two Parleys that have much to say: nothing ever waits.
   */
  gapMs?: number;
  /**
   * The dialect `leads`: the tag of a device, such as `"WSC"`. Whoever listens with it is that device: a message `ic` is
   * answered with the tag and is not handed over. Who calls `serial("auto", { identity })` looks for the device: see
   * `serial`.
   */
  identity?: string;
}

/** What the options of {@linkcode leads} have to be. */
export const LEADS_OPTIONS: Readonly<Record<keyof LeadsOptions, OptionCheck>> = Object.freeze({
  separator: {
    wanted: "a text or a Uint8Array of 1 to 64 bytes",
    test: (value) => {
      const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
      return bytes instanceof Uint8Array && bytes.length >= 1 && bytes.length <= 64;
    },
  },
  gapMs: {
    wanted: `a whole number of milliseconds from 0 to ${MAX_GAP_MS}`,
    test: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_GAP_MS,
  },
  identity: {
    wanted: 'a text of at least one character, such as "WSC"',
    test: (value) => typeof value === "string" && value !== "",
  },
});

/**
 * The language of LEADS (`leads.comm`, `leads_comm_serial`): a message is any bytes followed by the separator, `;` by
 * default. There is no length, no escaping, no greeting and no sign of life. The message `disconnect` ends the link:
 * whoever gets it says it as well, and closes; what stands behind it is thrown away.
 *
 * Messages are handed over as text, empty ones too; `details.invalid` is true for one that is no UTF-8. With
 * `payload: "bytes"` they are `Uint8Array`. Text, `Uint8Array`, numbers, bigints and booleans are sent; a message that
 * holds the separator would become two, and one that is `disconnect` would end the link: both are refused.
 *
 * Where the original is in trouble, this is not, on the same wire:
 *
 * | the original | here |
 * | --- | --- |
 * | delivers a message in two parts when 512 bytes end in it | it is put together; towards the original see `gapMs` |
 * | steps over one byte of a separator | over all of it |
 * | does not notice a stream that ends, and spins | a disconnection, with the reason `eof`, or `truncated` |
 * | takes messages of any length | `limits.maxFrameBytes`, 1 MiB; what is longer is reported and passed over |
 * | takes any number of clients, whatever `max_connection` says | `maxPeers`, 1024 |
 * | listens on all interfaces | where the address says, `tcp://:16900` is this machine |
 * | tells every other client when it closes | all of them; and as a client takes a plain end for a disconnection |
 * | delivers parts and empty messages when a serial line is silent | waits for the rest |
 *
 * Not copied, since the wire does not show it: that a port is refused for a while after the end (it is taken again at
 * once), that nobody can be sent to within `on_connect` (they can), and that a client can be started once only. The
 * debug service on a serial line (`sobd`) is plain messages: send `pwd=…` and `dbl=…`; anything else makes it answer
 * with its log, joined by LF.
 *
 * @throws {UsageTypeError} code `usage`: the identity holds the separator, or is `disconnect`.
 *
 * @example
 * ```ts
 * import { connect, listen } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * await using box = await listen("tcp://127.0.0.1:0", {
 *   dialect: "leads",
 *   onReceive: (message, car) => car.send(`seen ${message}`),
 * });
 * await using car = await connect(box.address, { dialect: "leads" });
 * assert.equal(await car.ask("speed=12.5"), "seen speed=12.5");
 * ```
 */
export function leads(options: LeadsOptions = {}): Dialect {
  const { separator = ";", gapMs, identity } = options;
  const words = new LeadsWords(separator);
  if (identity !== undefined) checkIdentity(words, identity);
  return {
    name: "leads",
    correlation: "none",
    uniform: true,
    port: 16_900,
    converse: (host) => new LeadsConversation(host, words, gapMs, identity),
  };
}

/** @throws {UsageTypeError} an answer that cannot be said. */
function checkIdentity(words: LeadsWords, identity: string): void {
  try {
    words.encode(identity, Infinity);
  } catch (error) {
    const why = (error as Error).message.replace(/^.*?: /, "");
    throw new UsageTypeError(`Cannot use ${JSON.stringify(identity)} as "identity": ${why}`);
  }
}
