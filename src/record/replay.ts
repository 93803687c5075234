import { UsageRangeError } from "../errors.ts";
import { checkCount } from "../limits.ts";
import type { Direction } from "../peer/traffic.ts";
import { escapeText } from "../show/escape.ts";
import type { Transport } from "../transport/transport.ts";
import { checkNames } from "./check_names.ts";
import { checkExact, chooseConnections, chooseLink, type RecordingChoice } from "./choose_link.ts";
import { Exchange, type NextPiece } from "./exchange.ts";
import { checkSecrets, secretsOfBytes } from "./needed_secrets.ts";
import { pause } from "./pause.ts";
import { play, type PlayedPiece } from "./play.ts";
import type { Recording } from "./recording.ts";

/** Options of {@linkcode replay}. */
export interface ReplayOptions extends RecordingChoice {
  /** Which side is played: `out` (default) is that of whoever has recorded, `in` the other one. */
  says?: Direction;
  /** Which connection of the link, from 0. Default 0. */
  connection?: number;
  /**
   * How much faster than recorded: 10 makes of a pause of a second one of 100 ms, `Infinity` none. A piece never leaves
   * before what was before it has come. Default 1.
   */
  speed?: number;
  /** Called before each piece is said, which leaves when what is returned has resolved. Instead of `speed`. */
  pace?: (piece: NextPiece, signal: AbortSignal) => Promise<void> | void;
  /** How long the other side may be silent while something of it is waited for, in milliseconds. Default 10,000. */
  timeoutMs?: number;
  /** What may differ in a line of text, such as a time: it is left out on both sides before they are compared. */
  ignore?: RegExp;
  /** True: not done before the other side has ended the link, and said no more than was recorded. Default false. */
  untilEnd?: boolean;
  /** Called before a pause of two seconds or more, with its length in milliseconds. */
  onPause?: (ms: number) => unknown;
  /** Ends it. */
  signal?: AbortSignal;
  /** Called with each piece that was said or has come. */
  onPiece?: (piece: PlayedPiece) => unknown;
}

/** What {@linkcode replay} has done. */
export interface Replayed {
  /** How many turns there were: each begins where the other side begins to speak. */
  readonly steps: number;
  /** Bytes that were said. */
  readonly bytesOut: number;
  /** Bytes that have come, and were as recorded. */
  readonly bytesIn: number;
}

/**
 * Plays one side of a recorded connection on a transport that is open, and compares what the other side says, however
 * it is cut. Resolves when everything was said and has come; the transport is left open.
 *
 * @throws {MismatchError} the other side says something else, or ends the link too early: with the step.
 * @throws {TimeoutError} it does not answer: with the step. @throws {BrokenError} the link broke.
 * @throws {RecordingError} as `player`; `no_secret`: what has to be said holds a secret that this program has not read.
 * @throws the signal's reason.
 *
 * @example
 * ```ts
 * import { connect, listen, parseAddress, readRecording, record, replay } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempFile();
 * await using server = await listen("tcp://127.0.0.1:0", {
 *   dialect: "lines",
 *   onReceive: (line, peer) => peer.send(line.toUpperCase()),
 * });
 * {
 *   await using client = await connect(server.address, { dialect: "lines" });
 *   await using _recorder = await record(path, { client }, { overwrite: true });
 *   await client.ask("hello");
 * }
 * const { address, kind } = parseAddress(server.address);
 * const transport = await kind.connect(address, {});
 * const { bytesIn } = await replay(transport, await readRecording(path), { speed: Infinity });
 * assert.equal(bytesIn, "HELLO\n".length);
 * transport.close();
 * await Deno.remove(path);
 * ```
 */
export async function replay(
  transport: Transport,
  recording: Recording,
  options: ReplayOptions = {},
): Promise<Replayed> {
  checkNames("replay()", options, OPTION_NAMES);
  const { says = "out", connection: index = 0, speed = 1, timeoutMs = ANSWER_MS, ignore } = options;
  if (!(speed > 0)) throw new UsageRangeError(`Cannot use ${speed} as "speed": a number above 0 is wanted`);
  if (timeoutMs !== Infinity) checkCount("timeoutMs", timeoutMs);
  const link = chooseLink(recording, options.link);
  checkExact(recording, link);
  const connections = chooseConnections(recording, link, options.peer);
  const connection = connections[index];
  if (connection === undefined) {
    throw new UsageRangeError(`Cannot use ${index} as "connection": there are ${connections.length}, from 0`);
  }
  checkSecrets(recording, link.name, secretsOfBytes([connection], says));
  const exchange = new Exchange(connection, says, ignore);
  let bytesOut = 0;
  let bytesIn = 0;
  await play(transport, exchange, {
    names: { link: escapeText(link.name), path: escapeText(recording.path), other: "the other side" },
    pace: options.pace ??
      (speed === Infinity
        ? undefined
        : (piece, signal) => pause(piece.gapMs / speed, signal, options.onPause)),
    timeoutMs: timeoutMs === Infinity ? undefined : timeoutMs,
    signal: options.signal,
    untilEnd: options.untilEnd,
    ends: connection.end !== undefined && connection.end.byUs === (says === "out"),
    onPiece: (piece) => {
      if (piece.direction === "out") bytesOut += piece.bytes.length;
      else bytesIn += piece.bytes.length;
      options.onPiece?.(piece);
    },
  });
  return { steps: exchange.steps, bytesOut, bytesIn };
}

/** How long an answer may take, in milliseconds. */
const ANSWER_MS = 10_000;
const OPTION_NAMES: readonly string[] = Object.freeze([
  "link",
  "peer",
  "says",
  "connection",
  "speed",
  "pace",
  "timeoutMs",
  "ignore",
  "untilEnd",
  "onPause",
  "signal",
  "onPiece",
]);
