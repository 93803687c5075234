import { type Command, CommandError } from "./command.ts";

/** `.watch` */
export const watch: Command = {
  name: "watch",
  usage: "[on|off|all]",
  about: "show what is said, or do not",
  help:
    `One line for each message, action, request and answer, received (<) and sent (>), with time, link and peer.
What a typed expression asks and is answered is not shown, since its value is; .watch all shows that too, and with
more than one statement, or none that has a value, it is shown anyway. With .watch off only who comes, who leaves and
what fails is shown. See also .format, .stamps, .filter, .mute and .log.
Example:
  .watch all`,
  words: (before) => before.length === 0 ? ["on", "off", "all"] : [],
  run(text, { feed, print }) {
    const { views } = feed;
    if (text !== "" && text !== "on" && text !== "off" && text !== "all") {
      throw new CommandError(`Cannot set .watch to "${text}": on, off or all is wanted`);
    }
    feed.flush();
    if (text !== "") views.watch = text;
    print(`Messages are ${MEANINGS[views.watch]}.`);
  },
};

const MEANINGS = Object.freeze({
  on: "shown as they come",
  off: "not shown as they come",
  all: "shown as they come, and so is what a typed input asks and is answered",
});
