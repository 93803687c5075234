import { escapeText } from "../show/escape.ts";
import { asError } from "../errors.ts";
import type { Direction } from "../peer/traffic.ts";
import { memoryPair } from "../transport/memory.ts";
import { checkNames } from "./check_names.ts";
import { checkExact, chooseConnections, chooseLink, type RecordingChoice } from "./choose_link.ts";
import { Exchange } from "./exchange.ts";
import { play, type PlayOptions } from "./play.ts";
import type { RecordedConnection, Recording } from "./recording.ts";
import { RenamedTransport } from "./renamed_transport.ts";

/** Options of {@linkcode player}. */
export interface PlayerOptions extends RecordingChoice {
  /** Which side the player plays: `in` (default) is the other side of whoever has recorded, `out` is their own. */
  says?: Direction;
  /** Which connection of the link, from 0; the link may have been lost and have come back. Default 0. */
  connection?: number;
  /** What may differ in a line of text, such as a time: it is left out on both sides before they are compared. */
  ignore?: RegExp;
}

/**
 * A transport whose other end is played from a recording: it says what the other side has said, each piece when we have
 * said what was said before it, so that time does not matter; and it compares what we say.
 *
 * A mismatch rejects `finished` and ends the link: `read` then rejects with the same `MismatchError`.
 *
 * @throws {RecordingError} `no_such_link`, `nothing_recorded`; `by_meaning`: the bytes of the dialect are never the same
 * twice.
 *
 * @example
 * ```ts
 * import { connect, listen, player, readRecording, record } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempFile();
 * {
 *   await using server = await listen("tcp://127.0.0.1:0", {
 *     dialect: "lines",
 *     onReceive: (line, peer) => peer.send(line.toUpperCase()),
 *   });
 *   await using client = await connect(server.address, { dialect: "lines" });
 *   await using _recorder = await record(path, { client }, { overwrite: true });
 *   await client.ask("hello");
 * }
 * const transport = player(await readRecording(path));
 * await transport.write(new TextEncoder().encode("hello\n"));
 * assert.equal(new TextDecoder().decode((await transport.read())!), "HELLO\n");
 * transport.close();
 * await transport.finished;
 * await Deno.remove(path);
 * ```
 */
export function player(recording: Recording, options: PlayerOptions = {}): Player {
  checkNames("player()", options, ["link", "peer", "says", "connection", "ignore"]);
  const { link: name, peer, says = "in", connection: index = 0, ignore } = options;
  const link = chooseLink(recording, name);
  checkExact(recording, link);
  const connections = chooseConnections(recording, link, peer);
  const connection = connections[Math.min(index, connections.length - 1)];
  const names = { link: escapeText(link.name), path: escapeText(recording.path), other: "this side" };
  return new Player(link.address, connection, { says, ignore, names });
}

/** See {@linkcode player}. */
export class Player extends RenamedTransport {
  readonly #finished: Promise<void>;
  readonly #exchange: Exchange;
  #failure: Error | undefined;

  /**
   * Made by {@linkcode player}.
   *
   * @internal
   */
  constructor(
    address: string,
    connection: RecordedConnection,
    { says, ignore, ...options }: PlayOptions & { readonly says: Direction; readonly ignore?: RegExp },
  ) {
    const [ours, theirs] = memoryPair({ names: [`${address}#player`, address] });
    super(ours, address);
    this.#exchange = new Exchange(connection, says, ignore);
    const ends = connection.end !== undefined && connection.end.byUs === (says === "out");
    const played = play(theirs, this.#exchange, { ...options, untilEnd: true, ends });
    this.#finished = played.catch((thrown) => {
      this.#failure = asError(thrown);
      throw thrown;
    }).finally(() => theirs.close());
    this.#finished.catch(() => {}); // whoever wants to know asks for it
  }

  /** Resolves when the link was ended here after everything had its turn. @throws {MismatchError} as a rejection. */
  get finished(): Promise<void> {
    return this.#finished;
  }

  /** True when everything that was recorded was said and has come. */
  get isDone(): boolean {
    return this.#exchange.hasSpoken && this.#exchange.hasHeard;
  }

  /** The turn of the recording that is under way, from 1. */
  get step(): number {
    return this.#exchange.step;
  }

  /** How many turns the recording has. */
  get steps(): number {
    return this.#exchange.steps;
  }

  /** The next bytes of the other side. @throws {MismatchError} we have said what was not recorded. */
  override async read(): Promise<Uint8Array | null> {
    const bytes = await super.read();
    if (bytes === null && this.#failure !== undefined) throw this.#failure;
    return bytes;
  }
}
