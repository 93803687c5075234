/**
 * Listens for SIGUSR2 off the main thread: one that has attached sends it when code of its own keeps the console so busy
 * that no message is heard. Raises the flag that loops look at, but only while such code runs: nobody else's is stopped.
 *
 * Sent to it: the {@linkcode StopFlags}. Sent back: `null` when it listens.
 *
 * @module
 */

/// <reference lib="deno.worker" />

/** Memory shared with the main thread. */
export interface StopFlags {
  /** Element 0: 1 makes every loop of typed code stop. */
  readonly stop: Int32Array;
  /** Element 0 is 1 while code of one that has attached runs, element 1 becomes 1 when it is stopped from here. */
  readonly desk: Int32Array;
}

self.onmessage = ({ data: { stop, desk } }: MessageEvent<StopFlags>) => {
  Deno.addSignalListener("SIGUSR2", () => {
    if (Atomics.load(desk, 0) === 0) return;
    Atomics.store(desk, 1, 1);
    Atomics.store(stop, 0, 1);
  });
  self.postMessage(null);
};
