import type { BenchOptions } from "./options.ts";
import type { Preparations } from "./prepare.ts";
import type { RowResult } from "./report.ts";
import type { Entry, Measured, Row } from "./row.ts";
import { runTurn } from "./turn.ts";

/** All turns of a row, A B C A B C: what disturbs the machine for a while disturbs all contestants alike. */
export async function runRow(
  row: Row,
  { rounds, warmUpMs, measureMs }: BenchOptions,
  preparations: Preparations,
): Promise<RowResult> {
  const turns = new Map<string, Measured[]>();
  const failures = new Map<string, string>();
  const unavailable = row.unavailable?.();
  if (unavailable !== undefined) return { row, turns, failures, unavailable };
  const absent = await findAbsent(row.entries, preparations);
  const present = row.entries.filter((entry) => !absent.has(entry.name));
  const times = { warmUpMs, measureMs, directory: preparations.directory };
  for (let turn = 0; turn < rounds * (row.turnsPerRound ?? 1); turn++) {
    for (const entry of present) {
      try {
        const measured = await runTurn(entry, times);
        turns.set(entry.name, [...turns.get(entry.name) ?? [], measured]);
      } catch (error) {
        failures.set(entry.name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return { row, turns, failures, absent };
}

async function findAbsent(
  entries: readonly Entry[],
  preparations: Preparations,
): Promise<Map<string, string>> {
  const absent = new Map<string, string>();
  for (const entry of entries) {
    const why = await preparations.whyAbsent(entry);
    if (why !== undefined) absent.set(entry.name, why);
  }
  return absent;
}
