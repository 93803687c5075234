import { Command } from "@commander-js/extra-typings";
import {
  findRecorded,
  readRecording,
  type RecordedPart,
  type Recording,
  replay as replayOn,
  type Replayed,
} from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { SecretBook } from "../console/secret_book.ts";
import { CommandLineError } from "./failure.ts";
import { onStop } from "./on_stop.ts";
import { parseTime } from "./parse_time.ts";
import { note } from "./printer.ts";
import { parsePattern, usable } from "./recording_flags.ts";
import { readSecrets } from "./replay_secrets.ts";
import { type ReplayFlags, type ReplayHow, Stopped } from "./replay_flags.ts";
import { playSaid } from "./replay_said.ts";
import { connecting, listening, type Way } from "./replay_ways.ts";
import { ReplayView } from "./replay_view.ts";
import { enterKey } from "./replay_steps.ts";
import { baudOption, flowOption, lineOption } from "./serial_flags.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley replay` */
export const replay: Subcommand = (finish: Finish): AnyCommand =>
  new Command("replay")
    .description(
      "play a recording back: its own side against the real other one, or with --listen as a mock of that",
    )
    .argument("<recording>", "a file that .record or parley run --record made")
    .argument("[address]", "where to connect to (default: where the recording was made)")
    .option(
      "--listen <address>",
      "be the side that was connected to: wait for a link here, such as tcp://:5025",
    )
    .option("--link <name>", "which link, when the recording has several")
    .option("--peer <address>", "which peer of a server, when the recording has several")
    .option("--speed <factor>", "pauses as recorded, so many times faster (default: 1)", parseSpeed)
    .option("--wait", "no pauses: each piece leaves as soon as what was before it has come")
    .option("--step", "each piece leaves when Enter is pressed")
    .option("--ignore <pattern>", "what may differ in a line of text, such as /\\d\\d:\\d\\d/", parsePattern)
    .option(
      "-t, --timeout <time>",
      "how long the other side may be silent (default: 10s; with --listen for ever)",
      parseTime,
    )
    .addOption(baudOption())
    .addOption(lineOption())
    .addOption(flowOption())
    .option("--json", "one JSON object a line for each piece, and one at the end")
    .option("-q, --quiet", "nothing on stderr but errors")
    .action(async (path, address, flags) => finish(await run(path, address, flags)));

async function run(path: string, address: string | undefined, flags: ReplayFlags): Promise<number> {
  checkFlags(address, flags);
  const recording = await usable(() => readRecording(path));
  if (recording.problem !== undefined) note(recording.problem, flags);
  const part = await usable(() => findRecorded(recording, flags));
  const stop = new AbortController();
  const masks = new SecretBook();
  masks.listen();
  await readSecrets(part, path, flags.listen !== undefined);
  let code: number = ExitCode.OK;
  const ignore = onStop((why) => {
    code = why;
    stop.abort(new Stopped());
  });
  try {
    if (!part.isExact) {
      await playSaid(address, recording, part, { ...flags, masks }, stop.signal);
      return code;
    }
    const way = flags.listen === undefined
      ? connecting(address ?? part.link.address, part, flags)
      : await listening(flags.listen, flags, stop.signal);
    try {
      await playAll(way, recording, part, { ...flags, masks }, stop.signal);
    } finally {
      way.close();
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    ignore();
  }
  return code;
}

async function playAll(
  way: Way,
  recording: Recording,
  { link, connections }: RecordedPart,
  flags: ReplayHow,
  signal: AbortSignal,
): Promise<void> {
  const view = new ReplayView(link.name, flags);
  // Who connects says what the client has said, whoever of the two has recorded it.
  const says = (link.role === "client") === way.isListening ? "in" : "out";
  for (const [connection] of connections.entries()) {
    const transport = await way.next(signal);
    let done: Replayed;
    try {
      done = await replayOn(transport, recording, {
        link: link.name,
        peer: flags.peer,
        connection,
        says,
        ignore: flags.ignore,
        speed: flags.wait === true ? Infinity : flags.speed ?? 1,
        ...(flags.step === true && { pace: enterKey(flags) }),
        timeoutMs: flags.timeout ?? (way.isListening ? Infinity : undefined),
        untilEnd: way.isListening && transport.isEndless !== true,
        signal,
        onPause: (ms) => view.pause(ms),
        onPiece: (piece) => view.piece(piece),
      });
      await transport.closeWrite().catch(() => {}); // the last words shall leave; the other side may be gone
    } finally {
      transport.close();
      await transport.released;
    }
    view.done(done);
  }
}

/** @throws {CommandLineError} options that do not go together. */
function checkFlags(address: string | undefined, { listen, wait, step, speed }: ReplayFlags): void {
  if (listen !== undefined && address !== undefined) {
    throw new CommandLineError(
      `Cannot both connect to ${address} and --listen on ${listen}: give one of them`,
    );
  }
  const paces = Object.entries({ "--wait": wait, "--step": step, "--speed": speed })
    .filter(([, value]) => value !== undefined).map(([name]) => name);
  if (paces.length > 1) throw new CommandLineError(`Cannot use ${paces.join(" and ")} together: choose one`);
  if (step === true && !Deno.stdin.isTerminal()) {
    throw new CommandLineError(
      "Cannot use --step here: it waits for Enter, and standard input is no terminal; use --wait",
    );
  }
}

function parseSpeed(text: string): number {
  const speed = /^\d+(\.\d+)?x?$/i.test(text) ? Number.parseFloat(text) : NaN;
  if (speed > 0) return speed;
  throw new CommandLineError(
    `Cannot use "${text}" as --speed: a number above 0 is wanted, such as 10 or 0.5`,
  );
}
