import { serialLink, serialLinks } from "../serial_choice.ts";
import { lineLevels } from "../line_levels.ts";
import { type Command, CommandError } from "./command.ts";

/** `.dtr` */
export const dtr: Command = signalCommand("dtr", "Data terminal ready: many boards are reset when it drops");

/** `.rts` */
export const rts: Command = signalCommand("rts", "Request to send");

function signalCommand(name: "dtr" | "rts", meaning: string): Command {
  return {
    name,
    usage: "on|off|pulse [link]",
    about: "set this line of a port",
    help: `${meaning}. A pulse turns it off for 100 ms, or for so many as a number says.
The lines that the device drives are shown afterwards. The link may be left out when there is only one serial link.
Example:
  .${name} pulse 250 board`,
    words: (before, { book }) =>
      before.length === 0 ? ["on", "off", "pulse"] : serialLinks(book).map((each) => each.name),
    async run(text, { book, print }) {
      const [how, ...rest] = text.split(/\s+/);
      if (how !== "on" && how !== "off" && how !== "pulse") {
        throw new CommandError(
          `Cannot set ${name.toUpperCase()} to "${how}": write .${name} on, .${name} off or .${name} pulse`,
        );
      }
      const ms = how === "pulse" && /^\d+$/.test(rest[0] ?? "") ? Number(rest.shift()) : undefined;
      const { name: linkName, link } = serialLink(book, only(rest, `.${name} ${how} [link]`));
      if (how === "pulse") await link.pulse(name, ms);
      else await link.setSignals({ [name]: how === "on" });
      print(`${linkName}: ${name.toUpperCase()} ${how}${await lineLevels(link)}`);
    },
  };
}

/** `.break` */
export const sendBreak: Command = {
  name: "break",
  usage: "[ms] [link]",
  about: "send a break on a port",
  help: `Holds the line at zero for 250 ms, or for so many as a number says: it wakes or stops some devices.
Example:
  .break 500 board`,
  words: (_before, { book }) => serialLinks(book).map((each) => each.name),
  async run(text, { book, print }) {
    const rest = text === "" ? [] : text.split(/\s+/);
    const ms = /^\d+$/.test(rest[0] ?? "") ? Number(rest.shift()) : undefined;
    const { name, link } = serialLink(book, only(rest, ".break [ms] [link]"));
    await link.sendBreak(ms);
    print(`${name}: break sent`);
  },
};

/** @throws {CommandError} more was written than a name. */
function only(words: readonly string[], usage: string): string | undefined {
  if (words.length < 2) return words[0];
  throw new CommandError(`Cannot use "${words.join(" ")}": ${usage} is wanted`);
}
