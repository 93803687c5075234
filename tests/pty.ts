/**
 * Runs a program on a pseudo terminal, types at it and sees what a user would see. Linux only.
 *
 *     await using pty = Pty.run([Deno.execPath(), "run", "-A", "src/cli/main.ts"], { columns: 80, rows: 24 });
 *     await pty.waitFor("> ");
 *     pty.type("1 + 1");
 *     pty.press("Enter");
 *     await pty.waitFor(/^2$/m);
 *     assert.equal(await pty.exited(), 0);
 *
 * Nothing here waits without a deadline.
 *
 * @module
 */

import { Screen } from "./screen.ts";

/** Whether there are pseudo terminals here; tests that need one use it as `ignore: !ptyAvailable`. */
export const ptyAvailable: boolean = Deno.build.os === "linux";

// At module level because a first load inside a test counts as a leak of that test.
const libc = ptyAvailable
  ? Deno.dlopen("libc.so.6", {
    posix_openpt: { parameters: ["i32"], result: "i32" },
    grantpt: { parameters: ["i32"], result: "i32" },
    unlockpt: { parameters: ["i32"], result: "i32" },
    ptsname_r: { parameters: ["i32", "buffer", "usize"], result: "i32" },
    ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
    fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
    poll: { parameters: ["buffer", "usize", "i32"], result: "i32", nonblocking: true },
    read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    close: { parameters: ["i32"], result: "i32" },
    tcgetattr: { parameters: ["i32", "buffer"], result: "i32" },
  }).symbols
  : undefined;

// Without close-on-exec the program would hold its own terminal open, and no hang-up would ever reach it.
const openReadWriteNoControlCloseOnExec = 0o2000402;
const setStatusFlags = 4;
const nonBlocking = 0o4000;
const setWindowSize = 0x5414n;
const pollIn = 1;
const pollOut = 4;
const canonical = 2; // in c_lflag
const echo = 8;

/** The keys a test may press, and what a terminal sends for them. */
export const keys = {
  Enter: "\r",
  Tab: "\t",
  Backspace: "\x7f",
  Delete: "\x1b[3~",
  Escape: "\x1b",
  Up: "\x1b[A",
  Down: "\x1b[B",
  Right: "\x1b[C",
  Left: "\x1b[D",
  Home: "\x1b[H",
  End: "\x1b[F",
  "Alt-B": "\x1bb",
  "Alt-D": "\x1bd",
  "Alt-F": "\x1bf",
  "Alt-Enter": "\x1b\r",
  "Ctrl-A": "\x01",
  "Ctrl-C": "\x03",
  "Ctrl-D": "\x04",
  "Ctrl-E": "\x05",
  "Ctrl-G": "\x07",
  "Ctrl-K": "\x0b",
  "Ctrl-L": "\x0c",
  "Ctrl-R": "\x12",
  "Ctrl-U": "\x15",
  "Ctrl-W": "\x17",
  "Ctrl-Y": "\x19",
  "Ctrl-Z": "\x1a",
} as const;

/** How the program is run. */
export interface PtyOptions {
  /** The width of the terminal. Default: 80. */
  columns?: number;
  /** Its height. Default: 24. */
  rows?: number;
  /** Added to the environment. `TERM` is `xterm-256color` and `NO_COLOR` is unset unless given here. */
  env?: Record<string, string>;
  /** The working directory. Default: that of the tests. */
  cwd?: string;
}

/** A program running on a pseudo terminal of its own. */
export class Pty implements AsyncDisposable {
  readonly #fd: number;
  readonly #child: Deno.ChildProcess;
  readonly #screen: Screen;
  readonly #decoder = new TextDecoder();
  readonly #reading: Promise<void>;
  readonly #status: Promise<Deno.CommandStatus>;
  #output = "";
  #unsent = new Uint8Array();
  #closing = false;
  #paused = false;
  #hungUp = false;
  #changed = Promise.withResolvers<void>();

  private constructor(fd: number, child: Deno.ChildProcess, screen: Screen) {
    this.#fd = fd;
    this.#child = child;
    this.#screen = screen;
    this.#status = child.status;
    this.#reading = this.#pump();
  }

