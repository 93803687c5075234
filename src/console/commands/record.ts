import { escapeText } from "../../show/escape.ts";
import { suggestionOrAll } from "../../suggestion.ts";
import type { Link } from "../link_book.ts";
import { linkNames } from "../link_choice.ts";
import type { Shell } from "../shell.ts";
import { type Command, CommandError } from "./command.ts";

/** `.record` */
export const record: Command = {
  name: "record",
  usage: "[file|stop]",
  about: "record commands and traffic",
  help:
    `.record bench.ts writes the traffic of all links to bench.log, also of those made later, and at .record stop (or
when you leave) what was typed since then to bench.ts, with what it needs of the lines before. Any other name, such as
.record bench.jsonl, writes only traffic; .record bench.jsonl psu fleet that of those links alone. Files that exist are
asked about, or only overwritten with --force. Alone it tells how it stands.
Example:
  .record bench.ts
  .record stop
  then, in a shell:  parley run --mock psu=bench.log bench.ts`,
  words: (before, { book, recording }) =>
    before.length === 0 ? (recording.isOn ? ["stop"] : []) : linkNames(book),
  async run(text, shell) {
    const { recording, print } = shell;
    if (text === "") return print(recording.status);
    if (text === "stop") {
      const told = await recording.finish();
      if (told === undefined) {
        throw new CommandError("Cannot stop: nothing is recorded; .record bench.ts begins");
      }
      return print(told);
    }
    const { path, links, force } = parse(text, shell);
    if (recording.isOn) {
      throw new CommandError(`Cannot record to ${path}: ${recording.status} .record stop ends that`);
    }
    const script = /\.[cm]?[jt]s$/.test(path) ? path : undefined;
    const traffic = script === undefined ? path : script.replace(/\.[cm]?[jt]s$/, ".log");
    const paths = script === undefined ? [traffic] : [script, traffic];
    const overwrites = force || await mayOverwrite(paths, text, shell);
    if (overwrites === undefined) return print("Nothing is recorded, all is as it was.");
    if (!await recording.start({ script, traffic, links, force: overwrites })) return;
    const what = script === undefined ? "traffic" : `commands to ${escapeText(script)}, traffic`;
    print(`recording ${what} to ${escapeText(traffic)}`);
  },
};

function parse(text: string, { book }: Shell): { path: string; links: Link[]; force: boolean } {
  const [path, ...rest] = text.split(/\s+/).filter((word) => word !== "--force");
  if (path === undefined) {
    throw new CommandError("Cannot record: the name of the file is missing; write .record bench.ts");
  }
  const names = linkNames(book);
  const links = rest.map((name) => {
    const link = book.links.findLast((each) => book.nameOf(each) === name);
    if (link !== undefined) return link;
    const near = suggestionOrAll(name, names);
    throw new CommandError(`Cannot record "${escapeText(name)}": it is no link${near}`);
  });
  return { path, links, force: /(^|\s)--force(\s|$)/.test(text) };
}

/**
 * Whether files that are there are overwritten; `undefined` when somebody who was asked wants to keep one.
 *
 * @throws {CommandError} nobody can be asked.
 */
async function mayOverwrite(
  paths: readonly string[],
  text: string,
  { confirm }: Shell,
): Promise<boolean | undefined> {
  let overwrites = false;
  for (const path of paths) {
    const found = await Deno.stat(path).catch(() => undefined); // what else is wrong is told when it is written
    if (found === undefined) continue;
    if (found.isDirectory) {
      throw new CommandError(`Cannot record to "${escapeText(path)}": it is a directory`);
    }
    const answer = await confirm?.(`${escapeText(path)} exists. Overwrite it?`);
    if (answer === undefined) throw exists(path, text);
    if (!answer) return undefined;
    overwrites = true;
  }
  return overwrites;
}

function exists(path: string, text: string): CommandError {
  return new CommandError(
    `Cannot record: "${escapeText(path)}" exists; .record ${escapeText(text)} --force overwrites it`,
  );
}
