import type { Ending } from "./ending.ts";
import { CommandLineError } from "./failure.ts";
import { type FormFlags, formOf } from "./message_flags.ts";
import { type MessageForm, messageOf, utf8 } from "./message_form.ts";
import { Pace, type RepeatFlags, timesOf } from "./repeat_flags.ts";
import { inputLines, inputWhole } from "./standard_input.ts";

/** What the help says about messages. */
export const MESSAGE_HELP =
  "what to send; - for the lines of standard input, as in a pipe when none is given";

/**
 * The messages of a command line, one after the other when it is their turn: its arguments, as often as they are wanted,
 * or, for `-` and in a pipe, each line of standard input, at most as many as are wanted.
 *
 * @throws {CommandLineError} there is none, or one cannot be read; of arguments all are read at once.
 * @throws what has ended the program.
 */
export async function* givenMessages(
  args: readonly string[],
  flags: FormFlags & RepeatFlags,
  ending: Ending,
): AsyncGenerator<unknown> {
  const pace = new Pace(flags, ending);
  const source = messagesOf(args, formOf(flags), flags);
  for (;;) {
    const next = await ending.race(source.next()); // a read of the terminal cannot be called off
    if (next.done) return;
    await pace.turn();
    yield next.value;
  }
}

function messagesOf(
  args: readonly string[],
  form: MessageForm,
  flags: RepeatFlags,
): AsyncGenerator<unknown> {
  if (args.length > 0 && !args.includes("-")) {
    return repeated(args.map((text) => messageOf(form, text)), timesOf(flags));
  }
  if (args.length > 1) {
    throw new CommandLineError(`Cannot send "-" beside other messages: it stands for standard input alone`);
  }
  if (args.length === 0 && Deno.stdin.isTerminal()) {
    throw new CommandLineError("No message is given: write it behind the address, or pipe lines in");
  }
  return some(form === "raw" ? inputWhole() : linesAs(form), flags.count ?? Infinity);
}

async function* linesAs(form: MessageForm): AsyncGenerator<unknown> {
  for await (const line of inputLines()) {
    const text = utf8(line);
    yield text === undefined ? line : messageOf(form, text); // what is no text arrives as it is
  }
}

async function* repeated(messages: readonly unknown[], times: number): AsyncGenerator<unknown> {
  for (let round = 0; round < times; round++) yield* messages;
}

/** Nothing to say is a mistake somewhere before the pipe, which nobody would see otherwise. */
async function* some(input: AsyncIterable<unknown>, most: number): AsyncGenerator<unknown> {
  let seen = 0;
  for await (const message of input) {
    yield message;
    if (++seen === most) return;
  }
  if (seen === 0) {
    throw new CommandLineError("No message is given: standard input was empty; write it behind the address");
  }
}
