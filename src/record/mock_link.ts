import { asError, UsageTypeError } from "../errors.ts";
import type { Client } from "../peer/client.ts";
import type { DialRequest } from "../peer/dial_request.ts";
import { escapeText } from "../show/escape.ts";
import { parseAddress } from "../transport/table.ts";
import type { Transport } from "../transport/transport.ts";
import { checkNames } from "./check_names.ts";
import { checkPlayable, chooseConnections, chooseLink, isByMeaning } from "./choose_link.ts";
import { MismatchError, type PlayNames } from "./mismatch.ts";
import { Player } from "./player.ts";
import type { RecordedConnection, RecordedLink, Recording } from "./recording.ts";
import { RecordingError } from "./recording_error.ts";
import { SaidPlayer } from "./said_player.ts";

/** Options of {@linkcode mockLink}. */
export interface MockOptions {
  /** The name of the link in the recording; may be left out when there is only one. */
  link?: string;
  /** Which clients it is for: those that connect to this address. Default: the recorded one. */
  address?: string;
  /** What may differ in a line of text, such as a time: it is left out on both sides before they are compared. */
  ignore?: RegExp;
  /** Called with the first thing that is wrong: the program does not say what was recorded. */
  onFail?: (error: Error) => unknown;
}

/**
 * Has the other side of a recorded link play its part in this program: a client that connects to its address, by
 * `connect`, `serial` or `createClient`, gets a player instead of the device, and nothing is opened. Each piece is said
 * when the program has said what was said before it. For programs, and for tests of them; `parley run --mock` does it
 * for scripts.
 *
 * Where a link was lost and came back, each connection of it is played once, in order.
 *
 * @throws {RecordingError} `no_such_link`, `nothing_recorded`; `by_meaning`: the bytes of the dialect are never the same
 * twice; `no_client`: it was the link of a server, which nobody connects to from there.
 *
 * @example
 * ```ts
 * import { connect, listen, mockLink, readRecording, record } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempFile();
 * const device = await listen("tcp://127.0.0.1:0", {
 *   dialect: "lines",
 *   onReceive: (line, peer) => peer.send(`${line} is 5.01`),
 * });
 * {
 *   await using psu = await connect(device.address, { dialect: "lines" });
 *   await using _recorder = await record(path, { psu }, { overwrite: true });
 *   await psu.ask("VOUT1?");
 * }
 * await device.close();
 *
 * const mock = mockLink(await readRecording(path));
 * {
 *   await using psu = await connect(device.address, { dialect: "lines" }); // nothing listens there
 *   assert.equal(await psu.ask("VOUT1?"), "VOUT1? is 5.01");
 * }
 * await mock.close(); // throws what was wrong
 * await Deno.remove(path);
 * ```
 */
export function mockLink(recording: Recording, options: MockOptions = {}): LinkMock {
  checkNames("mockLink()", options, ["link", "address", "ignore", "onFail"]);
  const link = chooseLink(recording, options.link);
  if (link.role !== "client") {
    throw new RecordingError(
      "no_client",
      `Cannot mock ${escapeText(link.name)} of ${
        escapeText(recording.path)
      }: there it is a server, which is not connected ` +
        "to but connected from; play its peer: parley replay",
    );
  }
  checkPlayable(recording, link);
  return new LinkMock(recording, link, chooseConnections(recording, link, undefined), options);
}

/** The other side of a link, played: see {@linkcode mockLink}. */
export class LinkMock implements AsyncDisposable {
  /** The name of the link in the recording. */
  readonly link: string;
  /** The addresses of the clients that it is for. */
  readonly addresses: ReadonlySet<string>;
  readonly #recording: Recording;
  readonly #link: RecordedLink;
  readonly #connections: readonly RecordedConnection[];
  readonly #options: MockOptions;
  readonly #players: (Player | SaidPlayer)[] = [];
  readonly #clients = new Set<Client>();
  #failure: Error | undefined;

