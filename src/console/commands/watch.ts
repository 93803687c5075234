import { type Command, CommandError } from "./command.ts";

/** `.watch` */
export const watch: Command = {
  name: "watch",
  usage: "[on|off]",
  about: "show messages as they come, or do not",
  help: `Off hides the lines of received messages; who comes, who leaves and what fails is shown always.
Example:
  .watch off`,
  words: (before) => before.length === 0 ? ["on", "off"] : [],
  run(text, { feed, print }) {
    if (text !== "" && text !== "on" && text !== "off") {
      throw new CommandError(`Cannot set .watch to "${text}": on or off is wanted`);
    }
    if (text !== "") feed.watching = text === "on";
    print(`Messages are ${feed.watching ? "shown" : "not shown"} as they come.`);
  },
};
