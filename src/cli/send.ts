import { connect } from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { linkCommand, linkOptions } from "./command_line.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley send` */
export const send: Subcommand = (finish: Finish): AnyCommand =>
  linkCommand("send", "send one message and leave")
    .argument("<address>", "such as tcp://127.0.0.1:16900")
    .argument("<message>", "text to send")
    .action(async (address, message, flags) => {
      const client = await connect(address, linkOptions(flags));
      await client.send(message);
      await client.close(); // resolves when the message has left
      finish(ExitCode.OK);
    });
