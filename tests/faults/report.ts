import type { Outcome } from "./run.ts";

/** What may not be found, by the word that the report has for it. */
const PROMISES = Object.freeze({
  lost: "acked or answered, never executed",
  doubled: "executed twice",
  denied: 'executed after "not-sent"',
  wrong: "answered wrongly",
  overdue: "pending past deadline + 1 s",
  unexplained: "failed without a reason",
});

/** True when a run kept every promise. */
export function isKept({ verdict, problems }: Outcome): boolean {
  return problems.length === 0 && brokenPromises(verdict).length === 0;
}

/** One line for each promise that was not kept, with the first operations that show it. */
export function brokenPromises(verdict: Outcome["verdict"]): string[] {
  return Object.entries(PROMISES).flatMap(([name, text]) => {
    const found = verdict[name as keyof typeof PROMISES];
    return found.length === 0 ? [] : [`${found.length} ${text}: ${found.slice(0, 5).join("; ")}`];
  });
}

/** A run as people read it. */
export function reportRun(outcome: Outcome, seconds: number): string {
  const { verdict, faults, resumeMs, problems } = outcome;
  const total = [...faults.values()].reduce((sum, count) => sum + count, 0);
  const settled = [...verdict.settled.values()].reduce((sum, count) => sum + count, 0);
  const lines = [
    row("faults", total, faults),
    row("operations settled", settled, verdict.settled),
    row("answered, acked or taken", verdict.answered),
    row("executed in the server", verdict.executed),
    row("failed", settled - verdict.answered - verdict.wrong.length, verdict.failed),
    row("executed again by a restarted server (key, always)", verdict.repeated),
    row(
      "links that ended",
      [...outcome.downs.values()].reduce((sum, count) => sum + count, 0),
      outcome.downs,
    ),
    row("sessions resumed", outcome.resumed),
    row("sessions begun", outcome.fresh),
    row("frames ignored as duplicates, in clients", outcome.duplicates),
    `reset or cut to resumed    p50 ${percentile(resumeMs, 0.5)} ms, p99 ${percentile(resumeMs, 0.99)} ms ` +
    `of ${resumeMs.length}`,
    ...Object.entries(PROMISES).map(([name, text]) =>
      row(text, verdict[name as keyof typeof PROMISES].length)
    ),
    `${Math.round(seconds)} s`,
    ...brokenPromises(verdict).map((text) => `BROKEN: ${text}`),
    ...problems.map((text) => `PROBLEM: ${text}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** The value below which that share of sorted values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN);
}

function row(text: string, count: number, parts: Map<string, number> = new Map()): string {
  const shares = [...parts].sort(([, a], [, b]) => b - a).map(([name, share]) => `${name} ${share}`).join(
    ", ",
  );
  return `${text.padEnd(52)}${String(count).padStart(8)}${shares === "" ? "" : `  ${shares}`}`;
}
