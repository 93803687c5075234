import { type Peer, RemoteError, Server } from "../../../mod.ts";
import { CommandError } from "../commands/command.ts";
import type { Link } from "../link_book.ts";

/** Makes one round trip to a peer. Rejects when nothing has come back. */
export type PingWay = (peer: Peer, timeoutMs: number) => Promise<void>;

/**
 * How a round trip to the peers of this link is made.
 *
 * @param given What to say, where the dialect has no word that every peer answers: the name of a request, or a text.
 * @throws {CommandError} nothing is given, and the dialect has no such word; the message says what to write.
 */
export function pingWay(link: Link, given: string, command: string): PingWay {
  const { dialect } = link;
  if (given !== "") return REQUESTING.has(dialect) ? request(given) : ask(given);
  if (dialect === "native") return describe;
  if (dialect === "oneline" && !(link instanceof Server)) return ask("ping");
  const example = REQUESTING.has(dialect)
    ? "the name of a request that it answers"
    : "a text that it answers, such as *IDN?";
  throw new CommandError(
    `Cannot ping in the dialect "${dialect}": it has no word that everybody answers; write ${command} and ${example}`,
  );
}

/** Every peer answers this one: with its list, or that it keeps it to itself. */
const describe: PingWay = (peer, timeoutMs) => answered(peer.describe({ timeoutMs }));

function request(name: string): PingWay {
  return (peer, timeoutMs) => answered(peer.request(name, [], { timeoutMs }));
}

function ask(text: string): PingWay {
  return async (peer, timeoutMs) =>
    void await peer.ask(peer.dialect === "raw" ? bytesOf(text) : text, { timeoutMs });
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** An error is an answer as well. */
async function answered(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
  }
}

/** The dialects that have requests with answers. */
const REQUESTING: ReadonlySet<string> = new Set(["native", "clever-show"]);
