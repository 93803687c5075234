import { escapeText } from "../../show/escape.ts";
import { type Command, CommandError } from "./command.ts";

/** `.history` */
export const history: Command = {
  name: "history",
  usage: "[count|text]",
  about: "show what was typed",
  help: `The last 20 inputs, or as many as a number says, or those that contain a text.
Example:
  .history connect`,
  run(text, { history, print }) {
    const count = /^\d+$/.test(text) ? Number(text) : DEFAULT_COUNT;
    if (count === 0) throw new CommandError(`Cannot show 0 inputs: a number above 0, or a text, is wanted`);
    const found = /^\d*$/.test(text) ? history : history.filter((input) => input.includes(text));
    if (found.length === 0) {
      return print(text === "" ? "Nothing was typed yet." : `Nothing typed contains "${text}".`);
    }
    print(found.slice(-count).map((input) => escapeText(input, { keepNewlines: true })).join("\n"));
  },
};

const DEFAULT_COUNT = 20;
