import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Command, CommandError } from "./command.ts";

/** `.run` */
export const run: Command = {
  name: "run",
  usage: "file.ts",
  about: "run a script on its own",
  help:
    `The script's variables stay its own; what it exports is the value, also in _. It is read anew each time.
Example:
  .run demo.ts`,
  async run(path, shell) {
    if (path === "") {
      throw new CommandError("Cannot run: the name of the file is missing; write .run demo.ts");
    }
    const file = pathToFileURL(resolve(path));
    try {
      await Deno.stat(file);
    } catch (error) {
      throw new CommandError(
        `Cannot run "${path}": ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    // A module is read once in a process; another query makes it another module.
    file.search = `run=${Date.now()}`;
    await shell.evaluate(`await import(${JSON.stringify(file.href)})`, { remember: false });
  },
};
