import { EINTR, type SystemNumbers, systemNumbers } from "./system_numbers.ts";

/**
 * What reading, writing and looking after an open serial line takes of the C library. Nothing here waits: the
 * descriptors are non-blocking. Numbers below zero are `-errno`.
 */
export class Libc {
  readonly numbers: SystemNumbers = systemNumbers();
  readonly #library: ReturnType<typeof openLibrary>;
  readonly #calls: ReturnType<typeof openLibrary>["symbols"];
  readonly #errno: Deno.UnsafePointerView;
  readonly #word = new Uint8Array(4);
  readonly #wordView = new DataView(this.#word.buffer);

  /** @throws {Deno.errors.NotCapable} without `--allow-ffi`. */
  constructor() {
    this.#library = openLibrary(this.numbers);
    this.#calls = this.#library.symbols;
    this.#errno = new Deno.UnsafePointerView(this.#calls.errno()!);
  }

  /** Unloads it: nothing may be called any more. */
  unload(): void {
    this.#library.close();
  }

  /** How many bytes came into `bytes`; 0 when the line has hung up. */
  read(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
    return this.#sure(() => Number(this.#calls.read(fd, bytes, BigInt(bytes.length))));
  }

  /** How many of `bytes` the system took. */
  write(fd: number, bytes: Uint8Array): number {
    const taken = bytes as Uint8Array<ArrayBuffer>;
    return this.#sure(() => Number(this.#calls.write(fd, taken, BigInt(taken.length))));
  }

  /** Opens a device as the native code does; nothing is set. Returns the descriptor. */
  open(path: string): number {
    return this.#sure(() => this.#calls.open(cString(path), this.numbers.OPEN_FLAGS));
  }

  /** Takes the lock that serial programs agree on, or gives it back. Fails with `EAGAIN` when another has it. */
  lock(fd: number, on: boolean): number {
    return this.#sure(() => this.#calls.flock(fd, on ? LOCK_EX | LOCK_NB : LOCK_UN));
  }

  close(fd: number): void {
    this.#calls.close(fd);
  }

  /** Bytes that the system holds and that have not left yet. */
  unsent(fd: number): number {
    return this.#getWord(fd, this.numbers.TIOCOUTQ);
  }

  /** The levels of the modem lines, as bits of `MODEM`. */
  modemLines(fd: number): number {
    return this.#getWord(fd, this.numbers.TIOCMGET);
  }

  /** Raises or drops the modem lines whose bits are set, and leaves the others. */
  setModemLines(fd: number, bits: number, on: boolean): number {
    this.#wordView.setUint32(0, bits, true);
    const { TIOCMBIS, TIOCMBIC } = this.numbers;
    return this.#ioctl(fd, on ? TIOCMBIS : TIOCMBIC, this.#word);
  }

  /** Begins or ends a break. */
  setBreak(fd: number, on: boolean): number {
    return this.#ioctl(fd, on ? this.numbers.TIOCSBRK : this.numbers.TIOCCBRK, null);
  }

  /** Keeps other programs from opening the same line, or lets them. */
  setExclusive(fd: number, on: boolean): number {
    return this.#ioctl(fd, on ? this.numbers.TIOCEXCL : this.numbers.TIOCNXCL, null);
  }

  /** How a line is set, to be given to `setSettings`; `undefined` where the system does not tell. */
  settings(fd: number): Uint8Array<ArrayBuffer> | undefined {
    const settings = new Uint8Array(MAX_TERMIOS_BYTES);
    return this.#ioctl(fd, this.numbers.TERMIOS_GET, settings) < 0 ? undefined : settings;
  }

  /** Sets a line as it was. */
  setSettings(fd: number, settings: Uint8Array<ArrayBuffer>): number {
    return this.#ioctl(fd, this.numbers.TERMIOS_SET, settings);
  }

