import { dirname, resolve } from "node:path";
import { splitStatements } from "../evaluator/statements.ts";
import { withoutClosing } from "../saved/closing.ts";
import { Syntax } from "../evaluator/syntax.ts";
import { type Command, CommandError } from "./command.ts";

/** `.load` */
export const load: Command = {
  name: "load",
  usage: "file.ts",
  about: "run a script here",
  help:
    `Each statement is shown with its result, and its variables and links are there to go on with. It stops at the
first statement that fails. The lines with which .save closes the links are left out, and a script that shows
its values by show() shows no others.
Example:
  .load demo.ts`,
  async run(path, shell) {
    if (path === "") {
      throw new CommandError("Cannot load: the name of the file is missing; write .load demo.ts");
    }
    let text: string;
    try {
      text = await Deno.readTextFile(path);
    } catch (error) {
      throw new CommandError(
        `Cannot load "${path}": ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    const folder = dirname(resolve(path));
    const session = withoutClosing(text);
    // What .save has written says itself what is shown: the value of a wait or of an assignment is not.
    const show = session === text && !IMPORTS_SHOW.test(text);
    for (const { source, line, error } of splitStatements(await Syntax.load(), session)) {
      shell.echo(source);
      const succeeded = error === undefined
        ? await shell.evaluate(source, { folder, show })
        : shell.failed(error, "syntax");
      if (!succeeded) throw new CommandError(`Stopped loading "${path}" at line ${line}`);
    }
    if (session !== text) {
      shell.print("Its links are left open; its last lines close them only when it runs alone.");
    }
  },
};

const IMPORTS_SHOW = /^import \{[^}]*\bshow(Value)?\b[^}]*\} from /m;
