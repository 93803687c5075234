/**
 * Reads standard input off the main thread, so that Ctrl-C is seen even while the main thread is in an endless loop.
 *
 * Sent to it: one `Int32Array` over shared memory. Its first element becomes 1 at Ctrl-C, its second counts how often
 * Ctrl-C was pressed. Sent back: an empty `Uint8Array` when it has started, every chunk as `Uint8Array`, `null` at
 * the end.
 *
 * Code of an imported module has no checks: an endless loop there looks at nothing. Whoever goes on pressing Ctrl-C then
 * gets the terminal back, and the process ends.
 *
 * @module
 */

/// <reference lib="deno.worker" />

const ctrlC = 0x03;

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

self.onmessage = (event: MessageEvent<Int32Array>) => {
  void forward(event.data);
};
