import { Option } from "@commander-js/extra-typings";
import { RemoteError } from "../../mod.ts";
import { ExitCode } from "../console/exit_code.ts";
import { call, callCommand } from "./calling.ts";
import { elapsed } from "./elapsed.ts";
import { untilEnded } from "./ending.ts";
import { CommandLineError } from "./failure.ts";
import { utf8, valueOf } from "./message_form.ts";
import { printValue } from "./printer.ts";
import { countOption, intervalOption, Pace, timesOf } from "./repeat_flags.ts";
import { inputWhole } from "./standard_input.ts";
import type { AnyCommand, Finish, Subcommand } from "./subcommand.ts";

/** `parley request` */
export const request: Subcommand = (finish: Finish): AnyCommand =>
  callCommand("request", "call a named request and print its answer", "native")
    .argument("<address>", "such as tcp://127.0.0.1:16900, or a profile")
    .argument("<name>", "the name it is registered under there")
    .argument(
      "[args...]",
      "its arguments: JSON where they are JSON, otherwise text; - for all of standard input",
    )
    .option("--key <text>", "handled once over there, however often it is called with this key")
    .addOption(
      new Option("--stream", "print each part of an answer that comes in parts, on a line of its own")
        .conflicts("key"),
    )
    .addOption(countOption())
    .addOption(intervalOption())
    .action(async (address, name, args, flags) => {
      const code = await untilEnded(async (ending) => {
        const values = await ending.race(Promise.all(valuesOf(args)));
        await using client = await call(address, { ...flags, dialect: flags.dialect ?? "native" }, ending);
        const pace = new Pace(flags, ending);
        for (let left = timesOf(flags); left > 0; left--) {
          await pace.turn();
          const asked = performance.now();
          const print = (value: unknown) => printValue(value, flags, { address, name, ms: elapsed(asked) });
          if (!flags.stream) print(await client.request(name, values, { key: flags.key }).catch(inFlags));
          else for await (const part of client.stream(name, values)) print(part);
        }
        return ExitCode.OK;
      });
      finish(code);
    });

/** Says how a shell asks for what the library calls `stream()`. @throws the same error, always. */
function inFlags(error: unknown): never {
  if (error instanceof RemoteError && error.code === "streams") {
    error.message += "; with --stream they are printed";
  }
  throw error;
}

/** @throws {CommandLineError} `-` is there twice, or standard input is empty or too long. */
function valuesOf(args: readonly string[]): (unknown | Promise<unknown>)[] {
  if (args.indexOf("-") !== args.lastIndexOf("-")) {
    throw new CommandLineError(`Cannot use "-" twice: standard input is there once`);
  }
  return args.map((text) => text === "-" ? inputValue() : valueOf(text));
}

/** Text without its last line end, as `$(…)` of a shell has it; what is no text is bytes. */
async function inputValue(): Promise<unknown> {
  for await (const bytes of inputWhole()) {
    const text = utf8(bytes);
    return text === undefined ? bytes : valueOf(text.replace(/\r?\n$/, ""));
  }
  throw new CommandLineError(`Cannot use "-" as an argument: standard input was empty`);
}
