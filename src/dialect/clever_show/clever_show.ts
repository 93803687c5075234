/**
 * The language of clever-show, which ground stations and drones of a show speak to each other.
 *
 * @module
 */
import type { Ability, Dialect } from "../dialect.ts";
import type { OptionCheck } from "../option_check.ts";
import { CleverShowConversation, NAME } from "./conversation.ts";

/** Options of `connect` and `listen` for the dialect `clever-show`. */
export interface CleverShowOptions {
  /**
   * The dialect `clever-show`, clients with `reconnect`: true to ask again, on the new link, what had no answer when the
   * last one was lost. Nobody there can tell that it is asked a second time, so this is for requests that may be handled
   * twice. Default false: they fail with
   * `disconnected` (`unknown_outcome` with `resume`), also those with `resend: "always"` of their own unless `resume` is
   * on. (In the original it is on.)
   */
  resend?: boolean;
  /**
   * The dialect `clever-show`, clients with `reconnect`: true to say on the new link what was said and had not left when
   * the last one was lost. Then and with `resend`, requests may be made while there is no link. Default false.
   */
  resume?: boolean;
  /**
   * The dialect `clever-show`: what the original calls the machine it runs on, for programs that are ported from it.
   * There `"pi"` gives each file that was received to the user `pi`, by a line of shell with the file's name in it. Here
   * it changes nothing: files belong to the user that the program runs as. Default `"computer"`.
   */
  whoami?: "computer" | "pi";
}

/** What the options have to be. */
export const CLEVER_SHOW_OPTIONS: Readonly<Record<keyof CleverShowOptions, OptionCheck>> = Object.freeze({
  resend: [true, false],
  resume: [true, false],
  whoami: ["computer", "pi"],
});

/**
 * The language of clever-show (`lib/messaging.py`, 2062940): actions, requests with answers and files, both ways. The
 * port is 25000, where an address names none.
 *
 * A message is two bytes of length (big endian), a header in JSON, and a content of as many bytes as the header says.
 * JSON is Python's: `NaN` and infinities are words of it, integers have any length (`bigint` beyond 2^53), whole numbers
 * are ints: `float(1)` is `1.0`. `send` and `ask` have nothing to say here: there are no plain messages.
 *
 * | call | what goes over the wire |
 * | --- | --- |
 * | `action(name, args, { kwargs })` | `message`, with `action: name` |
 * | `request(name, args, { kwargs })` | `request`; its answer is a `response` with the same id |
 * | `sendFile(path, name)` | `message` of `filetransfer`, `filepath: name` |
 * | `getFile(name, path)` | `request` of `filetransfer`; the file is the `response` |
 *
 * How it differs from the original, by the numbers of its quirks:
 *
 * 1. What we cannot answer is told to `onFail`, since the wire has no error answers; every request of ours has a time
 *    limit, and its error says what the original does not answer. Handlers have `limits.requestMs` (30 s) too: an
 *    answer that takes longer needs more of it, though an original waits for ever.
 * 2. A message that makes no sense is reported and passed over where its length is known; the original closes the link.
 *    An answer that is no JSON fails at its handler, and the link lives.
 * 3. A content of `null` is reported; the original takes the next message for the content.
 * 4. Ids are given out in turn, and none that is in use; the 10,001st unanswered request is refused with `busy`.
 * 5. An answer under another name than its request's is reported, and the request waits on.
 * 6. `args: null` is read as no arguments. With `resend`, ours are asked again with the arguments they had.
 * 7. Words and numbers that JSON does not have: see above.
 * 8. Files come and go in a directory that was shared for it, and nowhere else. See `whoami` for the shell.
 * 9. `args` other than a list, `kwargs` other than an object are reported.
 * 10. A header has at most 65,535 bytes. A content in JSON has `limits.maxFrameBytes`; a longer one is passed over,
 *     and ends the link from 64 MiB on. Files have any length, and are never held in memory.
 * 11. `close` waits until what was said has left.
 * 12. Messages may come in any pieces. 13. Files may be empty. 14. No other port is opened.
 *
 * While a file is on its way nothing else is: what is said meanwhile waits behind it. An original server keeps one
 * connection for each address; here every connection is a peer of its own. Silent links: TCP's own probes are on, but
 * Deno has no way to set them to the 1 s, 3 s and 5 tries of the original, so a dead link is found when something is
 * sent; a request now and then with a short `timeoutMs` finds it sooner.
 */
export function cleverShow({ resend = false, resume = false }: CleverShowOptions = {}): Dialect {
  return {
    name: NAME,
    correlation: "id",
    abilities: ABILITIES,
    isDelicate: true,
    hasNoFailures: true,
    port: 25_000,
    noAnswer:
      "clever-show peers do not answer unknown names, nor when a handler fails or a file cannot be read",
    converse: (host) => new CleverShowConversation(host, { resend, resume }),
  };
}

const ABILITIES: readonly Ability[] = Object.freeze(["file"]);