  /** Clears bits of the settings that the system calls `c_cflag`, and leaves the others as they are. */
  clearControlFlags(fd: number, bits: number): number {
    const { TERMIOS_GET, TERMIOS_SET, CFLAG_AT } = this.numbers;
    const settings = new Uint8Array(MAX_TERMIOS_BYTES);
    const got = this.#ioctl(fd, TERMIOS_GET, settings);
    if (got < 0) return got;
    const view = new DataView(settings.buffer);
    const flags = view.getUint32(CFLAG_AT, true);
    if ((flags & bits) === 0) return 0;
    view.setUint32(CFLAG_AT, (flags & ~bits) >>> 0, true);
    return this.#ioctl(fd, TERMIOS_SET, settings);
  }

  /** Throws away what has come, what has not left yet, or both. */
  flush(fd: number, what: "input" | "output" | "both"): number {
    const { TCIFLUSH, TCOFLUSH, TCIOFLUSH } = this.numbers;
    const selector = what === "both" ? TCIOFLUSH : what === "input" ? TCIFLUSH : TCOFLUSH;
    return this.#sure(() => this.#calls.tcflush(fd, selector));
  }

  /** True when there is a file of that name. Needs no permission for `/dev`. */
  exists(path: string): boolean {
    return this.#calls.access(cString(path), 0) === 0;
  }

  /** What people call an error number. */
  describe(errno: number): string {
    const text = this.#calls.strerror(errno);
    return text === null ? `error ${errno}` : Deno.UnsafePointerView.getCString(text);
  }

  #getWord(fd: number, request: bigint): number {
    const result = this.#ioctl(fd, request, this.#word);
    return result < 0 ? result : this.#wordView.getInt32(0, true);
  }

  /**
   * The third argument of `ioctl` is variadic: most systems take it where any third argument goes, macOS on arm64 on
   * the stack, which is where a ninth one goes.
   */
  #ioctl(fd: number, request: bigint, word: Uint8Array<ArrayBuffer> | null): number {
    const calls = this.#calls;
    if (!ON_STACK) return this.#sure(() => calls.ioctl(fd, request, word));
    return this.#sure(() => calls.ioctlOnStack(fd, request, 0n, 0n, 0n, 0n, 0n, 0n, word));
  }

  /**
   * The result of a call, or `-errno`. Between the call and the look at `errno` the runtime may have called the
   * system itself, for memory, and left a number of its own there: so a failure counts when it comes twice alike.
   */
  #sure(call: () => number): number {
    let before = 0;
    for (let i = 0; i < MAX_CALLS; i++) {
      const result = call();
      if (result >= 0) return result;
      const errno = this.#errno.getInt32();
      if (errno === this.numbers.EAGAIN || (errno === before && errno !== EINTR)) return -errno;
      before = errno;
    }
    return -before;
  }
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** `flock`, the same on both systems: exclusive, without waiting, unlock. */
const LOCK_EX = 2;
const LOCK_NB = 4;
const LOCK_UN = 8;

/** More than any system's `struct termios` has. */
const MAX_TERMIOS_BYTES = 128;

/** Interrupted calls in a row are as good as none: this only keeps the loop bounded. */
const MAX_CALLS = 8;

const ON_STACK = Deno.build.os === "darwin" && Deno.build.arch === "aarch64";

// The types of the calls follow from their declaration.
function openLibrary({ library, errno }: SystemNumbers) {
  return Deno.dlopen(library, {
    read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    flock: { parameters: ["i32", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
    access: { parameters: ["buffer", "i32"], result: "i32" },
    tcflush: { parameters: ["i32", "i32"], result: "i32" },
    strerror: { parameters: ["i32"], result: "pointer" },
    errno: { name: errno, parameters: [], result: "pointer" },
    ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
    ioctlOnStack: {
      name: "ioctl",
      parameters: ["i32", "usize", "usize", "usize", "usize", "usize", "usize", "usize", "buffer"],
      result: "i32",
    },
  });
}
