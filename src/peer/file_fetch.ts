import { CancelledError, ParleyError } from "../errors.ts";
import { DEFAULT_MAX_FILE_BYTES } from "../files/share_options.ts";
import type { IncomingFile } from "../files/incoming_file.ts";
import type { LocalTarget } from "../files/local_target.ts";
import type { FileSink } from "../files/part_file.ts";
import type { ProgressMeter } from "../files/progress.ts";
import type { Waiting } from "./caller.ts";
import type { FileOwner, FileWait } from "./file_owner.ts";
import { meterOf } from "./file_meter.ts";

/** What `getFile` resolves with. */
export interface ReceivedFile {
  /** The file on this machine, by its real path. */
  readonly path: string;
  /** How many bytes it has. */
  readonly size: number;
}

/** How long a file that comes waits, and what is taken. */
export interface FetchWait extends FileWait {
  readonly overwrite?: boolean;
  readonly maxBytes?: number;
}

/** A file that this side has asked for: the token of its request. */
export class FileFetch implements Waiting {
  readonly name: string;
  readonly #owner: FileOwner;
  readonly #target: LocalTarget;
  readonly #wait: FetchWait;
  readonly #result = Promise.withResolvers<ReceivedFile>();
  #file: IncomingFile | undefined;
  #meter: ProgressMeter | undefined;
  #stopListening: (() => void) | undefined;

  constructor(owner: FileOwner, name: string, target: LocalTarget, wait: FetchWait) {
    this.#owner = owner;
    this.name = name;
    this.#target = target;
    this.#wait = wait;
  }

  /** Asks, and resolves when the file is at its place. */
  async run(): Promise<ReceivedFile> {
    const { session, endpoint } = this.#owner;
    const { timeoutMs = endpoint.limits.requestMs, signal } = this.#wait;
    const what = `File "${this.name}" from ${this.#owner.label}`;
    if (signal?.aborted) throw new CancelledError(what, signal, "not-sent");
    if (!this.#owner.canCall) throw this.#owner.cannotSend(`a request for file "${this.name}"`);
    const now = this.#owner.now();
    const id = session.requestFile(this.name, { now, timeoutMs }, this);
    const cancel = () => {
      const outcome = this.#file === undefined ? session.cancel(id) : "unknown";
      const error = new CancelledError(what, signal!, outcome);
      if (this.#file === undefined) this.reject(error);
      else this.#file.abort(error); // what still comes of it is dropped
      this.#owner.flush();
    };
    signal?.addEventListener("abort", cancel, { once: true });
    this.#stopListening = signal && (() => signal.removeEventListener("abort", cancel));
    this.#owner.called(now + timeoutMs);
    try {
      return await this.#result.promise;
    } finally {
      this.#stopListening?.();
    }
  }

  /** It begins to come: where it goes. */
  sink(size: number): Promise<FileSink> {
    const { maxBytes = DEFAULT_MAX_FILE_BYTES } = this.#wait;
    if (size > maxBytes) {
      const text = `File "${this.name}" from ${this.#owner.label} has ${size} bytes, which are too many ` +
        `(maxBytes ${maxBytes} of getFile())`;
      return Promise.reject(new ParleyError("too_large", text, { outcome: "failed" }));
    }
    return this.#target.create();
  }

  /** It comes. */
  begin(file: IncomingFile): void {
    this.#file = file;
    this.#meter = meterOf(this.#owner, this.name, file.size, this.#wait.onProgress);
  }

  /** More of it has come. */
  advance(): void {
    const { size, missing } = this.#file!;
    this.#meter?.advance(size - missing, this.#owner.now());
  }

  /** It is whole. */
  finish(path: string): void {
    this.#meter?.finish(this.#owner.now());
    this.#result.resolve({ path, size: this.#file!.size });
  }

  /** An answer that is no file: a dialect of somebody's own may do that. */
  resolve(): void {
    const text = `${this.#owner.label} has answered the request for file "${this.name}" with something else`;
    this.reject(new ParleyError("not_a_file", text, { outcome: "failed" }));
  }

  /** It does not come, or not to its end. */
  reject(error: unknown): void {
    this.#result.reject(error);
  }
}
