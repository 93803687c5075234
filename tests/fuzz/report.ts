import type { RunResult } from "./run.ts";

/** How much more memory a run may hold at its end than after its first quarter, in bytes. */
export const MAX_DRIFT_BYTES = 20 * 1024 * 1024;

/** Inputs below which a run is too short to tell a leak from a heap that is still growing. */
export const MIN_DRIFT_INPUTS = 400_000;

/** True when the run broke no rule and held no more memory than it may. */
export function passed(result: RunResult): boolean {
  return result.failures.length === 0 && !drifted(result);
}

/** A run in one line, and a paragraph for each failure. */
export function reportRun(result: RunResult, seed: number): string {
  const { target, inputs, accepted, refused, slowest, elapsedMs, driftBytes } = result;
  const codes = [...refused].sort(([, one], [, other]) => other - one).map(([code, count]) =>
    `${code} ${count}`
  );
  const head = `${passed(result) ? "ok  " : "FAIL"} ${target.name}: ${inputs} inputs, ` +
    `${Math.round(inputs / elapsedMs * 1000)}/s; accepted ${accepted}; refused ${
      codes.join(", ") || "none"
    }; ` +
    `slowest ${slowest.ms.toFixed(1)} ms (index ${slowest.index}); memory ${megabytes(driftBytes)}\n`;
  const failures = result.failures.map(({ index, reason, input }) =>
    `     ${reason}\n     input: ${input}\n     again: ${replayCommand(target.name, seed, index)}\n`
  );
  if (drifted(result)) {
    failures.push(`     The process holds ${megabytes(driftBytes)} more than after its first quarter\n`);
  }
  return head + failures.join("");
}

/** The one command that feeds this input again. */
export function replayCommand(target: string, seed: number, index: number): string {
  return `deno task fuzz --target ${target} --seed ${seed} --only ${index}`;
}

function drifted({ inputs, driftBytes }: RunResult): boolean {
  return inputs >= MIN_DRIFT_INPUTS && driftBytes > MAX_DRIFT_BYTES;
}

function megabytes(bytes: number): string {
  return `${bytes < 0 ? "" : "+"}${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
