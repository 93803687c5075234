import { BrokenError, type ParleyError } from "../errors.ts";
import { HIGH_BYTES, IncomingFile, LOW_BYTES } from "../files/incoming_file.ts";
import type { FileSink } from "../files/part_file.ts";
import { quoteName } from "../files/remote_name.ts";
import type { SessionEvent } from "../session_event.ts";
import { FileFetch } from "./file_fetch.ts";
import type { FileOwner } from "./file_owner.ts";

/** Takes the files that come to their place: one at a time, as the wire brings them. */
export class FileReceiver {
  readonly #owner: FileOwner;
  /** The file is at its place, or given up: what has come behind it may be handled. */
  readonly #settled: () => void;
  #name = "";
  #file: IncomingFile | undefined;
  #fetch: FileFetch | undefined;
  /** Files of this link and of those before that are not at their place yet, and not removed either. */
  readonly #unfinished = new Set<Promise<unknown>>();
  /** When a byte of it has come last. */
  #heardAt = 0;
  #isHeld = false;

  constructor(owner: FileOwner, settled: () => void) {
    this.#owner = owner;
    this.#settled = settled;
  }

  /** True while a file is whole and not at its place yet. */
  get isFinishing(): boolean {
    return this.#file?.isFinishing === true;
  }

  /** Settles when everything is at its place or removed; `undefined` when that is so. */
  get unfinished(): Promise<unknown> | undefined {
    return this.#unfinished.size === 0 ? undefined : Promise.allSettled(this.#unfinished);
  }

  /** A file begins. */
  begin({ name, size, token, late }: SessionEvent & { kind: "file" }): void {
    const { endpoint } = this.#owner;
    this.#fetch = token instanceof FileFetch ? token : undefined;
    this.#name = this.#fetch?.name ?? name;
    const sink = this.#fetch?.sink(size) ?? (late === true ? nowhere() : endpoint.shares.take(name, size));
    const file: IncomingFile = new IncomingFile(size, sink, () => {
      if (file === this.#file) this.#watch(file);
    });
    this.#file = file;
    this.#fetch?.begin(file);
    this.#heardAt = this.#owner.now();
    this.#watch(file);
    const work: Promise<unknown> = this.#await(file, this.#fetch, late === true).finally(() => {
      this.#unfinished.delete(work);
    });
    this.#unfinished.add(work);
  }

  /** The next bytes of it. */
  body(bytes: Uint8Array): void {
    const file = this.#file;
    if (file === undefined) return; // its conversation has ended
    this.#heardAt = this.#owner.now();
    file.add(bytes);
    if (!file.isOver) this.#fetch?.advance();
    else if (file.missing === 0) this.#file = this.#fetch = undefined; // the rest of one that was not kept
    this.#watch(this.#file);
  }

  /** When the rest of a file is given up that does not come. */
  get nextDeadline(): number {
    const isWaiting = this.#file !== undefined && this.#file.missing > 0 && !this.#isHeld;
    return isWaiting ? this.#heardAt + this.#owner.endpoint.limits.silenceMs : Infinity;
  }

  expire(now: number): void {
    if (now < this.nextDeadline) return;
    const file = this.#file!;
    const { silenceMs } = this.#owner.endpoint.limits;
    const text = `${this.#owner.label} has sent ${file.size - file.missing} of ${file.size} bytes of file ` +
      `${quoteName(this.#name)} and then nothing for ${silenceMs} ms (limits.silenceMs)`;
    const error = new BrokenError("silent", text, { outcome: "unknown" });
    file.abort(error);
    this.#owner.breakLink(error);
  }

  /** No more will come on this link. A file that is whole is still taken to its place. */
  end(error: (what: string, wasSent: boolean) => ParleyError): void {
    this.#file?.abort(error(`file ${quoteName(this.#name)}`, true));
    this.#file = this.#fetch = undefined;
    this.#hold(false);
  }

  async #await(file: IncomingFile, fetch: FileFetch | undefined, late: boolean): Promise<void> {
    const { endpoint, peer, label } = this.#owner;
    const name = this.#name;
    try {
      const path = await file.done;
      if (fetch !== undefined) fetch.finish(path);
      else if (!late) {
        endpoint.chain.event({ kind: "file", how: "received", name, path, size: file.size }, peer);
      }
    } catch (error) {
      const doing = `${label} sends file ${quoteName(name)} (${file.size} bytes), which is not kept`;
      if (fetch !== undefined) fetch.reject(error);
      else if (!late) this.#owner.report(error, doing);
    }
    if (file !== this.#file) return;
    if (file.missing === 0) this.#file = this.#fetch = undefined;
    if (this.#file === undefined) this.#settled();
    this.#watch(this.#file);
  }

  /** Reading stops while too much waits for the disk, and while what comes next may speak of the file. */
  #watch(file: IncomingFile | undefined): void {
    const waiting = file?.waitingBytes ?? 0;
    this.#hold(file?.isFinishing === true || waiting > (this.#isHeld ? LOW_BYTES : HIGH_BYTES));
    this.#owner.wake(this.nextDeadline);
  }

  #hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    this.#heardAt = this.#owner.now(); // what was left unread is no silence
    if (isHeld) this.#owner.gate.hold("files");
    else this.#owner.gate.release("files");
  }
}

/** For the answer to a request that nobody waits for any more. */
function nowhere(): Promise<FileSink> {
  return Promise.resolve({
    path: "",
    write: () => Promise.resolve(),
    publish: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  });
}
