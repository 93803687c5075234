/**
 * Reads standard input off the main thread, so that Ctrl-C is seen even while the main thread is in an endless loop.
 *
 * Sent to it: one `Int32Array` over shared memory. Its first element becomes 1 at Ctrl-C, its second counts how often
 * Ctrl-C was pressed. Sent back: an empty `Uint8Array` when it
 * has started, every chunk as `Uint8Array`, `null` at the end.
 *
 * @module
 */

/// <reference lib="deno.worker" />

const ctrlC = 0x03;

async function forward(stopFlag: Int32Array): Promise<void> {
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
      Atomics.store(stopFlag, 0, 1);
    }
    self.postMessage(chunk, [chunk.buffer]);
  }
  self.postMessage(null);
}

self.onmessage = (event: MessageEvent<Int32Array>) => {
  void forward(event.data);
};
