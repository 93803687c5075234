import { suggestionOrAll } from "../../suggestion.ts";
import { STAMP_KINDS, stampKind } from "../../show/stamps.ts";
import { type Command, CommandError } from "./command.ts";

/** `.stamps` */
export const stamps: Command = {
  name: "stamps",
  usage: "[clock|start|delta|iso|off]",
  about: "times before lines",
  help: `clock  the time of day (default)     start  the time since the console started
delta  the time since the line before     iso  date and time, in UTC
Example:
  .stamps delta`,
  words: (before) => before.length === 0 ? WORDS : [],
  run(text, { feed, print }) {
    const kind = text === "off" ? text : stampKind(text);
    if (text !== "" && kind === undefined) {
      throw new CommandError(
        `No stamps "${text}"${suggestionOrAll(text, WORDS)}`,
      );
    }
    feed.flush();
    if (kind !== undefined) feed.views.stamps = kind;
    print(`Stamps: ${feed.views.stamps}.`);
  },
};

const WORDS: readonly string[] = Object.freeze([...STAMP_KINDS, "off"]);
