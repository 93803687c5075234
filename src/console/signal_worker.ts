/**
 * Listens for SIGINT off the main thread, so that Ctrl-C is seen even while the main thread is in an endless loop.
 *
 * Sent to it: one `Int32Array` over shared memory, whose first element becomes 1 at SIGINT.
 *
 * @module
 */

/// <reference lib="deno.worker" />

self.onmessage = (event: MessageEvent<Int32Array>) => {
  Deno.addSignalListener("SIGINT", () => Atomics.store(event.data, 0, 1));
};
