import { UsageTypeError } from "../errors.ts";
import { checkCount } from "../limits.ts";
import { Client } from "../peer/client.ts";
import type { Callbacks } from "../peer/callbacks.ts";
import { Server } from "../peer/server.ts";
import { maskOfKnown } from "../secret/known_mask.ts";
import type { SecretValue } from "../secret/secret_event.ts";
import { VERSION } from "../version.ts";
import { checkNames } from "./check_names.ts";
import { LineQueue } from "./line_queue.ts";
import { LinkTape } from "./link_tape.ts";
import { RecordingFile } from "./recording_file.ts";
import { endLine, headerLine } from "./recording_line.ts";

/** What can be recorded: what `connect`, `serial` and `listen` make. */
export type Recordable = Client | Server;

/** Options of {@linkcode record}. */
export interface RecordOptions {
  /** Whether a file that is there already is replaced. Default false. */
  overwrite?: boolean;
  /** The largest the file may become, in bytes; the recording ends there. Default 1 GiB. */
  maxBytes?: number;
  /**
   * Called once when the recording has ended before it was closed: the disk is full, `maxBytes` is reached. Without it
   * the error is dispatched as the global event `"parley:fail"`. The links are not touched.
   */
  onFail?: (error: Error) => unknown;
}

/**
 * Writes what passes on links to a file, line by line, until it is closed: every byte of both directions with its time,
 * what the bytes have meant, and how connections came and went. The format is described in `docs/recording.md`;
 * `readRecording` reads it, `player` and `parley replay` play it. What `secret()` has given is written as `*`.
 *
 * @param path The file. A directory that is not there is not made.
 * @param links What is recorded, by the names it has in the recording: `{ psu, fleet }`. More can be added.
 * @throws {ParleyError} code `exists`: the file is there already, and `overwrite` is not set.
 * @throws {BrokenError} `no_such_path`, `permission`, `disk_full`. @throws {UsageTypeError} {@linkcode UsageRangeError}
 *
 * @example
 * ```ts
 * import { connect, listen, record } from "@parley/parley";
 * import assert from "node:assert/strict";
 *
 * await using server = await listen("tcp://127.0.0.1:0", {
 *   dialect: "lines",
 *   onReceive: (line, peer) => peer.send(line.toUpperCase()),
 * });
 * await using client = await connect(server.address, { dialect: "lines" });
 * const path = await Deno.makeTempFile({ suffix: ".jsonl" });
 * {
 *   await using recorder = await record(path, { client }, { overwrite: true });
 *   await client.ask("hello");
 *   assert.equal(recorder.isOpen, true);
 * }
 * assert.match(await Deno.readTextFile(path), /"direction":"in","text":"HELLO\\n"/);
 * await Deno.remove(path);
 * ```
 */
export async function record(
  path: string,
  links: Readonly<Record<string, Recordable>> = {},
  options: RecordOptions = {},
): Promise<Recorder> {
  checkRecord(path, options);
  for (const [name, link] of Object.entries(links)) checkRecordable(name, link);
  const { overwrite = false, maxBytes = MAX_BYTES, onFail } = options;
  const file = await RecordingFile.create(path, { overwrite, maxBytes });
  const recorder = new Recorder(file, onFail);
  for (const [name, link] of Object.entries(links)) recorder.add(link, name);
  return recorder;
}

/** A recording under way: see {@linkcode record}. */
export class Recorder implements AsyncDisposable {
  readonly #file: RecordingFile;
  readonly #onFail: ((error: Error) => unknown) | undefined;
  readonly #startedAt = performance.now();
  readonly #tapes = new Map<Recordable, { readonly tape: LinkTape; readonly remove: () => void }>();
  readonly #mask = maskOfKnown();
  readonly #queue = new LineQueue((line) => this.#append(line));
  #failure: Error | undefined;

