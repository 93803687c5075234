import {
  findRecorded,
  type LinkMock,
  mockLink,
  parseAddress,
  type Recording,
  replay,
  replayLink,
} from "../../mod.ts";
import { showError } from "../show/error.ts";
import { escapeText } from "../show/escape.ts";
import { suggestion } from "../suggestion.ts";
import { CommandError } from "./commands/command.ts";
import type { Link } from "./link_book.ts";
import { pauseLine, pieceLine, saidLine } from "./replay_lines.ts";
import type { Shell } from "./shell.ts";

/** What `.replay` is to play. */
export interface ReplayPlan {
  readonly path: string;
  /** An address, the name of a link, `mock`, or nothing: where it was recorded. */
  readonly target: string | undefined;
  readonly speed: number | undefined;
  /** Which link of the recording. */
  readonly link: string | undefined;
  /** Which peer of a server. */
  readonly peer: string | undefined;
  readonly ignore: RegExp | undefined;
}

/**
 * Plays the side that has connected to the other one, and tells each piece.
 *
 * @throws {MismatchError} @throws {TimeoutError} @throws {RecordingError} @throws {BrokenError}
 */
export async function replayTo(recording: Recording, plan: ReplayPlan, shell: Shell): Promise<void> {
  const { print, interrupt, book } = shell;
  const { link, connections, isExact } = findRecorded(recording, { link: plan.link, peer: plan.peer });
  const open = book.links.findLast((each) => book.nameOf(each) === plan.target);
  if (open !== undefined) return await replayOver(open, recording, plan, shell);
  checkTarget(plan.target, shell);
  if (!isExact) {
    throw new CommandError(
      `Cannot replay ${
        escapeText(link.name)
      } to an address: ${link.dialect} makes new ids for every connection, so ` +
        `what was said is played on a link; write .replay ${escapeText(plan.path)} with the name of one`,
    );
  }
  const { address, kind } = parseAddress(plan.target ?? link.address);
  const says = link.role === "client" ? "out" : "in";
  for (const connection of connections.keys()) {
    const stop = new AbortController();
    try {
      const dialer = kind.dialer?.(address, link.settings ?? {}) ?? {
        connect: (how: { signal?: AbortSignal }) => kind.connect(address, how),
      };
      const transport = await interrupt.race(dialer.connect({ signal: stop.signal }));
      try {
        const playing = replay(transport, recording, {
          link: link.name,
          peer: plan.peer,
          connection,
          says,
          speed: plan.speed,
          ignore: plan.ignore,
          signal: stop.signal,
          onPause: (ms) => print(pauseLine(ms, PAUSE_ADVICE)),
          onPiece: (piece) => print(pieceLine(piece)),
        });
        playing.catch(() => {}); // when Ctrl-C comes first
        const { steps } = await interrupt.race(playing);
        print(`${escapeText(link.name)}: ${steps} steps as recorded`);
      } finally {
        transport.close();
        await transport.released;
      }
    } finally {
      stop.abort(new Error("stopped"));
    }
  }
}

/** @throws {CommandError} it is neither an address nor the name of a link. */
function checkTarget(target: string | undefined, { book }: Shell): void {
  if (target === undefined || target.includes(":")) return;
  const names = [...new Set(book.links.map((link) => book.nameOf(link))), "mock"];
  const near = suggestion(target, names) || `; there are ${names.map((name) => escapeText(name)).join(", ")}`;
  throw new CommandError(`Cannot replay on "${escapeText(target)}": it is no link and no address${near}`);
}

/** Plays what was said on a link that is open: its own handlers answer. */
async function replayOver(link: Link, recording: Recording, plan: ReplayPlan, shell: Shell): Promise<void> {
  const { print, interrupt } = shell;
  const stop = new AbortController();
  try {
    const playing = replayLink(link, recording, {
      link: plan.link,
      peer: plan.peer,
      speed: plan.speed,
      answers: false,
      signal: stop.signal,
      onPause: (ms) => print(pauseLine(ms, PAUSE_ADVICE)),
      onSaid: (step, traffic) => print(saidLine(step, traffic)),
    });
    const steps = await interrupt.race(playing);
    print(`${escapeText(plan.target!)}: ${steps} steps as recorded`);
  } finally {
    stop.abort(new Error("stopped"));
  }
}

/** Has a recording stand in for the other side of links that are made from now on. @throws {RecordingError} */
export function standIn(recording: Recording, plan: ReplayPlan, { mocks, print }: Shell): void {
  const { link } = findRecorded(recording, { link: plan.link });
  for (const before of mocks) {
    if (before.link !== link.name) continue;
    before.stop();
    mocks.delete(before);
  }
  const mock: LinkMock = mockLink(recording, {
    link: link.name,
    ignore: plan.ignore,
    onFail: (error) => print(`! ${showError(error, false)}`),
  });
  mocks.add(mock);
  print(
    `${escapeText(link.name)}: its recording stands in for ${escapeText(link.address)}, until .replay stop`,
  );
}

const PAUSE_ADVICE = "--wait leaves pauses out, Ctrl-C stops";
