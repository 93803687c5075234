import type { EventQueue, Readiness } from "./event_queue.ts";

/** `kqueue`, with a user event to wake it: see kqueue(2) of macOS. Not run yet. */
export class Kqueue implements EventQueue {
  readonly #library = openLibrary();
  readonly #calls = this.#library.symbols;
  readonly #queue: number;
  readonly #change = new Uint8Array(EVENT_BYTES);
  readonly #changeView = new DataView(this.#change.buffer);
  readonly #told = new Uint8Array(EVENT_BYTES * MAX_EVENTS);
  readonly #toldView = new DataView(this.#told.buffer);
  readonly #timeout = new Uint8Array(16);
  readonly #timeoutView = new DataView(this.#timeout.buffer);

  constructor() {
    this.#queue = this.#calls.kqueue();
    this.#submit(WAKER, USER, ADD | CLEAR);
  }

  add(_fd: number): void {
    // A filter is made when it is armed.
  }

  arm({ fd, readable, writable }: Readiness): void {
    if (readable) this.#submit(fd, READ, ADD | ONCE);
    if (writable) this.#submit(fd, WRITE, ADD | ONCE);
  }

  remove(fd: number): void {
    this.#submit(fd, READ, DELETE);
    this.#submit(fd, WRITE, DELETE);
  }

  async wait(timeoutMs: number): Promise<Readiness[]> {
    this.#setTimeout(timeoutMs);
    return this.#ready(
      await this.#calls.keventWait(this.#queue, null, 0, this.#told, MAX_EVENTS, this.#timeout),
    );
  }

  peek(): Readiness[] {
    this.#setTimeout(0);
    return this.#ready(this.#calls.kevent(this.#queue, null, 0, this.#told, MAX_EVENTS, this.#timeout));
  }

  wake(): void {
    this.#submit(WAKER, USER, 0, TRIGGER);
  }

  close(): void {
    this.#calls.close(this.#queue);
    this.#library.close();
  }

  /** A `struct timespec`. */
  #setTimeout(ms: number): void {
    this.#timeoutView.setBigInt64(0, BigInt(Math.floor(ms / 1000)), true);
    this.#timeoutView.setBigInt64(8, BigInt(ms % 1000) * 1_000_000n, true);
  }

  #ready(count: number): Readiness[] {
    const ready: Readiness[] = [];
    for (let i = 0; i < count; i++) {
      const at = i * EVENT_BYTES;
      const filter = this.#toldView.getInt16(at + 8, true);
      if (filter === USER) continue;
      const fd = Number(this.#toldView.getBigUint64(at, true));
      const over = (this.#toldView.getUint16(at + 10, true) & (END | ERROR)) !== 0;
      ready.push({ fd, readable: over || filter === READ, writable: over || filter === WRITE });
    }
    return ready;
  }

  /** One `struct kevent`: ident, filter, flags, fflags, data, udata. */
  #submit(ident: number, filter: number, flags: number, filterFlags = 0): void {
    this.#change.fill(0);
    this.#changeView.setBigUint64(0, BigInt(ident), true);
    this.#changeView.setInt16(8, filter, true);
    this.#changeView.setUint16(10, flags, true);
    this.#changeView.setUint32(12, filterFlags, true);
    this.#calls.kevent(this.#queue, this.#change, 1, null, 0, null);
  }
}

const READ = -1;
const WRITE = -2;
const USER = -10;
const ADD = 0x0001;
const DELETE = 0x0002;
const ONCE = 0x0010;
const CLEAR = 0x0020;
const ERROR = 0x4000;
const END = 0x8000;
const TRIGGER = 0x0100_0000;
const WAKER = 0;
const EVENT_BYTES = 32;
/** What one `wait` tells at most; the rest is told by the next. */
const MAX_EVENTS = 64;

// The types of the calls follow from their declaration.
function openLibrary() {
  const kevent = ["i32", "buffer", "i32", "buffer", "i32", "buffer"] as const;
  return Deno.dlopen("/usr/lib/libSystem.B.dylib", {
    kqueue: { parameters: [], result: "i32" },
    kevent: { parameters: kevent, result: "i32" },
    keventWait: { name: "kevent", parameters: kevent, result: "i32", nonblocking: true },
    close: { parameters: ["i32"], result: "i32" },
  });
}
