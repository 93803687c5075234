import type { EventQueue, Readiness } from "./event_queue.ts";

/** `epoll`, with an `eventfd` to wake it: see epoll(7) and eventfd(2). */
export class Epoll implements EventQueue {
  readonly #library = openLibrary();
  readonly #calls = this.#library.symbols;
  readonly #queue: number;
  readonly #waker: number;
  readonly #event = new Uint8Array(EVENT_BYTES);
  readonly #eventView = new DataView(this.#event.buffer);
  readonly #told = new Uint8Array(EVENT_BYTES * MAX_EVENTS);
  readonly #toldView = new DataView(this.#told.buffer);

  constructor() {
    this.#queue = this.#calls.epoll_create1(CLOSE_ON_EXEC);
    this.#waker = this.#calls.eventfd(0, CLOSE_ON_EXEC | NON_BLOCKING);
    if (this.#queue < 0 || this.#waker < 0) {
      this.close();
      throw new Error("Too many open files, cannot wait for the line");
    }
    this.#control(ADD, this.#waker, READABLE);
  }

  add(fd: number): void {
    this.#control(ADD, fd, ONCE);
  }

  arm({ fd, readable, writable }: Readiness): void {
    this.#control(CHANGE, fd, ONCE | (readable ? READABLE : 0) | (writable ? WRITABLE : 0));
  }

  remove(fd: number): void {
    this.#control(DELETE, fd, 0);
  }

  async wait(timeoutMs: number): Promise<Readiness[]> {
    return this.#ready(await this.#calls.epoll_wait(this.#queue, this.#told, MAX_EVENTS, timeoutMs));
  }

  peek(): Readiness[] {
    return this.#ready(this.#calls.epoll_peek(this.#queue, this.#told, MAX_EVENTS, 0));
  }

  wake(): void {
    this.#eventView.setBigUint64(0, 1n, true);
    this.#calls.write(this.#waker, this.#event, 8n);
  }

  close(): void {
    this.#calls.close(this.#waker);
    this.#calls.close(this.#queue);
    this.#library.close();
  }

  #ready(count: number): Readiness[] {
    const ready: Readiness[] = [];
    for (let i = 0; i < count; i++) {
      const events = this.#toldView.getUint32(i * EVENT_BYTES, true);
      const fd = this.#toldView.getInt32(i * EVENT_BYTES + DATA_AT, true);
      if (fd === this.#waker) {
        this.#calls.read(fd, this.#event, 8n);
        continue;
      }
      const over = (events & (FAILED | HUNG_UP)) !== 0;
      const readable = over || (events & READABLE) !== 0;
      ready.push({ fd, readable, writable: over || (events & WRITABLE) !== 0 });
    }
    return ready;
  }

  #control(operation: number, fd: number, events: number): void {
    this.#eventView.setUint32(0, events >>> 0, true);
    this.#eventView.setInt32(DATA_AT, fd, true);
    this.#calls.epoll_ctl(this.#queue, operation, fd, this.#event);
  }
}

const ADD = 1;
const DELETE = 2;
const CHANGE = 3;
const READABLE = 0x001;
const WRITABLE = 0x004;
const FAILED = 0x008;
const HUNG_UP = 0x010;
const ONCE = 1 << 30;
const CLOSE_ON_EXEC = 0o2000000;
const NON_BLOCKING = 0o4000;
/** `struct epoll_event` is packed on x86-64 only. */
const EVENT_BYTES = Deno.build.arch === "x86_64" ? 12 : 16;
const DATA_AT = EVENT_BYTES - 8;
/** What one `wait` tells at most; the rest is told by the next. */
const MAX_EVENTS = 64;

// The types of the calls follow from their declaration.
function openLibrary() {
  return Deno.dlopen("libc.so.6", {
    epoll_create1: { parameters: ["i32"], result: "i32" },
    eventfd: { parameters: ["u32", "i32"], result: "i32" },
    epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
    epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32", nonblocking: true },
    epoll_peek: { name: "epoll_wait", parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
    read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    close: { parameters: ["i32"], result: "i32" },
  });
}
