import { escapeText } from "../../show/escape.ts";
import { isCommand } from "../typed_text.ts";
import type { Completion } from "../terminal/completion.ts";
import { names } from "./names.ts";
import { type Place, placeAt } from "./place.ts";
import type { CompletionWorld, Found } from "./source.ts";

/** Dot-commands, and what may stand behind them: words such as `on`, names of links, and files. */
export function commands({ line, cursor }: Place, world: CompletionWorld): Found {
  const text = line.slice(0, cursor);
  const begun = /^\s*(\.[a-zA-Z]*)$/.exec(text)?.[1];
  if (begun !== undefined) {
    const candidates = world.shell.commands.map(({ name, about }) => ({ text: `.${name}`, about }))
      .filter((each) => each.text.startsWith(begun)).sort((a, b) => a.text < b.text ? -1 : 1);
    return { candidates, start: cursor - begun.length };
  }
  const found = /^\s*\.([a-zA-Z]+)\s+(.*)$/s.exec(text);
  if (found === null || !isCommand(text)) return undefined;
  return behind(found[1], found[2], cursor, world);
}

/** What stands behind a command whose usage has a file in it, as `file.ts [--force]` has. */
const fileInUsage = /\b(?:file|path|folder|recording|script)\b/;

function behind(
  name: string,
  rest: string,
  cursor: number,
  world: CompletionWorld,
): Completion | Promise<Completion> {
  const { shell } = world;
  const command = shell.commands.find((each) => each.name === name);
  const before = rest.split(/\s+/);
  const part = before.pop()!;
  const words = (command?.words?.(before, shell) ?? []).filter((word) => word.startsWith(part))
    .map((text) => ({ text }));
  if (command?.takesNames === true && part !== "") {
    // The same source at the same place, as if the command were not there.
    const found = names(placeAt(rest, rest.length), world) as Completion | undefined;
    return {
      candidates: [...words, ...found?.candidates ?? []],
      start: cursor - rest.length + (found?.start ?? 0),
    };
  }
  if (command === undefined || !fileInUsage.test(command.usage)) {
    return { candidates: words, start: cursor - part.length };
  }
  // A name with blanks in it is one name where nothing but the file can come first.
  const typed = /^\[?file/.test(command.usage) && !rest.includes("--") ? rest : part;
  return world.folders.look(typed, { home: world.home }).then(({ entries, note }) => {
    // Nothing can be escaped here: a name that cannot be typed is not offered.
    const files = entries.filter(({ text }) => text === escapeText(text));
    const found = { candidates: [...words, ...files], start: cursor - typed.length, note };
    return note === undefined ? found : { ...found, common: typed };
  });
}
