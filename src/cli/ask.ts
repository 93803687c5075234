import { connect } from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { linkCommand, linkOptions } from "./command_line.ts";
import { printValue } from "./printer.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley ask` */
export const ask: Subcommand = (finish: Finish): AnyCommand =>
  linkCommand("ask", "send one message and print the next one that comes")
    .argument("<address>", "such as tcp://192.168.1.99:5025")
    .argument("<message>", "text to send")
    .action(async (address, message, flags) => {
      await using client = await connect(address, linkOptions(flags));
      printValue(await client.ask(message), flags, { address });
      finish(ExitCode.OK);
    });
