import { escapeText } from "../../show/escape.ts";
import { readRecording } from "../../../mod.ts";
import { writtenPattern } from "../../written_pattern.ts";
import { linkNames } from "../link_choice.ts";
import { type ReplayPlan, replayTo, standIn } from "../session_replay.ts";
import type { Shell } from "../shell.ts";
import { type Command, CommandError } from "./command.ts";

/** `.replay` */
export const replay: Command = {
  name: "replay",
  usage: "file [link|address|mock]",
  about: "play a recording back",
  help:
    `.replay bench.log says what the recording's own side has said to where it was recorded, or to the address behind it,
and compares the answers; with the name of a link that is open it says the same on that. Pauses are as recorded; with --speed 10 shorter, with --wait none. Ctrl-C stops it.
.replay bench.log mock has the other side of the recording play its part from now on: a link that is made here to
its address gets no device, but what the device has said. .replay stop ends that.
Of several links of a recording --link psu is the one that is meant, of several peers --peer tcp://…, of lines --ignore /\\d+ ms/ is not compared.
Example:
  .replay bench.log mock
  const psu = await serial("id:KORAD", { baudRate: 9600 })`,
  words: (before, { book }) =>
    before.length === 1
      ? [
        ...linkNames(book),
        "mock",
        "--wait",
        "--speed",
        "--link",
        "--peer",
        "--ignore",
      ]
      : [],
  async run(text, shell) {
    if (text === "stop") return stop(shell);
    const plan = parse(text);
    const recording = await readRecording(plan.path);
    if (recording.problem !== undefined) shell.print(recording.problem);
    if (plan.target === "mock") return standIn(recording, plan, shell);
    await replayTo(recording, plan, shell);
  },
};

function stop({ mocks, print }: Shell): void {
  if (mocks.size === 0) {
    throw new CommandError("Cannot stop: no recording stands in; .replay bench.log mock has one do so");
  }
  for (const mock of mocks) {
    mock.stop();
    if (mock.failure === undefined && mock.missing !== undefined) print(mock.missing);
    print(`${escapeText(mock.link)}: its recording stands in no more`);
  }
  mocks.clear();
}

/** @throws {CommandError} it is not written as `.help replay` says. */
function parse(text: string): ReplayPlan {
  const words = text.split(/\s+/).filter((word) => word !== "");
  let speed: number | undefined;
  let link: string | undefined;
  let peer: string | undefined;
  let ignore: RegExp | undefined;
  const plain: string[] = [];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--wait") speed = Infinity;
    else if (word === "--speed") speed = Number(words.shift());
    else if (word === "--link") link = words.shift();
    else if (word === "--peer") peer = words.shift();
    else if (word === "--ignore") ignore = pattern(words.shift() ?? "");
    else if (word.startsWith("--")) {
      throw new CommandError(
        `Unknown option ${escapeText(word)} of .replay; there are --wait, --speed, --link, --peer, --ignore`,
      );
    } else plain.push(word);
  }
  const [path, target, ...more] = plain;
  if (path === undefined) {
    throw new CommandError("Cannot replay: the name of the recording is missing; write .replay bench.log");
  }
  if (more.length > 0) {
    throw new CommandError(
      `Cannot use "${escapeText(more.join(" "))}": .replay file [link|address|mock] is wanted`,
    );
  }
  if (speed !== undefined && !(speed > 0)) {
    throw new CommandError("Cannot use that as --speed: a number above 0 is wanted, such as 10");
  }
  return { path, target, speed, link, peer, ignore };
}

function pattern(text: string): RegExp {
  try {
    return writtenPattern(text);
  } catch (error) {
    throw new CommandError(`Cannot use "${escapeText(text)}" as --ignore: ${(error as Error).message}`);
  }
}
