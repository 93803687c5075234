import { escapeText } from "../../show/escape.ts";
import { linkNames } from "../link_choice.ts";
import { TRAFFIC_KINDS } from "../../../mod.ts";
import { TrafficQuery } from "../traffic/traffic_query.ts";
import type { Command } from "./command.ts";

/** What a query may consist of, for `.filter` and `.find`. */
export const QUERY_HELP =
  `in, out                      the direction            link:psu       the link; link:psu,gate one of them
kind:action,request          what it is               peer:50012     part of the peer's address
some text, "some text"       part of what was said; capitals do not matter
/err(or)?/i                  a regular expression     not:…          the opposite of any of these`;

/** What Tab offers of it. */
export function queryWords(linkNames: readonly string[]): string[] {
  return [...linkNames.map((name) => `link:${name}`), ...TRAFFIC_KINDS.map((kind) => `kind:${kind}`)];
}

/** `.filter` */
export const filter: Command = {
  name: "filter",
  usage: "[query|off]",
  about: "show only what matches",
  help:
    `All of these have to hold. What is hidden is counted, and told from time to time; a log has it all the same.
${QUERY_HELP}
Bytes in hex have no kind and no text: there only in, out, link: and peer: matter. Messages are searched in their first 2000 characters.
Example:
  .filter in not:heartbeat`,
  words: (_before, { book }) => ["in", "out", "off", ...queryWords(linkNames(book))],
  run(text, { feed, book, print }) {
    const { views } = feed;
    const wanted = text === "" || text === "off" ? undefined : new TrafficQuery(text, linkNames(book));
    book.endRows();
    feed.flush();
    if (text === "" && views.filter === undefined) return print("No filter: everything is shown.");
    const count = views.takeHidden();
    const hidden = `${count.toLocaleString("en-US")} ${count === 1 ? "line was" : "lines were"} hidden`;
    if (text === "") return print(`Only ${escapeText(views.filter!.source)} is shown; ${hidden}.`);
    const had = count === 0 ? "" : ` (${hidden})`;
    views.filter = wanted;
    print(
      wanted === undefined
        ? `Everything is shown${had}.`
        : `Only ${escapeText(wanted.source)} is shown${had}.${views.bytesNote}`,
    );
  },
};