  /**
   * Start a program. Its standard input, output and error are the terminal, which is its controlling terminal.
   *
   * @throws {Error} when this system has no pseudo terminals.
   */
  static run(command: readonly [string, ...string[]], options: PtyOptions = {}): Pty {
    if (libc === undefined) {
      throw new Error("Pseudo terminals are for Linux only: skip where ptyAvailable is false");
    }
    const { columns = 80, rows = 24, env = {}, cwd } = options;
    const fd = libc.posix_openpt(openReadWriteNoControlCloseOnExec);
    const name = new Uint8Array(64);
    if (fd < 0 || libc.grantpt(fd) !== 0 || libc.unlockpt(fd) !== 0 || libc.ptsname_r(fd, name, 64n) !== 0) {
      throw new Error("Cannot open a pseudo terminal");
    }
    libc.fcntl(fd, setStatusFlags, nonBlocking | 0o2);
    libc.ioctl(fd, setWindowSize, windowSize(columns, rows));
    const path = new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
    // A session leader without a terminal gets the first one it opens as its controlling terminal.
    // NO_COLOR of whoever runs the tests would decide what they see; set to nothing it would still count for Deno.
    const unset = "NO_COLOR" in env ? "" : "unset NO_COLOR; ";
    const child = new Deno.Command("setsid", {
      args: ["sh", "-c", `${unset}exec "$@" <>"$0" >&0 2>&1`, path, ...command],
      env: { TERM: "xterm-256color", ...env },
      cwd,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    return new Pty(fd, child, new Screen(columns, rows));
  }

  /** Everything the program wrote so far, escape sequences and all. */
  get output(): string {
    return this.#output;
  }

  /** Where the cursor is on the screen, from 0. */
  get cursor(): { row: number; column: number } {
    return this.#screen.cursor;
  }

  /** The private terminal modes that are on, such as `"2004"` for bracketed paste. */
  get modes(): ReadonlySet<string> {
    return this.#screen.modes;
  }

  /** Whether the terminal collects lines and echoes by itself, as a shell expects to find it. */
  get cooked(): boolean {
    const termios = new Uint8Array(64);
    if (libc!.tcgetattr(this.#fd, termios) !== 0) throw new Error("Cannot ask for the terminal's mode");
    const flags = new DataView(termios.buffer).getUint32(12, true);
    return (flags & canonical) !== 0 && (flags & echo) !== 0;
  }

  /** The process id of the program. */
  get pid(): number {
    return this.#child.pid;
  }

  /** What the screen shows, without spaces at the end of rows and without empty rows at the bottom. */
  screen(): string {
    return this.#screen.text;
  }

  /** The same with everything that scrolled away above. */
  scrollback(): string {
    return this.#screen.scrollback;
  }

  /** Type text as it is. */
  type(text: string): void {
    const bytes = new TextEncoder().encode(text);
    const all = new Uint8Array(this.#unsent.length + bytes.length);
    all.set(this.#unsent);
    all.set(bytes, this.#unsent.length);
    this.#unsent = all;
    this.#send();
  }

  /** Press keys one after another. */
  press(...names: (keyof typeof keys)[]): void {
    for (const name of names) this.type(keys[name]);
  }

  /** Paste text, between the marks of bracketed paste when the program has switched that on. */
  paste(text: string): void {
    const sent = text.replaceAll("\n", "\r");
    this.type(this.modes.has("2004") ? `\x1b[200~${sent}\x1b[201~` : sent);
  }

  /** Read nothing of what the program writes until {@linkcode resume}, as a terminal behind a connection that hangs. */
  pause(): void {
    this.#paused = true;
  }

  /** Read on. */
  resume(): void {
    this.#paused = false;
  }

  /** Give the terminal another size. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#screen.resize(columns, rows);
    libc!.ioctl(this.#fd, setWindowSize, windowSize(columns, rows));
  }

  /**
   * Wait until the screen shows a text, or something that matches.
   *
   * @throws {Error} after `timeoutMs` (default: 10 s) or when the program has ended, with the screen as it is.
   */
  waitFor(wanted: string | RegExp, timeoutMs: number = 10_000): Promise<void> {
    const shows = () => {
      const screen = this.screen();
      return typeof wanted === "string" ? screen.includes(wanted) : wanted.test(screen);
    };
    return this.until(shows, typeof wanted === "string" ? JSON.stringify(wanted) : String(wanted), timeoutMs);
  }

  /** Wait until a condition holds; it is asked again whenever the program has written something. */
  async until(holds: () => boolean, what: string, timeoutMs: number = 10_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!holds()) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || this.#hungUp) {
        const why = this.#hungUp ? "before the program ended" : `within ${timeoutMs} ms`;
        throw new Error(
          `The terminal did not show ${what} ${why}. It shows:\n${this.screen()}\n(end of screen)`,
        );
      }
      // Conditions may be about the terminal's mode too, of which no output tells: look again every 50 ms.
      await this.#nextOutput(Math.min(leftMs, 50));
    }
  }

  /**
   * Wait for the program to end; gives its exit code, 128 + n after a signal.
   *
   * @throws {Error} after `timeoutMs`, by default 10 s.
   */
  async exited(timeoutMs: number = 10_000): Promise<number> {
    let code: number | undefined;
    this.#status.then((status) => code = status.code);
    await this.until(() => code !== undefined || this.#hungUp, "the end of the program", timeoutMs);
    code ??= (await this.#status).code;
    await this.#reading;
    return code;
  }

  /** Send the program a signal. */
  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Hang up: the program's terminal is gone. Then see that it ends, by force after 2 s. Gives its exit code. */
  async close(): Promise<number> {
    if (!this.#closing) {
      this.#closing = true;
      await this.#reading;
      libc!.close(this.#fd);
    }
    const force = setTimeout(() => this.#child.kill("SIGKILL"), 2000);
    const { code } = await this.#status;
    clearTimeout(force);
    return code;
  }

  /** The same as {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #pump(): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    while (!this.#closing && !this.#hungUp) {
      const request = new Uint8Array(8);
      const view = new DataView(request.buffer);
      view.setInt32(0, this.#fd, true);
      view.setInt16(4, (this.#paused ? 0 : pollIn) | (this.#unsent.length > 0 ? pollOut : 0), true);
      // Short, because close() waits for it and what type() adds is looked at only between two polls.
      await libc!.poll(request, 1n, 20);
      const ready = view.getInt16(6, true);
      if ((ready & pollOut) !== 0) this.#send();
      if ((ready & ~pollOut) === 0 || this.#paused) continue;
      const length = Number(libc!.read(this.#fd, buffer, BigInt(buffer.length)));
      // Until the program has opened its side, and after it has ended, the master side answers with an error.
      if (length > 0) await this.#take(this.#decoder.decode(buffer.subarray(0, length), { stream: true }));
      else if (await this.#ended()) this.#hungUp = true;
    }
    this.#wake();
  }

  async #ended(): Promise<boolean> {
    const alive = Symbol("alive");
    const timer = Promise.withResolvers<typeof alive>();
    const id = setTimeout(() => timer.resolve(alive), 5);
    const state = await Promise.race([this.#status, timer.promise]);
    clearTimeout(id);
    return state !== alive;
  }

  async #take(text: string): Promise<void> {
    this.#output += text;
    await this.#screen.write(text);
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async #nextOutput(timeoutMs: number): Promise<void> {
    const changed = this.#changed;
    const id = setTimeout(() => changed.resolve(), timeoutMs);
    await changed.promise;
    clearTimeout(id);
    if (this.#changed === changed) this.#changed = Promise.withResolvers();
  }

  #send(): void {
    const sent = Number(libc!.write(this.#fd, this.#unsent, BigInt(this.#unsent.length)));
    if (sent > 0) this.#unsent = this.#unsent.slice(sent);
  }
}

function windowSize(columns: number, rows: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint16Array([rows, columns, 0, 0]).buffer);
}
