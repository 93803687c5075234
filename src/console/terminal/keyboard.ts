/** What a {@linkcode Keyboard} reports. */
export interface KeyboardEvents {
  /** Reading has begun. */
  onReady(): void;
  /** Text was typed or pasted, without any Ctrl-C. */
  onText(text: string): void;
  /** Ctrl-C was pressed; {@linkcode Keyboard.stopFlag} has been raised before. */
  onInterrupt(): void;
  /** The terminal is gone. Nothing is reported after this. */
  onEnd(): void;
}

const ctrlC = "\x03";

/**
 * The keyboard of the terminal on standard input. A Worker does the reading, and raises a flag in shared memory when it
 * sees Ctrl-C, so that code in an endless loop on this thread can notice.
 */
export class Keyboard {
  /** Its element 0 becomes 1 at Ctrl-C, even while this thread is busy; whoever acts on it sets it back to 0. */
  readonly stopFlag: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(8));
  readonly #events: KeyboardEvents;
  readonly #decoder = new TextDecoder();
  #worker: Worker | undefined;
  #raw = false;
  #interruptsReported = 0;

  /** Nothing is read before {@linkcode start}. */
  constructor(events: KeyboardEvents) {
    this.#events = events;
  }

  /** How often Ctrl-C was pressed without having been reported yet, because this thread was busy. */
  get interruptsUnderWay(): number {
    return Atomics.load(this.stopFlag, 1) - this.#interruptsReported;
  }

  /** Start reading. What was typed before is delivered too. */
  start(): void {
    const worker = new Worker(new URL("./stdin_worker.ts", import.meta.url), { type: "module" });
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
