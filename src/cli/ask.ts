import { ExitCode } from "../console/exit_code.ts";
import { call, callCommand } from "./calling.ts";
import { printValue } from "./printer.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley ask` */
export const ask: Subcommand = (finish: Finish): AnyCommand =>
  callCommand("ask", "send one message and print the next one that comes")
    .argument("<address>", "such as tcp://192.168.1.99:5025")
    .argument("<message>", "text to send")
    .action(async (address, message, flags) => {
      await using client = await call(address, flags);
      printValue(await client.ask(message), flags, { address });
      finish(ExitCode.OK);
    });
