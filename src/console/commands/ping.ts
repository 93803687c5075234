import { Client, type Peer } from "../../../mod.ts";
import { Interrupted } from "../evaluator/interrupt.ts";
import { linkNamed, linkNames } from "../link_choice.ts";
import type { Link } from "../link_book.ts";
import { PingRun } from "../ping/ping_run.ts";
import { pingWay } from "../ping/ping_way.ts";
import { type Command, CommandError } from "./command.ts";

/** `.ping` */
export const ping: Command = {
  name: "ping",
  usage: "[link] [count]",
  about: "measure round-trip times",
  help:
    `Asks 10 times, or as often as a number says, with 100 ms between: every peer of the link, 32 at most. Shows least,
median, 99 of 100, greatest, how many had no answer in 2 s, and how often it took how long. Ctrl-C ends it with what
there is so far, and so does any key. Between two Parleys, and to a oneline server, it needs nothing more; elsewhere
say behind the count what to ask: the name of a request (clever-show), or a text that is answered, as in .ping psu 10 *IDN?
Example:
  .ping c 20`,
  words: (before, { book }) => before.length === 0 ? linkNames(book) : [],
  async run(text, { book, interrupt, print, showLive }) {
    const [, first = "", rest = ""] = /^(\S*)\s*([^]*)$/.exec(text) ?? [];
    const isNamed = first !== "" && !/^\d+$/.test(first);
    const link = linkNamed(book, isNamed ? first : undefined);
    const [, count = String(COUNT), given = ""] = /^(\d+(?=\s|$))?\s*([^]*)$/.exec(isNamed ? rest : text) ??
      [];
    if (Number(count) < 1 || Number(count) > MAX_COUNT) {
      throw new CommandError(
        `Cannot ping ${count} times: 1 to ${MAX_COUNT.toLocaleString("en-US")} is wanted`,
      );
    }
    const way = pingWay(link, given, `.ping ${book.nameOf(link)} ${count}`);
    const run = new PingRun({
      peers: peersOf(link, book.nameOf(link)),
      way: (peer, timeoutMs) => book.quietly(link, () => way(peer, timeoutMs)),
      count: Number(count),
    });
    try {
      if (showLive !== undefined) return await showLive(run);
      await interrupt.race(run.over).catch((error) => {
        if (!(error instanceof Interrupted)) throw error;
      });
      print(run.lines().join("\n"));
    } finally {
      run.stop();
      await run.over;
    }
  },
};

/** @throws {CommandError} there is nobody. */
function peersOf(link: Link, name: string): readonly Peer[] {
  const peers = link instanceof Client ? (link.isOpen ? [link] : []) : [...link.peers];
  if (peers.length > 0) return peers.slice(0, MAX_PEERS);
  throw new CommandError(
    `Cannot ping ${name}: ${link instanceof Client ? "it is not connected" : "nobody is connected to it"}`,
  );
}

const COUNT = 10;
const MAX_COUNT = 100_000;
/** As many as fit on a screen. */
const MAX_PEERS = 32;
