import type { SubcommandEntry } from "./subcommand.ts";

/** All subcommands by group, on one screen: what `parley --help` prints. Pure. */
export function overview(entries: readonly SubcommandEntry[]): string {
  const heads = entries.map(({ name, usage }) => `  ${name} ${usage}`.trimEnd());
  const width = Math.max(...heads.map((head) => head.length)) + 2;
  const lines = [
    "Usage: parley [subcommand]    talk to programs and devices at a prompt, or in a line",
  ];
  for (const [index, { group, about }] of entries.entries()) {
    if (group !== entries[index - 1]?.group) lines.push(`${group}:`);
    lines.push(heads[index].padEnd(width) + about);
  }
  return [...lines, ...FOOTER].join("\n");
}

const FOOTER = Object.freeze([
  "parley <subcommand> --help tells all about one, parley cheat shows examples by task",
  "Exit codes: 0 ok, 1 script error, 2 usage, 3 cannot connect, 4 timeout, 5 the peer",
  "answered with an error, 6 assertion failed, 130 Ctrl-C; stdout is for data only",
]);
