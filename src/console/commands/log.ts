import { escapeText } from "../../show/escape.ts";
import { type Command, CommandError } from "./command.ts";

/** `.log` */
export const log: Command = {
  name: "log",
  usage: "[file|off]",
  about: "write what is seen to a file",
  help:
    `What is typed, what comes of it, and everything on all links, also what .filter, .mute or a flood keeps from the
screen; escapes are visible, colours left out. Without a name it is parley-<date>-<time>.log here. A file that
exists is appended to. One that is full becomes file.1, older ones file.2 and so on, up to keep= of them; size=16MB and keep=4 is the default.
An input that begins with a blank is left out. Lines are in the format of .format and .stamps.
Example:
  .log session.txt size=100MB keep=9`,
  words: (before) => before.length === 0 ? ["off"] : ["size=", "keep="],
  run(text, { log, feed, print }) {
    feed.flush();
    if (text === "off") {
      const { path } = log;
      log.stop();
      return print(path === undefined ? "There is no log." : `The log is ${escapeText(path)}.`);
    }
    if (text === "" && log.path !== undefined) {
      return print(`Logging to ${escapeText(log.path)}; .log off ends it.`);
    }
    const { path = automaticName(new Date()), maxBytes, keep } = parse(text);
    try {
      log.start(path, { maxBytes, keep });
    } catch (error) {
      throw new CommandError(
        `Cannot write the log "${escapeText(path)}": ${escapeText((error as Error).message)}`,
      );
    }
    print(`Logging to ${escapeText(path)}; .log off ends it.`);
  },
};

function parse(text: string): { path?: string; maxBytes: number; keep: number } {
  let path: string | undefined;
  let maxBytes = DEFAULT_BYTES;
  let keep = DEFAULT_KEEP;
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    const [, key, value] = /^(size|keep)=(.*)$/.exec(word) ?? [];
    if (key === "size") maxBytes = bytesOf(value);
    else if (key === "keep") keep = countOf(value);
    else if (path === undefined) path = word;
    else throw new CommandError(`Cannot log to "${text}": one file is wanted, without a blank in its name`);
  }
  return { path, maxBytes, keep };
}

function bytesOf(text: string): number {
  const [, number, unit = "b"] = /^(\d+)(k?b|mb|gb)?$/i.exec(text) ?? [];
  const bytes = Number(number) * UNITS[unit.toLowerCase()];
  if (bytes >= MIN_BYTES && bytes <= MAX_BYTES) return bytes;
  throw new CommandError(`Cannot use size=${text}: 64kB to 100GB is wanted, such as size=16MB`);
}

function countOf(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= MAX_KEEP) return Number(text);
  throw new CommandError(`Cannot use keep=${text}: a whole number from 0 to ${MAX_KEEP} is wanted`);
}

/** `parley-20261103-103107.log`, in local time. */
function automaticName(now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `parley-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.log`;
}

const UNITS: Readonly<Record<string, number>> = Object.freeze({ b: 1, kb: 1e3, mb: 1e6, gb: 1e9 });
/** With those that are kept 80 MB: a night of a busy line, and no disk is filled by it. */
const DEFAULT_BYTES = 16e6;
const DEFAULT_KEEP = 4;
/** Less would be rotated all the time. */
const MIN_BYTES = 64e3;
const MAX_BYTES = 100e9;
/** Each rotation renames all of them. */
const MAX_KEEP = 999;
