import { eventLine } from "../event_line.ts";
import { linkNames } from "../link_choice.ts";
import type { Shell } from "../shell.ts";
import { searchedText } from "../traffic/said.ts";
import { TextSearch } from "../traffic/text_search.ts";
import type { TrafficEntry } from "../traffic/traffic_book.ts";
import { TrafficQuery } from "../traffic/traffic_query.ts";
import { clockTime } from "../../show/stamps.ts";
import { type Command, CommandError } from "./command.ts";
import { QUERY_HELP, queryWords } from "./filter.ts";

/** `.find` */
export const find: Command = {
  name: "find",
  usage: "query [last:50]",
  about: "look back in what was said",
  help:
    `Searches the latest 10,000 messages of all links, 16 MiB at most, also those that were not shown, in their first
2000 characters. All of these have to hold; last:200 shows up to so many of what is found, the newest last.
${QUERY_HELP}
Example:
  .find "error" link:s`,
  words: (_before, { book }) => ["in", "out", "last:200", ...queryWords(linkNames(book))],
  run(text, shell) {
    const [, count = String(SHOWN)] = /(?:^|\s)last:(\d+)(?=\s|$)/.exec(text) ?? [];
    const wrong = /(?:^|\s)(last:(?!\d+(?:\s|$))\S*)/.exec(text)?.[1];
    if (wrong !== undefined) {
      throw new CommandError(`Cannot use ${wrong}: a number is wanted, such as last:200`);
    }
    const source = text.replace(/(^|\s)last:\d+(?=\s|$)/, "").trim();
    if (source === "") {
      throw new CommandError("Cannot find nothing: write what to look for, such as .find error");
    }
    shell.feed.flush();
    const entries = shell.book.traffic.entries();
    const found = entriesFor(new TrafficQuery(source, linkNames(shell.book)), entries, shell);
    const shown = found.slice(Math.max(0, found.length - Math.min(Number(count), MAX_SHOWN)));
    const lines = shown.map((entry) => line(entry, shell));
    const { total } = shell.book.traffic;
    const kept = total > entries.length ? ` kept of ${total.toLocaleString("en-US")}` : "";
    const all = shown.length === found.length
      ? ""
      : `, the last ${shown.length.toLocaleString("en-US")} shown`;
    const of = `${entries.length.toLocaleString("en-US")} messages${kept}`;
    shell.print([...lines, `${found.length.toLocaleString("en-US")} found in ${of}${all}.`].join("\n"));
  },
};

function entriesFor(query: TrafficQuery, entries: readonly TrafficEntry[], { book }: Shell): TrafficEntry[] {
  const suited = entries.filter(({ link, peer, traffic: { direction, kind } }) =>
    query.suits({ name: book.nameOf(link), peer: peer.address, direction, kind })
  );
  if (!query.wantsText) return suited;
  const texts = suited.map(({ traffic }) => searchedText(traffic));
  const { found, tooSlow } = new TextSearch().find(query, texts, MAX_PATTERN_MS);
  if (tooSlow !== undefined) {
    const ms = MAX_PATTERN_MS.toLocaleString("en-US");
    const help = "write it without a repetition in a repetition, or narrow the search with link: or kind:";
    throw new CommandError(
      `Given up: ${tooSlow} has taken more than ${ms} ms for ${found.size} messages; ${help}`,
    );
  }
  return suited.filter((_, index) => found.has(index));
}

function line({ at, link, peer, traffic, isOwn }: TrafficEntry, { book, feed }: Shell): string {
  const format = feed.views.formatOf(link);
  return eventLine({ kind: "traffic", at, link, peer, traffic, isOwn }, {
    name: book.nameOf(link),
    stamp: clockTime(new Date(at)),
    colors: false,
    format: format === "raw" || format === "hex" ? "js" : format,
  });
}

/** So many are shown: what was found last is most often what was looked for. */
const SHOWN = 50;
/** So many at most, whatever is asked for. */
const MAX_SHOWN = 1000;
/** How long a regular expression may take, in milliseconds. */
const MAX_PATTERN_MS = 2000;
