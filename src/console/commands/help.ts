import { escapeText } from "../../show/escape.ts";
import { screenSize, USUAL_SIZE } from "../../show/screen_size.ts";
import { frontPage } from "../help/front_page.ts";
import { peerPage } from "../help/peer_page.ts";
import { findTopic, nearTopic, type Topic } from "../help/topic.ts";
import { Reference } from "../reference/reference.ts";
import type { Shell } from "../shell.ts";
import { type Command, CommandError } from "./command.ts";

/** `.help` */
export const help: Command = {
  name: "help",
  usage: "[command|name]",
  about: "this page, or more of one thing",
  help:
    `A command, a function or a type of Parley, an option, or anything of yours: how it is called, what it does, its
options with their defaults, an example. Of a link: where it leads, and what can be called over there.
"listen?" and "?listen" are the same as ".help listen".
Example:
  .help save
  .help listen
  .help requestMs`,
  takesNames: true,
  words: (before, { commands }) => before.length === 0 ? commands.map(({ name }) => name) : [],
  async run(text, shell) {
    const { columns, rows } = screenSize() ?? USUAL_SIZE;
    if (text === "") return shell.print(frontPage(shell.commands, { columns, rows }));
    const asked = text.replace(/^\?+\s*|(?:\(\s*\))?[?;]*$/g, "");
    const command = shell.commands.find((each) => each.name === asked.replace(/^\./, ""));
    if (command !== undefined) {
      shell.print(`.${command.name} ${command.usage}`.trimEnd() + `\n  ${command.about}\n\n${command.help}`);
      if (asked.startsWith(".")) return;
    }
    const reference = await Reference.load();
    if (command !== undefined && !reference.names.includes(asked)) return; // else a function of the same name
    const topic = findTopic(asked, reference, columns, globalThis);
    if (topic === undefined) {
      const names = shell.commands.map(({ name }) => name);
      const near = nearTopic(asked, reference, globalThis, names) || "; .help shows what there is";
      throw new CommandError(`Nothing is known of "${escapeText(asked)}"${near}`);
    }
    const page = escapeText(topic.page, { keepNewlines: true });
    const there = await overThere(topic, shell, columns);
    shell.print(there === undefined ? page : `${page}\n\n${there}`);
  },
};

/** The kinds of handlers that these methods call by name. */
const called: Readonly<Record<string, "action" | "request">> = {
  action: "action",
  request: "request",
  stream: "request",
};

function overThere({ peer, member }: Topic, { book }: Shell, columns: number): Promise<string> | undefined {
  if (peer === undefined) return undefined;
  if (member === undefined) return peerPage(peer, book, columns);
  return Object.hasOwn(called, member) ? peerPage(peer, book, columns, [called[member]]) : undefined;
}
