import type { FileProgress, GetFileOptions, Peer, SendFileOptions } from "../../mod.ts";
import { progressBar, progressSummary } from "../show/progress_bar.ts";

/** Where a {@linkcode TransferBoard} shows what it knows. */
export interface TransferScreen {
  /** The width of the screen at this moment. */
  columns(): number;
  /** Shows a line that stands for as long as nothing is typed, or none any more. */
  showStatus(line: string | undefined): void;
  /** Shows a line that stays. */
  print(line: string): void;
}

/** A file on its way. */
interface Transfer {
  readonly label: string;
  readonly startedAt: number;
  progress: FileProgress | undefined;
}

/**
 * Files on their way, sent and fetched: whatever takes longer than a second shows a bar, and one line when it is done.
 * What is quicker shows nothing.
 */
export class TransferBoard {
  readonly #screen: TransferScreen;
  readonly #running: Transfer[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(screen: TransferScreen) {
    this.#screen = screen;
  }

  /** Looks on when files are sent to this peer, or fetched from it. @param name What it is called on the screen. */
  watch(peer: Peer, name: () => string): void {
    const send = peer.sendFile.bind(peer);
    const get = peer.getFile.bind(peer);
    const watched = {
      sendFile: (path: string, remoteName: string, options?: SendFileOptions) =>
        this.#run(`${remoteName} > ${name()}`, options, (watching) => send(path, remoteName, watching)),
      getFile: (remoteName: string, path: string, options?: GetFileOptions) =>
        this.#run(`${remoteName} < ${name()}`, options, (watching) => get(remoteName, path, watching)),
    };
    for (const [key, value] of Object.entries(watched)) {
      Object.defineProperty(peer, key, { value, configurable: true, writable: true });
    }
  }

  async #run<Options extends SendFileOptions | GetFileOptions, Result>(
    label: string,
    options: Options | undefined,
    start: (options: Options | undefined) => Promise<Result>,
  ): Promise<Result> {
    const transfer: Transfer = { label, startedAt: performance.now(), progress: undefined };
    const onProgress = (progress: FileProgress) => {
      transfer.progress = progress;
      if (this.#isLong(transfer)) this.#show();
      return options?.onProgress?.(progress);
    };
    this.#running.push(transfer);
    this.#timer ??= setTimeout(() => this.#look(), SHOW_AFTER_MS);
    try {
      const result = await start(isGoodFor(options) ? { ...options, onProgress } as Options : options);
      if (this.#isLong(transfer) && transfer.progress !== undefined) {
        const ms = performance.now() - transfer.startedAt;
        this.#screen.print(progressSummary(label, transfer.progress.bytes, ms));
      }
      return result;
    } finally {
      this.#running.splice(this.#running.indexOf(transfer), 1);
      this.#show();
    }
  }

  /** Shows what has become long meanwhile, and looks again for as long as there may be more of that. */
  #look(): void {
    this.#show();
    const waiting = this.#running.find((transfer) => !this.#isLong(transfer));
    this.#timer = waiting === undefined
      ? undefined
      : setTimeout(() => this.#look(), waiting.startedAt + SHOW_AFTER_MS - performance.now());
  }

  #show(): void {
    if (this.#running.length === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    const long = this.#running.filter((transfer) => this.#isLong(transfer));
    const shown = long.find(({ progress }) => progress !== undefined);
    if (shown === undefined) return this.#screen.showStatus(undefined);
    const more = long.length > 1 ? ` (+${long.length - 1} more)` : "";
    const line = progressBar(shown.label, shown.progress!, this.#screen.columns() - 1 - more.length);
    this.#screen.showStatus(line + more);
  }

  #isLong({ startedAt }: Transfer): boolean {
    return performance.now() - startedAt >= SHOW_AFTER_MS;
  }
}

/** Options that are wrong stay so, for the call to say what is wrong with them. */
function isGoodFor(options: SendFileOptions | GetFileOptions | undefined): boolean {
  if (options === undefined) return true;
  if (typeof options !== "object" || options === null) return false;
  return options.onProgress === undefined || typeof options.onProgress === "function";
}

/** What is done sooner is done before anybody could read a bar. */
const SHOW_AFTER_MS = 1000;
