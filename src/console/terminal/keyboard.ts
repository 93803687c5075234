/** What a {@linkcode Keyboard} reports. */
export interface KeyboardEvents {
  /** Reading has begun; or the screen shows everything after it was behind. */
  onReady(): void;
  /** Text was typed or pasted, without any Ctrl-C. */
  onText(text: string): void;
  /** Ctrl-C was pressed; {@linkcode Keyboard.stopFlag} has been raised before. */
  onInterrupt(): void;
  /** The terminal is gone. Nothing is reported after this. */
  onEnd(): void;
}

const ctrlC = "\x03";

/** So much may be on its way to the screen before what can be drawn later is drawn later. */
const muchBytes = 64 * 1024;

/** A terminal that takes nothing for so long is not waited for on the way out. */
const maxStallMs = 500;

/**
 * The keyboard of the terminal on standard input, and the way to its screen. A Worker does the reading, and raises a flag
 * in shared memory when it sees Ctrl-C, so that code in an endless loop on this thread can notice; it does the writing as
 * well, so that a terminal that takes nothing keeps nobody waiting.
 */
export class Keyboard {
  /** Its element 0 becomes 1 at Ctrl-C, even while this thread is busy; whoever acts on it sets it back to 0. */
  readonly stopFlag: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(12));
  readonly #events: KeyboardEvents;
  readonly #decoder = new TextDecoder();
  #worker: Worker | undefined;
  #raw = false;
  #writes = false;
  #interruptsReported = 0;

  /** Nothing is read before {@linkcode start}. */
  constructor(events: KeyboardEvents) {
    this.#events = events;
  }

  /** How often Ctrl-C was pressed without having been reported yet, because this thread was busy. */
  get interruptsUnderWay(): number {
    return Atomics.load(this.stopFlag, 1) - this.#interruptsReported;
  }

  /** More than 64 KiB that were written are not on the screen yet: the terminal takes nothing, or not enough. */
  get isBehind(): boolean {
    return Atomics.load(this.stopFlag, 2) > muchBytes;
  }

  /**
   * Write to the terminal. Once reading has begun the Worker does it, and nobody waits; until then it is written at
   * once.
   */
  write(text: string): void {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length === 0) return;
    if (this.#writes) {
      Atomics.add(this.stopFlag, 2, bytes.length);
      this.#worker!.postMessage(bytes, [bytes.buffer]);
      return;
    }
    try {
      for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
    } catch {
      // The terminal is gone. Reading says so as well, and that is where it is acted upon.
    }
  }

  /** Wait until the screen shows everything, for as long as it takes anything. */
  flush(): void {
    for (let left; this.#writes && (left = Atomics.load(this.stopFlag, 2)) > 0;) {
      if (Atomics.wait(this.stopFlag, 2, left, maxStallMs) === "timed-out") return;
    }
  }

  /** Start reading. What was typed before is delivered too. */
  start(): void {
    const worker = new Worker(new URL("./terminal_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = (event: MessageEvent<Uint8Array | null>) => this.#receive(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#receive(null);
    };
    worker.postMessage(this.stopFlag);
    this.#worker = worker;
  }

  /** Switch raw mode: every key is delivered as it is pressed, and nothing is echoed. */
  setRaw(raw: boolean): void {
    if (raw === this.#raw) return;
    this.#raw = raw;
    try {
      Deno.stdin.setRaw(raw);
    } catch {
      // A terminal that hung up has no mode any more.
    }
  }

  /** Stop reading and switch raw mode off. */
  close(): void {
    this.flush();
    this.#writes = false;
    this.setRaw(false);
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #receive(chunk: Uint8Array | null): void {
    if (this.#worker === undefined) return; // still on its way when the keyboard was closed
    if (chunk === null) {
      this.close();
      this.#events.onEnd();
      return;
    }
    if (chunk.length === 0) {
      this.#writes = true;
      this.#events.onReady();
      return;
    }
    const [first, ...rest] = this.#decoder.decode(chunk, { stream: true }).split(ctrlC);
    if (first !== "") this.#events.onText(first);
    for (const text of rest) {
      this.#interruptsReported += 1;
      this.#events.onInterrupt();
      if (text !== "") this.#events.onText(text);
    }
  }
}
