import { Shell } from "./shell.ts";
import type { Completion } from "./terminal/completion.ts";

/** What may stand behind a dot-command, such as `on`, or the name of a link; undefined where no command is typed. */
export function commandCompletion(line: string, cursor: number, shell: Shell): Completion | undefined {
  const text = line.slice(0, cursor);
  const found = /^\s*\.([a-zA-Z]+)\s+(.*)$/s.exec(text);
  if (found === null || !Shell.isCommand(text)) return undefined;
  const words = found[2].split(/\s+/);
  const part = words.pop()!;
  const command = shell.commands.find(({ name }) => name === found[1]);
  const candidates = command?.words?.(words, shell) ?? [];
  return { candidates: candidates.filter((word) => word.startsWith(part)), start: cursor - part.length };
}
