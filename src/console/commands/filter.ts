import { escapeText } from "../../show/escape.ts";
import { linkNames } from "../link_choice.ts";
import { TrafficQuery } from "../traffic/traffic_query.ts";
import type { Command } from "./command.ts";

/** What a query may consist of, for `.filter` and `.find`. */
export const QUERY_HELP =
  `in, out                      the direction            link:psu       the link; link:psu,gate one of them
kind:action,request          what it is               peer:50012     part of the peer's address
some text, "some text"       part of what was said; capitals do not matter
/err(or)?/i                  a regular expression     not:…          the opposite of any of these`;

/** `.filter` */
export const filter: Command = {
  name: "filter",
  usage: "[query|off]",
  about: "show only what matches",
  help:
    `All of these have to hold. What is hidden is counted, and told from time to time; a log has it all the same.
${QUERY_HELP}
In hex only the first two rows of these matter. Messages are searched in their first 2000 characters.
Example:
  .filter in not:heartbeat`,
  words: (_before, { book }) => ["in", "out", "off", ...linkNames(book).map((name) => `link:${name}`)],
  run(text, { feed, book, print }) {
    const { views } = feed;
    const wanted = text === "" || text === "off" ? undefined : new TrafficQuery(text, linkNames(book));
    feed.flush();
    if (text === "" && views.filter === undefined) return print("No filter: everything is shown.");
    const hidden = views.takeHidden().toLocaleString("en-US");
    if (text === "") {
      return print(`Only ${escapeText(views.filter!.source)} is shown; ${hidden} lines were hidden.`);
    }
    const had = views.filter === undefined ? "" : ` (${hidden} lines were hidden)`;
    views.filter = wanted;
    print(
      wanted === undefined
        ? `Everything is shown${had}.`
        : `Only ${escapeText(wanted.source)} is shown${had}.`,
    );
  },
};
