/// <reference lib="deno.worker" />
/**
 * The thread of `Watchdog`: an input that is still the same after ten looks hangs, and the process ends.
 *
 * @module
 */
import { replayCommand } from "./report.ts";

/** What the thread is told: the number that counts the inputs, or which run has begun. */
export type Told = { readonly shared: Int32Array<SharedArrayBuffer> } | Run;

/** A run by what it takes to repeat it. */
export interface Run {
  readonly target: string;
  readonly seed: number;
}

self.onmessage = ({ data }: MessageEvent<Told>) => {
  if (!("shared" in data)) return;
  watch(data.shared);
  self.postMessage("watching");
};

function watch(shared: Int32Array<SharedArrayBuffer>): void {
  let run: Run | undefined;
  let last = -1;
  let looks = 0;
  self.onmessage = ({ data }: MessageEvent<Run>) => {
    run = data;
    looks = 0;
  };
  setInterval(() => {
    const index = Atomics.load(shared, 0);
    looks = index === last ? looks + 1 : 0;
    last = index;
    if (run === undefined || looks < HANGS_AFTER_LOOKS) return;
    const what = `FAIL ${run.target}: one input has taken more than ${HANGS_AFTER_LOOKS * LOOK_MS / 1000} s`;
    const text = `${what}\n     again: ${replayCommand(run.target, run.seed, index)}\n`;
    Deno.stderr.writeSync(new TextEncoder().encode(text));
    Deno.kill(Deno.pid, "SIGKILL"); // nothing else ends a thread that never returns
  }, LOOK_MS);
}

const LOOK_MS = 1000;
const HANGS_AFTER_LOOKS = 20;
