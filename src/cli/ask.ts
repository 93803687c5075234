import { ExitCode } from "../console/exit_code.ts";
import { answersOf } from "./answers.ts";
import { call, callCommand } from "./calling.ts";
import { elapsed } from "./elapsed.ts";
import { untilEnded } from "./ending.ts";
import { givenMessages, MESSAGE_HELP } from "./given_messages.ts";
import { escapeOption, formOf, hexOption, rawOption, valueOption } from "./message_flags.ts";
import { parseCount } from "./parse_count.ts";
import { Pattern } from "./pattern.ts";
import { printValue } from "./printer.ts";
import { countOption, intervalOption } from "./repeat_flags.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley ask` */
export const ask: Subcommand = (finish: Finish): AnyCommand =>
  callCommand("ask", "send messages, one at a time, and print what comes back to each")
    .argument("<address>", "such as tcp://192.168.1.99:5025, or a profile")
    .argument("[message...]", MESSAGE_HELP)
    .option(
      "--answers <number>",
      "each is answered by so many messages (default: 1)",
      parseCount("--answers"),
    )
    .option(
      "-u, --until <text>",
      "each is answered by all messages up to one with this text, or /regex/, in it",
      (text) => new Pattern(text),
    )
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
        const print = { ...flags, form: formOf(flags) };
        let number = 0;
        for (let next = first; !next.done; next = await given.next()) {
          number++;
          const asked = performance.now();
          try {
            for await (const value of answersOf(client, next.value, flags)) {
              printValue(value, print, { address, ms: elapsed(asked) });
            }
          } catch (error) {
            throw number > 1 ? withNumber(error, number) : error;
          }
        }
        return ExitCode.OK;
      });
      finish(code);
    });

/** Of many, the one that it was. */
function withNumber(error: unknown, number: number): unknown {
  if (error instanceof Error) error.message += ` (message ${number})`;
  return error;
}

const HELP = `
The next message is sent when the answer to the last one is there. When standard input ends, the answer that is still
awaited is waited for, for at most --timeout (default: 10s), and printed. The first that gets none ends it: exit code 4.

Examples:
  parley ask tcp://192.168.1.99:5025 '*IDN?' -d lines
  printf '%s\\n' 'VOLT?' 'CURR?' | parley ask serial:id:KORAD
  parley ask serial:/dev/ttyUSB0 AT+GMR --newline crlf --until '/^(OK|ERROR)$/'`;