  /**
   * Made by {@linkcode mockLink}.
   *
   * @internal
   */
  constructor(
    recording: Recording,
    link: RecordedLink,
    connections: readonly RecordedConnection[],
    options: MockOptions,
  ) {
    this.#recording = recording;
    this.link = link.name;
    this.#link = link;
    this.#connections = connections;
    this.#options = options;
    this.addresses = new Set([
      link.address,
      ...(options.address === undefined ? [] : [normal(options.address)]),
    ]);
    globalThis.addEventListener("parley:dial", this.#onDial);
  }

  /** True when a client has connected. */
  get isUsed(): boolean {
    return this.#players.length > 0;
  }

  /** The first thing that was wrong. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** What the program has not said yet and was to say; `undefined` when that is nothing, or when it never connected. */
  get missing(): string | undefined {
    const player = this.#players.at(-1);
    if (player === undefined) return undefined;
    const { path } = this.#recording;
    const left = player instanceof SaidPlayer ? 0 : this.#connections.length - this.#players.length;
    if (!player.isDone) {
      return `${
        escapeText(this.link)
      }: the program has ended at step ${player.step} of the ${player.steps} in ${escapeText(path)}`;
    }
    if (left === 0) return undefined;
    return `${escapeText(this.link)}: the program has not come back ${left} more times, as in ${
      escapeText(path)
    }`;
  }

  /**
   * Stands in no more. Resolves when everything that was recorded had its turn.
   *
   * @throws {MismatchError} the program has said something else, or not all of it.
   */
  async close(): Promise<void> {
    this.stop();
    for (const player of this.#players) if (player instanceof SaidPlayer) await player.close();
    if (this.#failure !== undefined) throw this.#failure;
    const { missing } = this;
    if (missing === undefined) return;
    const step = this.#players.at(-1)!.step;
    throw new MismatchError(missing, { step, line: 0, expected: undefined, received: undefined });
  }

  /** Stands in no more; links that are up stay so. */
  stop(): void {
    globalThis.removeEventListener("parley:dial", this.#onDial);
  }

  /** Ends it at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #onDial = (event: Event): void => {
    const { client, standIn, refuse } = (event as CustomEvent<DialRequest>).detail;
    if (!this.addresses.has(client.target)) return;
    const count = this.#players.length;
    const path = escapeText(this.#recording.path);
    // Another recording may be of the second link to the same address.
    if (!this.#clients.has(client) && [...this.#clients].some(({ state }) => state !== "closed")) {
      refuse(() => this.#refuse(`a second client connects to it, and ${path} is of one`));
    } else if (count >= this.#connections.length && !isByMeaning(this.#link.dialect)) {
      refuse(() => this.#refuse(`it is connected to ${count + 1} times, and in ${path} ${count} times`));
    } else standIn(() => this.#open(client));
  };

  #open(client: Client): Transport | Promise<Transport> {
    this.#clients.add(client);
    const names = {
      link: escapeText(this.link),
      path: escapeText(this.#recording.path),
      other: "the program",
    };
    if (isByMeaning(this.#link.dialect)) return this.#openSaid(names);
    const { ignore } = this.#options;
    const connection = this.#connections[this.#players.length];
    const made = new Player(this.#link.address, connection, { says: "in", ignore, names });
    made.finished.catch((error) => this.#fail(error));
    this.#players.push(made);
    return made;
  }

  /** Its connections are one conversation. */
  #openSaid(names: PlayNames): Promise<Transport> {
    let player = this.#players[0];
    if (!(player instanceof SaidPlayer)) {
      player = new SaidPlayer(this.#link, names);
      player.finished.catch((error) => this.#fail(error));
      this.#players.push(player);
    }
    return player.connect();
  }

  #refuse(why: string): MismatchError {
    const facts = { step: 1, line: 1, expected: undefined, received: undefined };
    const error = new MismatchError(`${escapeText(this.link)}: mismatch: ${why}`, facts);
    this.#fail(error);
    return error;
  }

  #fail(thrown: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = asError(thrown);
    this.#options.onFail?.(this.#failure);
  }
}

/** @throws {UsageTypeError} it is no address. */
function normal(address: string): string {
  if (typeof address !== "string") {
    throw new UsageTypeError(`Cannot mock ${String(address)}: an address is wanted`);
  }
  return parseAddress(address).address.href;
}
