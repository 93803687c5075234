import { escapeText } from "../../show/escape.ts";
import { suggestionOrAll } from "../../suggestion.ts";
import type { Link } from "../link_book.ts";
import { linkNamed, linkNames } from "../link_choice.ts";
import type { Shell } from "../shell.ts";
import { TRAFFIC_FORMATS, type TrafficFormat } from "../traffic/traffic_format.ts";
import { type Command, CommandError } from "./command.ts";

/** `.format` */
export const format: Command = {
  name: "format",
  usage: "[js|text|json|hex|raw] [link]",
  about: "how: js text json hex raw",
  help: `js    as code would have it (default)
text  text and bytes without quotes; what is no glyph is visible, as \\x1b
json  one line of JSON; bytes are {"$bytes": "<base64>"}, big integers {"$bigint": "…"}
hex   the bytes on the wire, in rows with offsets; a pause of 25 ms ends a row
raw   text and bytes as they are: whoever is at the other end can then drive your terminal
Example:
  .format json`,
  words: (before, { book }) =>
    before.length === 0 ? TRAFFIC_FORMATS : before.length === 1 ? linkNames(book) : [],
  run(text, shell) {
    if (text !== "") {
      const [name, ...rest] = text.split(/\s+/);
      const found = TRAFFIC_FORMATS.find((each) => each === name);
      if (found === undefined || rest.length > 1) {
        const near = suggestionOrAll(name, TRAFFIC_FORMATS);
        throw new CommandError(
          found === undefined ? `No format "${name}"${near}` : "Cannot do that: one link is wanted",
        );
      }
      set(shell, found, rest.length === 0 ? undefined : linkNamed(shell.book, rest[0]));
    }
    shell.print(state(shell));
  },
};

/** `.hex` */
export const hex: Command = {
  name: "hex",
  usage: "[on|off] [link]",
  about: "show the bytes on the wire",
  help: `The bytes on the wire, as they come and go, with how many went before them without a pause.
Without on or off it changes to the other. See .format for what else there is.
Example:
  .hex on`,
  words: (before, { book }) =>
    before.length === 0 ? ["on", "off"] : before.length === 1 ? linkNames(book) : [],
  run(text, shell) {
    const words = text === "" ? [] : text.split(/\s+/);
    const how = words[0] === "on" || words[0] === "off" ? words.shift() : undefined;
    if (words.length > 1) throw new CommandError(`Cannot do ".hex ${text}": .hex [on|off] [link] is wanted`);
    const link = words.length === 0 ? undefined : linkNamed(shell.book, words[0]);
    const { views } = shell.feed;
    const isOn = (link === undefined ? views.format : views.formatOf(link)) === "hex";
    set(shell, (how === undefined ? !isOn : how === "on") ? "hex" : "js", link);
    shell.print(state(shell));
  },
};

function set({ feed, book }: Shell, wanted: TrafficFormat, link: Link | undefined): void {
  book.endRows();
  feed.flush(); // what was said before stands there as it was shown then
  feed.views.setFormat(wanted, link);
  book.followFormats();
}

function state({ feed: { views }, book }: Shell): string {
  const own = [...views.formats].map(([link, each]) => `, ${escapeText(book.nameOf(link))} as ${each}`);
  const isRaw = views.format === "raw" || [...views.formats.values()].includes("raw");
  const warning = isRaw ? "\nRaw: what a peer sends can now drive this terminal; .format js ends that." : "";
  return `Messages are shown as ${views.format}${own.join("")}.${views.bytesNote}${warning}`;
}