  /**
   * Made by {@linkcode record}.
   *
   * @internal
   */
  constructor(file: RecordingFile, onFail?: (error: Error) => unknown) {
    this.#file = file;
    this.#onFail = onFail;
    globalThis.addEventListener("parley:secret", this.#onSecret);
    this.#queue.push(headerLine(new Date(), VERSION));
  }

  /** The file that is written. */
  get path(): string {
    return this.#file.path;
  }

  /** False once it was closed, or has ended. */
  get isOpen(): boolean {
    return this.#file.isOpen;
  }

  /** How many lines were written, the header included. */
  get lines(): number {
    return this.#file.lines;
  }

  /** How large the file is, in bytes. */
  get bytes(): number {
    return this.#file.bytes;
  }

  /** How many links are recorded. */
  get size(): number {
    return this.#tapes.size;
  }

  /** Why it has ended before it was closed; `undefined` while it has not. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /**
   * Records one more link; of no effect for one that is recorded already.
   *
   * @param name What it is called in the recording. A function is asked until it has another answer than the address:
   * a link may get its name later. Of two that are called the same, the second gets a number.
   * @throws {UsageTypeError} it is no link.
   */
  add(link: Recordable, name: string | (() => string)): void {
    checkRecordable(String(name), link);
    if (!this.isOpen || this.#tapes.has(link)) return;
    const tape = new LinkTape(link, name, {
      now: () => performance.now() - this.#startedAt,
      write: (line) => this.#queue.push(line),
      mask: this.#mask,
      isTaken: (wanted) => this.#isTaken(wanted, link),
    });
    const callbacks: Callbacks = {
      onBytes: (bytes, direction, peer) => tape.bytes(bytes, direction, peer),
      onTraffic: (traffic, peer) => tape.said(traffic, peer),
      onEvent: (event, peer) => tape.happened(event, peer),
    };
    this.#tapes.set(link, { tape, remove: link.use(callbacks as Callbacks<Client> & Callbacks<Server>) });
    tape.begin();
  }

  /** Ends the recording; the links go on. May be called again. */
  close(): Promise<void> {
    for (const { tape } of this.#tapes.values()) tape.finish();
    this.#queue.push(endLine(performance.now() - this.#startedAt, "closed"));
    this.#queue.end();
    this.#end();
    return Promise.resolve();
  }

  /** Ends the recording at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #isTaken(name: string, by: Recordable): boolean {
    return [...this.#tapes].some(([link, { tape }]) => link !== by && tape.name === name && !tape.isOver);
  }

  #append(line: string): void {
    try {
      this.#file.append(line);
    } catch (error) {
      this.#end();
      this.#fail(error as Error);
    }
  }

  readonly #onSecret = (event: Event): void => {
    const { name, value } = (event as CustomEvent<SecretValue>).detail;
    this.#mask.add(name, value);
  };

  #end(): void {
    globalThis.removeEventListener("parley:secret", this.#onSecret);
    for (const { remove } of this.#tapes.values()) remove();
    this.#file.close();
  }

  #fail(error: Error): void {
    this.#failure = error;
    const detail = { error };
    if (this.#onFail !== undefined) this.#onFail(error);
    else globalThis.dispatchEvent(new CustomEvent("parley:fail", { detail }));
  }
}

/** Where a recording ends that nobody has limited: a day of a fast serial line. */
const MAX_BYTES = 1024 ** 3;
const OPTION_NAMES: readonly string[] = Object.freeze(["overwrite", "maxBytes", "onFail"]);

function checkRecord(path: unknown, options: RecordOptions): void {
  if (typeof path !== "string" || path === "") {
    throw new UsageTypeError(`Cannot record to ${String(path) || '""'}: the path of a file is wanted`);
  }
  checkNames("record()", options, OPTION_NAMES);
  if (options.maxBytes !== undefined) checkCount("maxBytes", options.maxBytes, Number.MAX_SAFE_INTEGER);
}

function checkRecordable(name: string, link: unknown): void {
  if (link instanceof Client || link instanceof Server) return;
  throw new UsageTypeError(
    `Cannot record "${name}": a link is wanted, such as connect() or listen() make; record("bench.jsonl", { psu })`,
  );
}
