import type { Command } from "../commands/command.ts";
import { glossary, shortened } from "./layout.ts";
import { padToWidth, textWidth } from "../../show/cell_width.ts";

const head: readonly string[] = [
  "Type TypeScript; await works; _ is the last value. All of Parley is at hand:",
  '  const s = await listen("tcp://:16900"); s.onRequest("time", () => Date.now())',
  '  const c = await connect("tcp://:16900", { reconnect: true })',
  '  await c.request("time")    await c.send("hello")    for await (const m of c)',
  '  const p = await serial("id:KORAD", { baudRate: 9600 }); await p.ask("*IDN?")',
  "listen?  p.ask?  check?  plot?  group?  secret?  .help save  tell more of one.",
];
const foot = "Tab completes, twice lists. Up, Ctrl-R: earlier input. Ctrl-C stops what runs.";

/** The line that `.help` is typed in, and the next prompt. */
const PROMPT_ROWS = 2;

/**
 * What `.help` shows: on a screen of this size, with room for the next prompt. Commands have a row each while there is
 * room, otherwise they stand in two columns.
 */
export function frontPage(commands: readonly Command[], size: { columns: number; rows: number }): string {
  // Commands that do the same to different things share a row.
  const groups = [...Map.groupBy(commands, ({ about }) => about)].map(([about, group]): [string, string] => {
    return [group.map(({ name }) => `.${name}`).join(" "), about];
  });
  const room = size.rows - head.length - 1 - PROMPT_ROWS;
  const columns = size.columns - 1;
  const list = groups.length <= room ? glossary(groups, columns) : twoColumns(
    commands.map(({ name, about }) => [`.${name}`, about]),
    columns,
  );
  const gap = list.length + 2 <= room ? [""] : [];
  return [...head, ...gap, ...list, ...gap, foot].join("\n");
}

function twoColumns(rows: readonly [string, string][], columns: number): string[] {
  const half = Math.floor((columns - GAP) / 2);
  const names = rows.reduce((most, [name]) => Math.max(most, textWidth(name)), 0);
  const cells = rows.map(([name, about]) =>
    `  ${padToWidth(name, names)} ${briefly(about, half - names - 3)}`
  );
  const count = Math.ceil(cells.length / 2);
  return cells.slice(0, count).map((cell, index) => {
    const right = cells[count + index];
    return right === undefined ? cell : padToWidth(cell, half + GAP) + right.trimStart();
  });
}

const GAP = 1;

/** What stands before the first comma says enough; otherwise the first words. */
function briefly(about: string, columns: number): string {
  const [clause] = about.split(/[,;:(] ?/);
  return textWidth(about) > columns && textWidth(clause) <= columns
    ? clause.trim()
    : shortened(about, columns);
}
