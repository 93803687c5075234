/**
 * What was typed before, kept in a file between sessions.
 *
 * @module
 */

/** How a {@linkcode History} is kept. */
export interface HistoryOptions {
  /** The file, made with mode 0600 when it is not there. Undefined: kept for this session only. */
  path?: string;
  /** Most entries kept when the file is loaded, and in memory. Default: 5,000. */
  maxEntries?: number;
  /** Tells of an input that holds what must not be written down. Default: none does. */
  isSecret?(input: string): boolean;
  /** Hears, at most once, that the file cannot be used. Default: nobody is told. */
  onProblem?(message: string): void;
}

// A pasted file of a megabyte is worth recalling in this session, but would make every later start slower.
const maxSavedChars = 64 * 1024;

/**
 * The inputs of this and earlier sessions. Each is one JSON string on a line of its own, so one of several lines stays
 * one entry. Entries are appended, never rewritten, so that two sessions share a file; only a file that has grown to
 * twice its limit is cut down, under a lock, when it is loaded.
 *
 * Trouble with the file never throws: it is said once, and the session goes on without the file.
 */
export class History {
  readonly #maxEntries: number;
  readonly #onProblem: (message: string) => void;
  readonly #isSecret: (input: string) => boolean;
  readonly #entries: string[] = [];
  #path: string | undefined;

  /** Load the file, when there is one. */
  constructor(options: HistoryOptions = {}) {
    this.#maxEntries = options.maxEntries ?? 5000;
    this.#onProblem = options.onProblem ?? (() => {});
    this.#isSecret = options.isSecret ?? (() => false);
    this.#path = options.path;
    if (this.#path !== undefined) this.#withFile((path) => this.#load(path));
  }

  /** What was typed, oldest first. */
  get entries(): readonly string[] {
    return this.#entries;
  }

  /** The file in use; undefined when there is none or it cannot be used. */
  get path(): string | undefined {
    return this.#path;
  }

  /**
   * Keep an input, in the file at once: what is evaluated next may be the end of this process. Left out are blank
   * inputs, those that begin with a space or hold a secret, and one equal to the input before it.
   */
  add(input: string): void {
    if (input.trim() === "" || input.startsWith(" ") || input === this.#entries.at(-1)) return;
    if (this.#isSecret(input)) return;
    this.#remember(input);
    if (input.length > maxSavedChars) return;
    this.#withFile((path) => append(path, `${JSON.stringify(input)}\n`));
  }

  #remember(input: string): void {
    if (input === this.#entries.at(-1)) return;
    this.#entries.push(input);
    if (this.#entries.length > this.#maxEntries) this.#entries.shift();
  }

  #withFile(use: (path: string) => void): void {
    if (this.#path === undefined) return;
    try {
      use(this.#path);
    } catch (error) {
      const path = this.#path;
      this.#path = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      this.#onProblem(`Cannot keep the history in "${path}": ${reason}. This session's inputs are not saved`);
    }
  }

  #load(path: string): void {
    Deno.mkdirSync(folderOf(path), { recursive: true, mode: 0o700 });
    using file = Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
    const { isFile, mode, size } = file.statSync();
    if (!isFile) throw new TypeError("It is not a regular file");
    // A file made by hand may be open to others; what is typed here can hold passwords.
    if (mode !== null && (mode & 0o077) !== 0) Deno.chmodSync(path, 0o600);
    file.lockSync(true);
    try {
      const bytes = new Uint8Array(size);
      let length = 0;
      for (let n; length < size && (n = file.readSync(bytes.subarray(length))) !== null;) length += n;
      const lines = new TextDecoder().decode(bytes.subarray(0, length)).split("\n");
      for (const line of lines) {
        const entry = parseEntry(line);
        if (entry !== undefined) this.#remember(entry);
      }
      // A line cut off by a crash must not swallow the next one appended to it.
      if (lines.at(-1) !== "") writeAll(file, "\n");
      if (lines.length > 2 * this.#maxEntries) this.#rewrite(file);
    } finally {
      file.unlockSync();
    }
  }

  #rewrite(file: Deno.FsFile): void {
    file.truncateSync(0);
    file.seekSync(0, Deno.SeekMode.Start);
    const kept = this.#entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    writeAll(file, kept);
  }
}

/**
 * Where the history is kept: `$PARLEY_HISTORY` (empty: nowhere), else `parley/history` in `$XDG_STATE_HOME` or
 * `~/.local/state`. Undefined when it is switched off or no home directory is known.
 */
export function historyPath(
  environment: { get(name: string): string | undefined } = Deno.env,
): string | undefined {
  const chosen = environment.get("PARLEY_HISTORY");
  if (chosen !== undefined) return chosen === "" ? undefined : chosen;
  const state = environment.get("XDG_STATE_HOME");
  if (state) return `${state}/parley/history`;
  const home = environment.get("HOME") ?? environment.get("USERPROFILE");
  return home ? `${home}/.local/state/parley/history` : undefined;
}

/** The folder of a file. By hand: the history is there before the first prompt, and `node:path` takes 8 ms to load. */
function folderOf(path: string): string {
  return /^(.*)[/\\][^/\\]*$/s.exec(path)?.[1] || ".";
}

function append(path: string, line: string): void {
  using file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
  file.lockSync(true); // another session may be cutting the file down
  try {
    writeAll(file, line);
  } finally {
    file.unlockSync();
  }
}

function writeAll(file: Deno.FsFile, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
}

/** The entry on a line of the file, or undefined for a line that is damaged or empty. */
function parseEntry(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch {
    return undefined;
  }
}
