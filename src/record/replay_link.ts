import { UsageRangeError, UsageTypeError } from "../errors.ts";
import { checkCount } from "../limits.ts";
import { Client } from "../peer/client.ts";
import { Server } from "../peer/server.ts";
import type { Direction, Traffic } from "../peer/traffic.ts";
import { escapeText } from "../show/escape.ts";
import { checkNames } from "./check_names.ts";
import { checkPlayable, findRecorded, type RecordingChoice } from "./choose_link.ts";
import { checkSecrets, secretsOfSaid } from "./needed_secrets.ts";
import { pause } from "./pause.ts";
import type { Recording } from "./recording.ts";
import { RecordingError } from "./recording_error.ts";
import { SaidExchange } from "./said_exchange.ts";
import { SaidPlay } from "./said_play.ts";

/** Options of {@linkcode replayLink}. */
export interface ReplayLinkOptions extends RecordingChoice {
  /** Which side is played: by default the one that the link is, who connects or who is connected to. */
  says?: Direction;
  /** How much faster than recorded; `Infinity` without pauses. Default 1. */
  speed?: number;
  /** How long the other side may be silent while something of it is waited for, in milliseconds. Default 10,000. */
  timeoutMs?: number;
  /**
   * Whether requests of the other side are answered as recorded, by handlers that are added for that. Default true;
   * false for a link that has handlers of its own.
   */
  answers?: boolean;
  /** Called before a pause of two seconds or more, with its length in milliseconds. */
  onPause?: (ms: number) => unknown;
  /** Ends it: the link stays as it is. */
  signal?: AbortSignal;
  /** Called with everything that was said or has come, and with its turn. */
  onSaid?: (step: number, traffic: Traffic) => unknown;
}

/**
 * Plays one side of a recorded link on one that is open, or is about to be, by what was said on it: messages, actions,
 * requests and their answers. What comes is compared by its meaning, so that ids and tokens of the wire do not matter.
 * Resolves when everything was said and has come; the link stays open. Connections that follow one another in the
 * recording are one conversation.
 *
 * @returns how many turns there were.
 * @throws {MismatchError} the other side says something else: with the step. @throws {TimeoutError} it does not answer.
 * @throws {RecordingError} as `player`; `by_meaning`: a file has passed. `nothing_recorded`: the recording has bytes alone,
 * as with the dialect `raw`; `no_secret`: it holds a secret that this program has not read. @throws {UsageTypeError} the link speaks another dialect. @throws the signal's reason.
 *
 * @example
 * ```ts
 * import { connect, listen, readRecording, record, replayLink } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempFile();
 * await using server = await listen("tcp://127.0.0.1:0");
 * server.onRequest("add", (_call, a, b) => a + b);
 * {
 *   await using client = await connect(server.address);
 *   await using _recorder = await record(path, { client }, { overwrite: true });
 *   await client.request("add", [1, 2]);
 * }
 * await using client = await connect(server.address);
 * assert.equal(await replayLink(client, await readRecording(path), { speed: Infinity }), 2);
 * await Deno.remove(path);
 * ```
 */
export async function replayLink(
  link: Client | Server,
  recording: Recording,
  options: ReplayLinkOptions = {},
): Promise<number> {
  checkNames("replayLink()", options, OPTION_NAMES);
  const { speed = 1, timeoutMs = ANSWER_MS, answers = true, signal, onSaid } = options;
  if (!(speed > 0)) throw new UsageRangeError(`Cannot use ${speed} as "speed": a number above 0 is wanted`);
  if (timeoutMs !== Infinity) checkCount("timeoutMs", timeoutMs);
  if (!(link instanceof Client || link instanceof Server)) {
    throw new UsageTypeError("Cannot replay on that: a link is wanted, such as connect() or listen() make");
  }
  const { link: recorded, connections } = findRecorded(recording, options);
  checkPlayable(recording, recorded);
  if (recorded.dialect !== link.dialect) {
    throw new UsageTypeError(
      `Cannot replay ${escapeText(recorded.name)} on ${
        escapeText(link.address)
      }: it speaks ${link.dialect}, and the ` +
        `recording ${escapeText(recorded.dialect)}`,
    );
  }
  const { says = (recorded.role === "client") === (link instanceof Client) ? "out" : "in" } = options;
  checkSecrets(recording, recorded.name, secretsOfSaid(connections));
  const exchange = new SaidExchange(connections, says);
  if (exchange.steps === 0) throw nothingSaid(recording, recorded.name);
  const over = new AbortController();
  const played = new SaidPlay(link, exchange, {
    names: { link: escapeText(recorded.name), path: escapeText(recording.path), other: "the other side" },
    says,
    answers,
    pace: speed === Infinity ? undefined : (gapMs) => pause(gapMs / speed, over.signal, options.onPause),
    timeoutMs: timeoutMs === Infinity ? undefined : timeoutMs,
    onSaid,
  });
  const stop = () => played.stop(signal!.reason);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  if (link instanceof Client ? link.isOpen : link.peers.size > 0) {
    played.start(link instanceof Client ? link : [...link.peers][0]);
  }
  try {
    await played.done;
  } finally {
    signal?.removeEventListener("abort", stop);
    over.abort();
    played.stop();
  }
  return exchange.steps;
}

function nothingSaid(recording: Recording, name: string): RecordingError {
  return new RecordingError(
    "nothing_recorded",
    `Cannot play ${escapeText(name)} of ${
      escapeText(recording.path)
    } on an open link: nothing but bytes was recorded of it; ` +
      "give an address instead",
  );
}

/** How long an answer may take, in milliseconds. */
const ANSWER_MS = 10_000;
const OPTION_NAMES: readonly string[] = Object.freeze([
  "link",
  "peer",
  "says",
  "speed",
  "timeoutMs",
  "answers",
  "onPause",
  "signal",
  "onSaid",
]);
