/**
 * Reads standard input off the main thread, so that Ctrl-C is seen even while the main thread is in an endless loop; and
 * writes to standard output, so that a terminal that takes nothing, as behind a connection that hangs, does not make
 * the links of the main thread stand still.
 *
 * Sent to it: one `Int32Array` over shared memory, then every `Uint8Array` that is to be written. Its first element
 * becomes 1 at Ctrl-C, its second counts how often Ctrl-C was pressed, its third how many bytes are yet to be written;
 * whoever sends them has counted them. Sent back: an empty `Uint8Array` when it has started and when everything is
 * written after much was waiting, every chunk as `Uint8Array`, `null` at the end.
 *
 * Code of an imported module has no checks: an endless loop there looks at nothing. Whoever goes on pressing Ctrl-C then
 * gets the terminal back, and the process ends.
 *
 * @module
 */

/// <reference lib="deno.worker" />

const ctrlC = 0x03;

/** With so much to be written the line being typed is not drawn any more: see `Keyboard.isBehind`. */
const muchBytes = 64 * 1024;

/** So long has Ctrl-C to stay unanswered, with presses at its beginning and its end, before the process is ended. */
const maxUnansweredMs = 3000;

async function forward(stopFlag: Int32Array): Promise<void> {
  let unansweredSinceMs = Infinity;
  self.postMessage(new Uint8Array());
  const buffer = new Uint8Array(64 * 1024);
  while (true) {
    // A terminal that hung up answers EIO, or the end of the input: both are the end.
    const length = await Deno.stdin.read(buffer).catch(() => null);
    if (length === null) break;
    const chunk = buffer.slice(0, length);
    const presses = chunk.reduce((count, byte) => byte === ctrlC ? count + 1 : count, 0);
    if (presses > 0) {
      Atomics.add(stopFlag, 1, presses);
      const now = performance.now();
      if (Atomics.exchange(stopFlag, 0, 1) === 0) unansweredSinceMs = now;
      if (now - unansweredSinceMs >= maxUnansweredMs) endProcess();
    }
    self.postMessage(chunk, [chunk.buffer]);
  }
  self.postMessage(null);
}

function endProcess(): void {
  try {
    // Raw mode belongs to the other thread, which will not give it back.
    new Deno.Command("stty", { args: ["sane"], stdin: "inherit" }).outputSync();
  } catch {
    // no such program: the shell's own reset has to do
  }
  Deno.stdout.writeSync(new TextEncoder().encode("\x1b[?2004l\r\nEnded: what runs cannot be stopped.\r\n"));
  Deno.kill(Deno.pid, "SIGKILL");
}

/** Writes one piece after the other; what is sent meanwhile is written together. */
class Screen {
  readonly #shared: Int32Array;
  #waiting: Uint8Array[] = [];
  #isWriting = false;

  constructor(shared: Int32Array) {
    this.#shared = shared;
  }

  write(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    if (!this.#isWriting) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isWriting = true;
    let most = 0;
    while (this.#waiting.length > 0) {
      most = Math.max(most, Atomics.load(this.#shared, 2));
      const bytes = joined(this.#waiting);
      this.#waiting = [];
      try {
        for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
      } catch {
        // The terminal is gone. Reading says so as well, and that is where it is acted upon.
      }
      Atomics.sub(this.#shared, 2, bytes.length);
      Atomics.notify(this.#shared, 2);
    }
    this.#isWriting = false;
    if (most > muchBytes) self.postMessage(new Uint8Array());
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

self.onmessage = ({ data: shared }: MessageEvent<Int32Array>) => {
  const screen = new Screen(shared);
  self.onmessage = ({ data: bytes }: MessageEvent<Uint8Array>) => screen.write(bytes);
  void forward(shared);
};
