/**
 * Listens for SIGINT off the main thread, so that Ctrl-C is seen even while the main thread is in an endless loop.
 *
 * Sent to it: one `Int32Array` over shared memory, whose first element becomes 1 at SIGINT. When nobody looks at it, as
 * in an endless loop of an imported module, whoever goes on asking ends the process.
 *
 * @module
 */

/// <reference lib="deno.worker" />

/** So long has SIGINT to stay unanswered, with one at its beginning and one at its end, before the process is ended. */
const maxUnansweredMs = 1000;

self.onmessage = ({ data: flag }: MessageEvent<Int32Array>) => {
  let unansweredSinceMs = Infinity;
  Deno.addSignalListener("SIGINT", () => {
    const now = performance.now();
    if (Atomics.exchange(flag, 0, 1) === 0) unansweredSinceMs = now;
    if (now - unansweredSinceMs >= maxUnansweredMs) Deno.kill(Deno.pid, "SIGKILL");
  });
};
