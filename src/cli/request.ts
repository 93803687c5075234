import { connect } from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { linkCommand, linkOptions } from "./command_line.ts";
import { printValue } from "./printer.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley request` */
export const request: Subcommand = (finish: Finish): AnyCommand =>
  linkCommand("request", "call a named request and print its answer")
    .argument("<address>", "such as tcp://127.0.0.1:16900")
    .argument("<name>", "the name it is registered under there")
    .argument("[args...]", "its arguments: JSON where they are JSON, otherwise text")
    .action(async (address, name, args, flags) => {
      await using client = await connect(address, linkOptions(flags));
      printValue(await client.request(name, args.map(parseArgument)), flags, { address, name });
      finish(ExitCode.OK);
    });

function parseArgument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
