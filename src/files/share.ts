import { asError, BrokenError, ProtocolError, UsageTypeError } from "../errors.ts";
import { diskFailure } from "./disk_failure.ts";
import { checkFreeSpace } from "./free_space.ts";
import { OutgoingFile } from "./outgoing_file.ts";
import { type FileSink, PartFile } from "./part_file.ts";
import { ReceivedTotal } from "./received_total.ts";
import { parseRemoteName } from "./remote_name.ts";
import { findBelow, placeBelow } from "./share_place.ts";
import {
  type ResolvedShareOptions,
  resolveShareOptions,
  type ShareMode,
  type ShareOptions,
} from "./share_options.ts";

/**
 * A directory that the other side may get files from, or put files into: what `share()` returns. Nothing outside of it
 * is ever read or written, whatever names and links say.
 *
 * @example
 * ```ts
 * import { createServer } from "@parley/parley";
 *
 * const server = createServer("tcp://127.0.0.1:0", { dialect: "clever-show" });
 * const share = server.share(Deno.makeTempDirSync(), { mode: "write-new", maxFileBytes: 10_000_000 });
 * share.stop(); // or `using share = …`
 * ```
 */
export class Share implements Disposable {
  /** The directory, by its real path. */
  readonly directory: string;
  readonly #options: ResolvedShareOptions;
  readonly #total: ReceivedTotal;
  #isStopped = false;

  /**
   * Made by `share()` of a server or a client.
   *
   * @throws {UsageTypeError} code `usage`: an option is wrong, or it is no directory.
   * @throws {BrokenError} `no_such_path`, `permission`.
   * @internal
   */
  constructor(directory: string, options?: ShareOptions) {
    this.#options = resolveShareOptions(options);
    if (typeof directory !== "string" || directory === "") {
      throw new UsageTypeError(
        `Cannot share ${JSON.stringify(directory)}: the path of a directory is wanted`,
      );
    }
    this.directory = realDirectory(directory);
    this.#total = new ReceivedTotal(this.#options.maxTotalBytes);
  }

  /** What the other side may do there. */
  get modes(): readonly ShareMode[] {
    return this.#options.modes;
  }

  /** True until {@linkcode Share.stop} was called. */
  get isActive(): boolean {
    return !this.#isStopped;
  }

  /** Shares it no longer. Files under way are still taken to their end. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Stops at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.stop();
  }

  /**
   * Opens the file that the other side asks for as `name`.
   *
   * @throws {ProtocolError} not fatal: `bad_name`, `not_found`, `not_a_file`, `outside`.
   * @throws {BrokenError} `permission`, `io`, `too_many_files`.
   * @internal
   */
  async open(name: string): Promise<OutgoingFile> {
    return await OutgoingFile.open(await findBelow(this.directory, this.#segments(name)), true);
  }

  /**
   * A place for the file of `size` bytes that the other side sends as `name`.
   *
   * @throws {ProtocolError} not fatal: `bad_name`, `too_large`, `quota`, `exists`, `twin`, `outside`.
   * @throws {BrokenError} `permission`, `disk_full`, `no_such_path`, `io`.
   * @internal
   */
  async take(name: string, size: number): Promise<FileSink> {
    const { maxFileBytes } = this.#options;
    const segments = this.#segments(name);
    if (size > maxFileBytes) {
      throw refused("too_large", `it has ${size} bytes (maxFileBytes ${maxFileBytes} of share())`);
    }
    const claim = await this.#total.claim(size);
    try {
      await checkFreeSpace(this.directory, size);
      const replaces = this.modes.includes("overwrite");
      const place = await placeBelow(this.directory, segments, replaces);
      try {
        const part = await PartFile.create(place.directory, place.name, replaces);
        return new SharedSink(part, (path) => claim.keep(path), async () => {
          claim.release();
          await place.leave();
        });
      } catch (error) {
        await place.leave();
        throw error;
      }
    } catch (error) {
      claim.release();
      throw error;
    }
  }

  #segments(name: string): readonly string[] {
    let renamed: string | undefined;
    try {
      renamed = this.#options.rename(name);
    } catch (thrown) {
      throw refused("bad_name", `the option rename of share() threw: ${asError(thrown).message}`);
    }
    if (renamed === undefined) throw refused("bad_name", "the option rename of share() does not want it");
    return parseRemoteName(renamed);
  }
}

/** A file that is being received into a share, which counts it. */
class SharedSink implements FileSink {
  readonly #part: PartFile;
  readonly #keep: (path: string) => void;
  readonly #leave: () => Promise<void>;

  constructor(part: PartFile, keep: (path: string) => void, leave: () => Promise<void>) {
    this.#part = part;
    this.#keep = keep;
    this.#leave = leave;
  }

  get path(): string {
    return this.#part.path;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#part.write(bytes);
  }

  async publish(): Promise<void> {
    await this.#part.publish();
    this.#keep(this.path);
  }

  async discard(): Promise<void> {
    await this.#part.discard();
    await this.#leave();
  }
}

function realDirectory(directory: string): string {
  let real: string;
  let isDirectory: boolean;
  try {
    real = Deno.realPathSync(directory);
    isDirectory = Deno.statSync(real).isDirectory;
  } catch (thrown) {
    throw diskFailure(`Cannot share ${directory}`, thrown);
  }
  if (!isDirectory) throw new BrokenError("no_such_path", `Cannot share ${directory}: it is no directory`);
  return real;
}

function refused(code: string, why: string): ProtocolError {
  return new ProtocolError(code, why, { fatal: false });
}
