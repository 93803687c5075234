/**
 * The language of socket-oneline: commands and answers in lines.
 *
 * @module
 */
import type { Dialect } from "../dialect.ts";
import type { OptionCheck } from "../option_check.ts";
import { TEXT_ENCODINGS, type TextEncoding } from "../text_encoding.ts";
import { ClientConversation } from "./client_conversation.ts";
import { ServerConversation } from "./server_conversation.ts";

/** What {@linkcode oneline} takes. */
export interface OnelineOptions {
  /**
   * The dialect `oneline`: how a server reads commands, and what a client may send.
   *
   * - `"utf-8"` (default): all of Unicode. Bytes that are no UTF-8 are left out, and `invalid` is true.
   * - `"ascii"`: as the original server, which leaves out every character beyond ASCII, and `invalid` is true; a
   *   client refuses such a command, since the original would obey what is left of it.
   * - `"latin-1"`: one byte a character.
   *
   * Answers are UTF-8 either way.
   */
  encoding?: TextEncoding;
  /**
   * The dialect `oneline`: true to let every client end a server with the command `shutdown`. Default false: the
   * connection is closed, as the client expects, and `onFail` hears of it.
   */
  allowShutdown?: boolean;
}

/** What the options of {@linkcode oneline} have to be. */
export const ONELINE_OPTIONS: Readonly<Record<keyof OnelineOptions, OptionCheck>> = Object.freeze({
  encoding: TEXT_ENCODINGS,
  allowShutdown: Object.freeze([true, false]),
});

/**
 * The language of socket-oneline, at both ends: `connect` is its client, `listen` its server.
 *
 * ```text
 * CLIENT SENDS      SERVER
 * ping LF           answers pong LF; a client is connected when its first ping is answered
 * disconnect LF     closes this connection, and serves the next client
 * shutdown LF       closes, and ends when it allows that
 * text LF           onReceive(text, peer, { invalid }): each peer.send(line) there is an answer, any number or none
 * ```
 *
 * Only LF ends a line: CR belongs to the text, an empty line is a command. `ask(command)` resolves with the next
 * answer, `receive()` gives further ones; white space at both ends of an answer is dropped, as the original does.
 * With the option `payload: "bytes"` both ends hand over lines as they came. A line above `limits.maxFrameBytes` is
 * reported to `onFail` and passed over.
 *
 * A server serves one client at a time and the next one after it, unless `maxPeers` says otherwise. Send nothing
 * before the first command: the original client takes it for the answer to its ping.
 *
 * Answers do not say what they answer: one that comes after its `ask` has timed out is taken for the next one's, here
 * as in the original. Where they have to match, close the link after a timeout.
 *
 * What the original does badly and this does not. It takes no notice of a client that leaves without `disconnect`, and
 * serves nobody any more; it ends when it writes an answer to a client that has left: so `close` says that word, also
 * where no pong has come, and waits up to 3 s for the server to close. (A client that gives up waiting for its turn may
 * still end an original server that comes to it later: where others may hold it, wait with `limits.handshakeMs`.) A
 * server here gives the place of a client away that is gone, whatever its end, and goes on after a callback that
 * throws, which `onFail` hears. A client hears at once that the server has gone, instead of an empty answer after 3 s.
 * After `shutdown` nobody can connect any more, where the original's port takes clients in and is silent.
 *
 * A server looks at the next command when the callbacks are done with the last one, asynchronous ones included, so that
 * answers and pongs come in the order of the commands, as the original's do.
 *
 * @param options `encoding`, and `allowShutdown` for servers.
 */
export function oneline({ encoding = "utf-8", allowShutdown = false }: OnelineOptions = {}): Dialect {
  return {
    name: "oneline",
    correlation: "none",
    handshake: true,
    uniform: true,
    takesTurns: true,
    mayShutDown: allowShutdown,
    noHandshake: "a oneline server serves one client at a time, and may be busy with another: " +
      "wait longer with limits: { handshakeMs }, or try again when that one has left",
    converse: (host) =>
      host.role === "client"
        ? new ClientConversation(host, encoding)
        : new ServerConversation(host, { encoding, allowShutdown }),
  };
}
