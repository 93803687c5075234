import assert from "node:assert/strict";
import type { Command } from "../../../src/console/commands/command.ts";
import { commands } from "../../../src/console/commands/table.ts";
import { Reference } from "../../../src/console/reference/reference.ts";
import { frontPage } from "../../../src/console/help/front_page.ts";
import { textWidth } from "../../../src/show/cell_width.ts";

/** The page for this many commands, real ones first. */
function page(count: number, size = { columns: 80, rows: 24 }): string[] {
  const others = Array.from({ length: Math.max(0, count - commands.length) }, (_, index): Command => ({
    name: `made${index}`,
    usage: "[something]",
    about: `does number ${index}, which takes many more words than there is room for on a narrow screen`,
    help: "",
    run: () => {},
  }));
  return frontPage([...commands, ...others].slice(0, count), size).split("\n");
}

Deno.test(".help fits a screen of 80 x 24 with every command, be it the ones there are or thirty", () => {
  for (const count of [commands.length, 30]) {
    const lines = page(count);
    assert.ok(lines.length <= 22, `${count} commands: ${lines.length} lines, and two for what is typed`);
    for (const line of lines) assert.ok(textWidth(line) < 80, line);
    const text = lines.join("\n");
    for (const { name } of commands) assert.match(text, new RegExp(`\\.${name}(?![a-z])`), name);
    for (let index = commands.length; index < count; index++) {
      assert.match(text, new RegExp(`\\.made${index - commands.length} +does number`));
    }
  }
});

Deno.test(".help names what is worth asking for, and there is more to be told of each", async () => {
  const reference = await Reference.load();
  const asked = [...page(commands.length).join("\n").matchAll(/(\w+)\?/g)].map(([, name]) => name);
  for (const name of ["listen", "check", "plot", "group", "secret"]) {
    assert(asked.includes(name) && reference.names.includes(name), name);
  }
});

Deno.test(".help says all of what a command does where there is room for it", () => {
  assert.match(
    page(commands.length, { columns: 120, rows: 40 }).join("\n"),
    /\.watch +show what is said, or do not$/m,
  );
});
