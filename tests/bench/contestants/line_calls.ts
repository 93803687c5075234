/** Calls of the system on serial lines, as a program that does nothing else would make them: they wait inside it. */
export class LineCalls {
  readonly #calls = openLibrary();

  /**
   * A virtual line: the descriptor of our end, which does not wait yet; one of the other end, which keeps the line
   * alive until somebody opens `path`.
   */
  make(): { readonly fd: number; readonly keeper: number; readonly path: string } {
    const calls = this.#calls;
    const fd = calls.posix_openpt(OPEN_FLAGS);
    calls.grantpt(fd);
    calls.unlockpt(fd);
    const name = calls.ptsname(fd);
    if (name === null) throw new Error("Cannot make a virtual serial line: the system has none left");
    const path = new Deno.UnsafePointerView(name).getCString();
    const keeper = this.open(path);
    const settings = new Uint8Array(128); // more than any system's `struct termios`
    calls.tcgetattr(keeper, settings);
    calls.cfmakeraw(settings);
    calls.tcsetattr(keeper, 0, settings);
    calls.fcntl(fd, SET_FLAGS, OPEN_FLAGS | NON_BLOCKING);
    return { fd, keeper, path };
  }

  /** Opens a line for reading and writing. */
  open(path: string): number {
    const fd = this.#calls.open(new TextEncoder().encode(`${path}\0`), OPEN_FLAGS);
    if (fd < 0) throw new Error(`Cannot open the serial line ${path}`);
    return fd;
  }

  /** From now on a read waits for a byte, and a write for room. */
  setBlocking(fd: number): void {
    this.#calls.fcntl(fd, SET_FLAGS, OPEN_FLAGS);
  }

  /** How many bytes came; 0 or less when there are none, or the other end has gone. */
  read(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
    return Number(this.#calls.read(fd, bytes, BigInt(bytes.length)));
  }

  /** False when the other end has gone. */
  writeAll(fd: number, bytes: Uint8Array<ArrayBuffer>): boolean {
    for (let at = 0; at < bytes.length;) {
      const rest = at === 0 ? bytes : bytes.subarray(at);
      const count = Number(this.#calls.write(fd, rest, BigInt(rest.length)));
      if (count <= 0) return false;
      at += count;
    }
    return true;
  }

  close(fd: number): void {
    this.#calls.close(fd);
  }
}

const IS_DARWIN = Deno.build.os === "darwin";
/** For reading and writing, and not as the terminal of this process. */
const OPEN_FLAGS = 2 | (IS_DARWIN ? 0x20000 : 0o400);
const NON_BLOCKING = IS_DARWIN ? 4 : 0o4000;
const SET_FLAGS = 4;

// The types of the calls follow from their declaration.
function openLibrary() {
  return Deno.dlopen(IS_DARWIN ? "libSystem.dylib" : "libc.so.6", {
    posix_openpt: { parameters: ["i32"], result: "i32" },
    grantpt: { parameters: ["i32"], result: "i32" },
    unlockpt: { parameters: ["i32"], result: "i32" },
    ptsname: { parameters: ["i32"], result: "pointer" },
    tcgetattr: { parameters: ["i32", "buffer"], result: "i32" },
    tcsetattr: { parameters: ["i32", "i32", "buffer"], result: "i32" },
    cfmakeraw: { parameters: ["buffer"], result: "void" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
    read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    close: { parameters: ["i32"], result: "i32" },
  }).symbols;
}
