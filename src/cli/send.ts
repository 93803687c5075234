import { SerialClient } from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { call, callCommand } from "./calling.ts";
import { untilEnded } from "./ending.ts";
import { givenMessages, MESSAGE_HELP } from "./given_messages.ts";
import { escapeOption, hexOption, rawOption, valueOption } from "./message_flags.ts";
import { countOption, intervalOption } from "./repeat_flags.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley send` */
export const send: Subcommand = (finish: Finish): AnyCommand =>
  callCommand("send", "send messages and leave")
    .argument("<address>", "such as tcp://127.0.0.1:16900, or a profile")
    .argument("[message...]", MESSAGE_HELP)
    .option("--ack", "go on only when the other side has handled it; native and serpy")
    .addOption(countOption())
    .addOption(intervalOption())
    .addOption(hexOption())
    .addOption(escapeOption())
    .addOption(rawOption())
    .addOption(valueOption())
    .addHelpText("after", HELP)
    .action(async (address, messages, flags) => {
      const code = await untilEnded(async (ending) => {
        const given = givenMessages(messages, flags, ending);
        const first = await given.next(); // a wrong message is told before anybody is called
        await using client = await call(address, flags, ending);
        for (let next = first; !next.done; next = await given.next()) {
          await client.send(next.value, { ack: flags.ack === true, queue: flags.retry !== undefined });
        }
        // Closing waits for 5 s only, which is not long for a slow line, or one that is told to wait after each byte.
        if (client instanceof SerialClient) await ending.race(client.drain());
        return ExitCode.OK; // closing waits until the messages have left
      });
      finish(code);
    });

const HELP = `
When standard input ends, what was read is sent, and the link is closed. The first message that cannot be sent ends it.

Examples:
  parley send tcp://127.0.0.1:16900 hello world -d lines
  tail -f log | parley send tcp://127.0.0.1:16900 -d lines
  parley send serial:/dev/ttyUSB0 --hex 'aa 55 01 0d' -d raw`;
