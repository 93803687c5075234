import { type HandlerDescription, ProtocolError } from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { escapeCell } from "../show/escape.ts";
import { textTable } from "../show/text_table.ts";
import { call, callCommand } from "./calling.ts";
import { untilEnded } from "./ending.ts";
import { note, printData, printValue } from "./printer.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley describe` */
export const describe: Subcommand = (finish: Finish): AnyCommand =>
  callCommand("describe", "list what the other side has handlers for", "native")
    .argument("<address>", "such as tcp://127.0.0.1:16900, or a profile")
    .action(async (address, flags) => {
      const code = await untilEnded(async (ending) => {
        await using client = await call(address, { ...flags, dialect: flags.dialect ?? "native" }, ending);
        const handlers = checked(await client.describe(), address);
        if (flags.json) {
          for (const handler of handlers) printValue(handler, flags, { address });
        } else {
          if (handlers.length > 0) printData(`${table(handlers)}\n`);
          else note(`${address} has no handlers`, flags);
        }
        return ExitCode.OK;
      });
      finish(code);
    });

/** What came is what the other side has sent, whatever it is. @throws {ProtocolError} code `bad_description`. */
function checked(handlers: unknown, address: string): HandlerDescription[] {
  if (Array.isArray(handlers) && handlers.every(isDescription)) return handlers;
  throw new ProtocolError("bad_description", `${address} did not answer with a list of its handlers`);
}

function isDescription(each: Partial<HandlerDescription> | null): boolean {
  return typeof each?.name === "string" && typeof each.kind === "string" && Array.isArray(each.parameters);
}

/** Kind, name with parameters, and what it does; whatever the other side has sent stays in its line and column. */
function table(handlers: readonly HandlerDescription[]): string {
  return textTable(handlers.map(({ kind, name, parameters, description = "" }) => {
    const signature = `${name}(${parameters.join(", ")})`;
    return [kind, signature, description].map((cell) => escapeCell(String(cell)));
  }));
}
