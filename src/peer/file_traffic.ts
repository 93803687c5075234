import { type ParleyError, ProtocolError } from "../errors.ts";
import type { RequestId } from "../message.ts";
import { needAbility } from "../session_errors.ts";
import type { SessionEvent } from "../session_event.ts";
import { localTarget } from "../files/local_target.ts";
import { OutgoingFile } from "../files/outgoing_file.ts";
import { quoteName } from "../files/remote_name.ts";
import { type FetchWait, FileFetch, type ReceivedFile } from "./file_fetch.ts";
import type { FileOwner, FileWait } from "./file_owner.ts";
import { FileReceiver } from "./file_receiver.ts";
import { FileSender, type SentFile } from "./file_sender.ts";

/**
 * The files of one conversation: those that this side sends or asks for, those that come, and those that the other
 * side asks for.
 */
export class FileTraffic {
  readonly #owner: FileOwner;
  readonly #sender: FileSender;
  readonly #receiver: FileReceiver;
  /** What has come behind a file that is not at its place yet: it may speak of that file. */
  #deferred: SessionEvent[] = [];
  /** Counts the links that have ended: a request is only answered on its own. */
  #links = 0;

  constructor(owner: FileOwner) {
    this.#owner = owner;
    this.#sender = new FileSender(owner);
    this.#receiver = new FileReceiver(owner, () => this.#goOn());
  }

  // ---- what users do

  async send(path: string, name: string, wait: FileWait): Promise<SentFile> {
    const { dialect } = this.#owner.endpoint;
    needAbility(dialect, "file", `file "${name}"`);
    const { size } = await this.#sender.send({ name, wait, open: () => OutgoingFile.open(path) });
    return { name, size };
  }

  async get(name: string, path: string, wait: FetchWait): Promise<ReceivedFile> {
    const { endpoint } = this.#owner;
    const what = `a request for file "${name}"`;
    needAbility(endpoint.dialect, "file", what);
    if (!this.#owner.canCall) throw this.#owner.cannotSend(what);
    const target = await localTarget(path, wait.overwrite === true);
    return await new FileFetch(this.#owner, name, target, wait).run();
  }

  // ---- what comes

  on(event: SessionEvent & { kind: "file" | "body" | "file-request" }): void {
    if (event.kind === "file") this.#receiver.begin(event);
    else if (event.kind === "body") this.#receiver.body(event.bytes);
    else this.#serve(event.id, event.name);
  }

  /**
   * Keeps `events` from the one at `from` until the file before them is at its place; false when they need not wait.
   * Little is kept: no more is read meanwhile. What the clock brings does not wait.
   */
  defers(events: readonly SessionEvent[], from: number): boolean {
    const mustWait = this.#receiver.isFinishing || this.#deferred.length > 0;
    if (!mustWait || TIMELY.has(events[from].kind)) return false;
    this.#deferred.push(...events.slice(from));
    return true;
  }

  // ---- the link and the clock

  get nextDeadline(): number {
    return Math.min(this.#sender.nextDeadline, this.#receiver.nextDeadline);
  }

  expire(now: number): void {
    this.#sender.expire(now);
    this.#receiver.expire(now);
  }

  /** Settles when no file is open any more; `undefined` when that is so. */
  get unfinished(): Promise<unknown> | undefined {
    const { unfinished } = this.#receiver;
    return unfinished === undefined
      ? this.#sender.unfinished
      : Promise.allSettled([unfinished, this.#sender.unfinished]);
  }

  /** True while a file has begun and some of it was not said yet. */
  get isInBody(): boolean {
    return this.#sender.isInBody;
  }

  /** Something was written: there may be room for more. */
  advance(): void {
    this.#sender.advance();
  }

  /** The link is lost or closes: `error` for whoever has a file under way. Returns what was kept. */
  end(error: (what: string, wasSent: boolean) => ParleyError): readonly SessionEvent[] {
    this.#links++;
    this.#sender.end(error);
    this.#receiver.end(error);
    const kept = this.#deferred;
    this.#deferred = [];
    return kept;
  }

  #serve(id: RequestId, name: string): void {
    const { endpoint, label, peer } = this.#owner;
    const links = this.#links;
    const open = () => endpoint.shares.open(name);
    this.#sender.send({ name, id, wait: {}, open }).then(
      ({ path, size }) => endpoint.chain.event({ kind: "file", how: "served", name, path, size }, peer),
      (thrown) => {
        this.#owner.report(thrown, `${label} asks for file ${quoteName(name)}, which is not sent`);
        if (links === this.#links && this.#owner.isOpen) this.#fail(id, thrown);
      },
    );
  }

  /** Tells the other side that it gets no file, where the dialect has a word for that. Paths of ours are no matter of it. */
  #fail(id: RequestId, thrown: unknown): void {
    const { code } = thrown as { code?: string };
    const message = thrown instanceof ProtocolError ? thrown.message : "it cannot be sent";
    try {
      this.#owner.session.fail(id, code ?? "io", message);
      this.#owner.flush();
    } catch {
      // It has none: the other side waits until its own patience ends, and here it was reported.
    }
  }

  #goOn(): void {
    const kept = this.#deferred;
    this.#deferred = [];
    if (kept.length > 0) this.#owner.feed(kept);
  }
}

/** What does not wait for a file: it is told by the clock, and comes from nowhere. */
const TIMELY: ReadonlySet<SessionEvent["kind"]> = new Set(["failed", "stale", "lost"]);
