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

  /** Throws away what has come, what has not left yet, or both. */
  flush(fd: number, what: "input" | "output" | "both"): number {
    const { TCIFLUSH, TCOFLUSH, TCIOFLUSH } = this.numbers;
    const selector = what === "both" ? TCIOFLUSH : what === "input" ? TCIFLUSH : TCOFLUSH;
    return this.#sure(() => this.#calls.tcflush(fd, selector));
  }

  /** True when there is a file of that name. Needs no permission for `/dev`. */
  exists(path: string): boolean {
    return this.#calls.access(new TextEncoder().encode(`${path}\0`), 0) === 0;
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

/** Interrupted calls in a row are as good as none: this only keeps the loop bounded. */
const MAX_CALLS = 8;

const ON_STACK = Deno.build.os === "darwin" && Deno.build.arch === "aarch64";

// The types of the calls follow from their declaration.
function openLibrary({ library, errno }: SystemNumbers) {
  return Deno.dlopen(library, {
    read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
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
