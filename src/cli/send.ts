import { SerialClient } from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { call, callCommand } from "./calling.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley send` */
export const send: Subcommand = (finish: Finish): AnyCommand =>
  callCommand("send", "send one message and leave")
    .argument("<address>", "such as tcp://127.0.0.1:16900")
    .argument("<message>", "text to send")
    .option("--ack", "leave only when the other side has handled it; native and serpy")
    .action(async (address, message, flags) => {
      await using client = await call(address, flags);
      await client.send(message, { ack: flags.ack === true, queue: flags.retry !== undefined });
      // Closing waits for 5 s only, which is not long for a slow line, or one that is told to wait after each byte.
      if (client instanceof SerialClient) await client.drain();
      finish(ExitCode.OK); // closing waits until the message has left
    });
