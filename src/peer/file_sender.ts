import { asError, BrokenError, CancelledError, type Outcome, ParleyError, TimeoutError } from "../errors.ts";
import type { RequestId } from "../message.ts";
import type { OutgoingFile } from "../files/outgoing_file.ts";
import type { FileOwner, FileWait } from "./file_owner.ts";
import { meterOf } from "./file_meter.ts";
import { WaitList } from "./wait_list.ts";

/** What `sendFile` resolves with. */
export interface SentFile {
  /** The name that the other side was given. */
  readonly name: string;
  /** How many bytes were sent. */
  readonly size: number;
}

/** A file that is to be sent. */
export interface FileJob {
  readonly name: string;
  readonly wait: FileWait;
  /** Set when it answers a request of the other side. */
  readonly id?: RequestId;
  open(): Promise<OutgoingFile>;
}

interface Queued {
  readonly job: FileJob;
  resolve(sent: SentFile & { readonly path: string }): void;
  reject(error: unknown): void;
}

/**
 * Sends files one after the other: the wire has no way to mix two. While one is under way, what else is said waits
 * behind it.
 */
export class FileSender {
  readonly #owner: FileOwner;
  readonly #queue: Queued[] = [];
  /** Whoever waits until enough was written: at most one. */
  readonly #room = new WaitList<void>();
  /** True while a file has begun and some of it was not said yet. */
  isInBody = false;
  /** Set while files are being sent. */
  #sending: Promise<void> | undefined;
  /** Counts the links that were lost: a file does not go on with another one. */
  #lost = 0;
  #lostError: ((what: string, wasSent: boolean) => ParleyError) | undefined;

  constructor(owner: FileOwner) {
    this.#owner = owner;
  }

