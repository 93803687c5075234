import { escapeText } from "../../show/escape.ts";
import { linkNamed, linkNames } from "../link_choice.ts";
import type { Shell } from "../shell.ts";
import type { Command } from "./command.ts";

/** `.mute` */
export const mute: Command = {
  name: "mute",
  usage: "[link]",
  about: "hide what a link says",
  help: `Who comes, who leaves and what fails on it is shown all the same; a log has everything.
Example:
  .mute s`,
  words: (before, { book }) => before.length === 0 ? linkNames(book) : [],
  run(text, shell) {
    if (text !== "") {
      const link = linkNamed(shell.book, text);
      shell.feed.flush();
      shell.feed.views.mute(link);
    }
    shell.print(state(shell));
  },
};

/** `.unmute` */
export const unmute: Command = {
  name: "unmute",
  usage: "[link]",
  about: "show it again",
  help: `Tells how many lines were hidden meanwhile.
Example:
  .unmute`,
  words: (before, { feed, book }) =>
    before.length === 0 ? [...feed.views.muted].map((link) => book.nameOf(link)) : [],
  run(text, shell) {
    const { views } = shell.feed;
    shell.feed.flush();
    views.unmute(text === "" ? undefined : linkNamed(shell.book, text));
    const hidden = views.takeHidden();
    shell.print(
      `${state(shell)}${
        hidden === 0
          ? ""
          : ` ${hidden.toLocaleString("en-US")} ${hidden === 1 ? "line was" : "lines were"} hidden.`
      }`,
    );
  },
};

function state({ feed, book }: Shell): string {
  const names = [...feed.views.muted].map((link) => escapeText(book.nameOf(link)));
  return names.length === 0 ? "No link is muted." : `Muted: ${names.join(", ")}.`;
}
