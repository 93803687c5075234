import { UsageRangeError, UsageTypeError } from "../errors.ts";
import { suggestion } from "../suggestion.ts";

/**
 * What the other side may do with a shared directory, and nothing else:
 *
 * - `"read"`: get files
 * - `"write-new"`: put files there that have no name which is taken
 * - `"overwrite"`: put files there, also in the place of others
 */
export type ShareMode = "read" | "write-new" | "overwrite";

/** Options of `share`. */
export interface ShareOptions {
  /** What the other side may do there: one thing, or a list. Default `["read", "write-new"]`. */
  mode?: ShareMode | readonly ShareMode[];
  /**
   * Called with every name that the other side gives to a file, before it is checked: returns the name below the
   * shared directory, or `undefined` to refuse it. For programs that name files by a path of their own, such as
   * `(name) => name.replace("/home/pi/show/", "")`. Default: the name as it is.
   */
  rename?: (name: string) => string | undefined;
  /** The largest file that is taken, in bytes. Default 1 GiB. */
  maxFileBytes?: number;
  /**
   * How much of what has come may lie there at once, in bytes: files that were taken away again do not count, and what
   * was there before does not either. A file that replaces another counts beside it until it is whole. Default 4 GiB. No more than 100,000 files are taken, either way.
   */
  maxTotalBytes?: number;
}

/** {@linkcode ShareOptions} with everything in its place. */
export interface ResolvedShareOptions extends Readonly<Required<Omit<ShareOptions, "mode">>> {
  /** What the other side may do there. */
  readonly modes: readonly ShareMode[];
}

/** The largest file that is taken when nothing is said, in bytes: video of an hour, no disk. */
export const DEFAULT_MAX_FILE_BYTES: number = 1024 ** 3;
/** What may lie in a share when nothing is said, in bytes: four of those. */
export const DEFAULT_MAX_TOTAL_BYTES: number = 4 * 1024 ** 3;

const MODES: readonly ShareMode[] = Object.freeze(["read", "write-new", "overwrite"]);
const USUAL_MODES: readonly ShareMode[] = Object.freeze(["read", "write-new"]);
const NAMES: readonly string[] = Object.freeze(["mode", "rename", "maxFileBytes", "maxTotalBytes"]);

/**
 * The options of a share with the defaults.
 *
 * @throws {UsageTypeError} code `usage`: something is no option, or of the wrong kind.
 * @throws {UsageRangeError} code `usage`: a limit is not a positive whole number.
 */
export function resolveShareOptions(options: ShareOptions = {}): ResolvedShareOptions {
  if (typeof options !== "object" || options === null) {
    throw new UsageTypeError(
      `Cannot use ${
        JSON.stringify(options)
      } as options of share(): an object such as { mode: "read" } is wanted`,
    );
  }
  for (const name of Object.keys(options)) {
    if (NAMES.includes(name)) continue;
    throw new UsageTypeError(`Unknown option "${name}" of share()${suggestion(name, NAMES)}`);
  }
  const { mode = USUAL_MODES, rename = same, maxFileBytes, maxTotalBytes } = options;
  const modes: readonly ShareMode[] = Array.isArray(mode) ? mode : [mode];
  if (modes.length === 0 || !modes.every((each) => MODES.includes(each))) {
    const choices = MODES.map((name) => `"${name}"`).join(", ");
    throw new UsageTypeError(
      `Cannot use ${
        JSON.stringify(mode)
      } as "mode" of share(): one of ${choices}, or a list of them, is wanted`,
    );
  }
  if (typeof rename !== "function") {
    throw new UsageTypeError(
      `Cannot use ${JSON.stringify(rename)} as "rename" of share(): a function is wanted`,
    );
  }
  return Object.freeze({
    modes: Object.freeze([...modes]),
    rename,
    maxFileBytes: bytes("maxFileBytes", maxFileBytes, DEFAULT_MAX_FILE_BYTES),
    maxTotalBytes: bytes("maxTotalBytes", maxTotalBytes, DEFAULT_MAX_TOTAL_BYTES),
  });
}

function same(name: string): string {
  return name;
}

function bytes(name: string, value: unknown, usual: number): number {
  if (value === undefined) return usual;
  if (typeof value !== "number") {
    throw new UsageTypeError(
      `Cannot use ${JSON.stringify(value)} as "${name}" of share(): a number is wanted`,
    );
  }
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new UsageRangeError(`Cannot use ${value} as "${name}" of share(): a whole number from 1 is wanted`);
  }
  return value;
}