  /** Resolves when the last byte was handed to the system. */
  send(job: FileJob): Promise<SentFile & { readonly path: string }> {
    if (this.#queue.length >= MAX_QUEUED) {
      const text = `${this.#named(job)} is not sent: ${this.#queue.length} files wait already`;
      return Promise.reject(new ParleyError("busy", text, NOT_SENT));
    }
    const { signal } = job.wait;
    if (signal === undefined) return this.#enqueue(job);
    if (signal.aborted) return Promise.reject(this.#cancelled(job, "not-sent"));
    const cancel = () => {
      const at = this.#queue.findIndex((queued) => queued.job === job);
      // One that has begun looks at its signal itself.
      for (const { reject } of at < 0 ? [] : this.#queue.splice(at, 1)) {
        reject(this.#cancelled(job, "not-sent"));
      }
    };
    signal.addEventListener("abort", cancel);
    return this.#enqueue(job).finally(() => signal.removeEventListener("abort", cancel));
  }

  #enqueue(job: FileJob): Promise<SentFile & { readonly path: string }> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#sending ??= this.#run();
    });
  }

  /** Settles when no file is open any more; `undefined` when that is so. */
  get unfinished(): Promise<unknown> | undefined {
    return this.#sending;
  }

  get nextDeadline(): number {
    return this.#room.nextDeadline;
  }

  expire(now: number): void {
    this.#room.expire(now);
  }

  /** Something was written. */
  advance(): void {
    if (this.#room.size > 0) this.#room.resolveAll();
  }

  /** The link is gone, and with it whatever waits. */
  end(error: (what: string, wasSent: boolean) => ParleyError): void {
    this.#lost++;
    this.#lostError = error;
    for (const { job, reject } of this.#queue.splice(0)) reject(error(`file "${job.name}"`, false));
    this.#room.resolveAll();
  }

  async #run(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      try {
        next.resolve(await this.#send(next.job));
      } catch (error) {
        next.reject(error);
      }
    }
    this.#sending = undefined; // in the same moment, or a file that is sent now would wait for ever
  }

  async #send(job: FileJob): Promise<SentFile & { readonly path: string }> {
    const { session } = this.#owner;
    const { name, wait, id } = job;
    const lost = this.#lost;
    this.#checkMayBegin(job);
    using file = await job.open();
    this.#checkMayBegin(job);
    await this.#roomFor(job, lost, false, AHEAD_BYTES);
    session.file(name, file.size, id);
    this.isInBody = file.size > 0;
    const meter = meterOf(this.#owner, name, file.size, wait.onProgress);
    try {
      await this.#body(job, file, lost, (bytes) => meter?.advance(bytes, this.#owner.now()));
    } catch (error) {
      // The size was promised: without the rest the other side would take what follows for it.
      if (this.#lost === lost) this.#owner.breakLink(cut(this.#named(job), file, error));
      throw error;
    } finally {
      this.isInBody = false;
    }
    const handedOver = session.counts.bytesOut + session.outputBytes;
    this.#owner.flush();
    while (session.counts.bytesOut - (this.#owner.unsentBytes - session.outputBytes) < handedOver) {
      await this.#written(job, lost, true);
    }
    await file.checkUnchanged();
    meter?.finish(this.#owner.now());
    return { name, size: file.size, path: file.path };
  }

  async #body(job: FileJob, file: OutgoingFile, lost: number, told: (bytes: number) => void): Promise<void> {
    const { session } = this.#owner;
    this.#owner.flush();
    while (file.missing > 0) {
      const piece = await file.read();
      this.#checkGoesOn(job, lost, true);
      session.body(piece);
      this.#owner.flush();
      told(file.size - file.missing);
      if (file.missing > 0) await this.#roomFor(job, lost, true, AHEAD_BYTES);
    }
  }

  async #roomFor(job: FileJob, lost: number, wasSent: boolean, bytes: number): Promise<void> {
    while (this.#owner.unsentBytes >= bytes) await this.#written(job, lost, wasSent);
    this.#checkGoesOn(job, lost, wasSent);
  }

  /** Waits until something was written. */
  async #written({ name, wait }: FileJob, lost: number, wasSent: boolean): Promise<void> {
    const { endpoint, label } = this.#owner;
    const { timeoutMs = endpoint.limits.sendMs, signal } = wait;
    const deadline = this.#owner.now() + timeoutMs;
    const outcome = wasSent ? "unknown" : "not-sent";
    const what = `File "${name}" to ${label}`;
    const timeout = () => {
      const text = `${what}: the other side took nothing of it for ${timeoutMs} ms; ` +
        `${this.#owner.unsentBytes} bytes wait to be written`;
      return new TimeoutError("timeout", text, { outcome });
    };
    this.#checkLost(name, lost, wasSent);
    this.#owner.wake(deadline);
    await this.#room.add({ deadline, timeout, signal, what, outcome });
    this.#checkLost(name, lost, wasSent);
  }

  #checkMayBegin(job: FileJob): void {
    const { signal } = job.wait;
    if (signal?.aborted) throw this.#cancelled(job, "not-sent");
    // The other side may have gone while handlers still run: nobody ends a file that begins then.
    if (!this.#owner.isOpen || !this.#owner.canCall) throw this.#owner.cannotSend(`file "${job.name}"`);
  }

  #checkGoesOn(job: FileJob, lost: number, wasSent: boolean): void {
    const { signal } = job.wait;
    this.#checkLost(job.name, lost, wasSent);
    if (signal?.aborted) throw this.#cancelled(job, wasSent ? "unknown" : "not-sent");
  }

  #checkLost(name: string, lost: number, wasSent: boolean): void {
    if (this.#lost !== lost) throw this.#lostError!(`file "${name}"`, wasSent);
  }

  #cancelled(job: FileJob, outcome: Outcome): CancelledError {
    return new CancelledError(this.#named(job), job.wait.signal!, outcome);
  }

  #named({ name }: FileJob): string {
    return `File "${name}" to ${this.#owner.label}`;
  }
}

/** What the link ends with when a file cannot be sent to its end. */
function cut(named: string, file: OutgoingFile, thrown: unknown): BrokenError {
  const sent = file.size - file.missing;
  const text =
    `${named} was cut after ${sent} of ${file.size} bytes (${asError(thrown).message}); the link has to ` +
    `close, since the other side would take what follows for the rest`;
  return new BrokenError("file_cut", text, { cause: thrown });
}

/** How much is read ahead of the wire, in bytes: enough to keep it busy, and little on a hundred links at once. */
const AHEAD_BYTES = 256 * 1024;
/** Files that wait for their turn on one link. */
const MAX_QUEUED = 1024;
const NOT_SENT = Object.freeze({ outcome: "not-sent" as const });
