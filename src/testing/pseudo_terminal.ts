import type { Libc } from "../transport/serial/libc.ts";
import { SYSTEM } from "../transport/serial/open_line.ts";

/** The two ends of a pseudo terminal: ours, and the path that is opened as a serial port. */
export interface PseudoTerminal {
  /** The descriptor of our end, non-blocking. */
  readonly master: number;
  /** A descriptor of the other end: while it is open, nothing is lost between two programs that open the path. */
  readonly keeper: number;
  /** What is opened as a serial port, such as `/dev/pts/3`. */
  readonly path: string;
}

/** Makes pseudo terminals: see posix_openpt(3). Takes up the C library until `end`. */
export class PseudoTerminals {
  readonly #libc = SYSTEM.take();
  readonly #library = openLibrary(this.#libc.numbers.library);
  readonly #calls = this.#library.symbols;

  /** What reads and writes them. */
  get libc(): Libc {
    return this.#libc;
  }

  /** A raw one: bytes pass as they are, and nothing is echoed. @throws {Error} the system has none left. */
  open(): PseudoTerminal {
    const calls = this.#calls;
    const master = calls.posix_openpt(OPEN_FLAGS);
    if (master < 0) {
      throw new Error("Cannot make a virtual serial port: the system has no pseudo terminal left");
    }
    this.#set(master, SET_FD, CLOSE_ON_EXEC);
    this.#set(master, SET_FLAGS, OPEN_FLAGS | NON_BLOCKING);
    calls.grantpt(master);
    calls.unlockpt(master);
    const path = new Deno.UnsafePointerView(calls.ptsname(master)!).getCString();
    const keeper = calls.open(new TextEncoder().encode(`${path}\0`), OPEN_FLAGS);
    if (keeper < 0) {
      this.#libc.close(master);
      throw new Error(`Cannot make a virtual serial port: ${path} does not open`);
    }
    this.#set(keeper, SET_FD, CLOSE_ON_EXEC);
    const settings = new Uint8Array(128); // more than any system's `struct termios`
    calls.tcgetattr(keeper, settings);
    calls.cfmakeraw(settings);
    calls.tcsetattr(keeper, 0, settings);
    return { master, keeper, path };
  }

  /** Ends one: whoever has the path open sees the device vanish. */
  async close({ master, keeper }: PseudoTerminal): Promise<void> {
    const forgotten = SYSTEM.poller.forget(master);
    this.#libc.close(keeper);
    this.#libc.close(master);
    await forgotten;
  }

  /** No more are wanted, and all are closed. */
  end(): void {
    this.#library.close();
    SYSTEM.release();
  }

  /** The third argument is variadic: see `Libc`. */
  #set(fd: number, what: number, value: number): void {
    if (Deno.build.os === "darwin" && Deno.build.arch === "aarch64") {
      this.#calls.fcntlOnStack(fd, what, 0n, 0n, 0n, 0n, 0n, 0n, value);
    } else this.#calls.fcntl(fd, what, value);
  }
}

const IS_DARWIN = Deno.build.os === "darwin";
/** For reading and writing, and not as the terminal of this process. */
const OPEN_FLAGS = 2 | (IS_DARWIN ? 0x20000 : 0o400);
const NON_BLOCKING = IS_DARWIN ? 4 : 0o4000;
const SET_FD = 2;
const SET_FLAGS = 4;
const CLOSE_ON_EXEC = 1;

// The types of the calls follow from their declaration.
function openLibrary(name: string) {
  return Deno.dlopen(name, {
    posix_openpt: { parameters: ["i32"], result: "i32" },
    grantpt: { parameters: ["i32"], result: "i32" },
    unlockpt: { parameters: ["i32"], result: "i32" },
    ptsname: { parameters: ["i32"], result: "pointer" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
    fcntlOnStack: {
      name: "fcntl",
      parameters: ["i32", "i32", "usize", "usize", "usize", "usize", "usize", "usize", "i32"],
      result: "i32",
    },
    tcgetattr: { parameters: ["i32", "buffer"], result: "i32" },
    tcsetattr: { parameters: ["i32", "i32", "buffer"], result: "i32" },
    cfmakeraw: { parameters: ["buffer"], result: "void" },
  });
}
