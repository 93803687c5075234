import type { FeedBatch } from "./event_feed.ts";
import type { EventLines } from "./event_lines.ts";

/** Lines that hold something raw are printed apart from those that do not. */
export function printBatch(
  { events, skipped, notes }: FeedBatch,
  lines: EventLines,
  logPath: string | undefined,
  print: (text: string, isRaw?: boolean) => void,
): void {
  for (const run of runsOf(events, (event) => lines.isRaw(event))) {
    print(run.items.map(lines.line).join("\n"), run.is);
  }
  for (const note of notes) print(note);
  if (skipped === 0) return;
  const count = `… ${skipped.toLocaleString("en-US")} more ${skipped === 1 ? "line" : "lines"} not shown`;
  print(logPath === undefined ? `${count} (.log keeps all)` : `${count}, see ${logPath}`);
}

/** Neighbours of which the same is true. */
function runsOf<Item>(items: readonly Item[], is: (item: Item) => boolean): { is: boolean; items: Item[] }[] {
  const runs: { is: boolean; items: Item[] }[] = [];
  for (const item of items) {
    const holds = is(item);
    if (runs.at(-1)?.is !== holds) runs.push({ is: holds, items: [] });
    runs.at(-1)!.items.push(item);
  }
  return runs;
}
