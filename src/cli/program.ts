import { Command, CommanderError } from "@commander-js/extra-typings";
import { ExitCode } from "../console/exit_code.ts";
import { VERSION } from "../version.ts";
import { suggestion } from "../suggestion.ts";
import { CommandLineError, explain } from "./failure.ts";
import { subcommands } from "./table.ts";

/** Parses a command line, does what it says, and resolves with the exit code, if it is known by then. */
export async function runProgram(args: readonly string[]): Promise<number | undefined> {
  let exitCode: number | undefined = ExitCode.OK;
  const program = new Command("parley")
    .description(
      "Talk to programs and devices over TCP, Unix sockets and serial ports: a console, scripts, and one-liners.",
    )
    .version(VERSION)
    .enablePositionalOptions()
    .showHelpAfterError("(parley --help shows what there is)")
    .addHelpText("after", HELP);
  for (const make of subcommands) {
    const subcommand = make((code) => exitCode = code);
    program.addCommand(subcommand, { isDefault: subcommand.name() === "console" });
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "parley: ")),
    });
  }
  try {
    checkSubcommand(args[0], program.commands.map((command) => command.name()));
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
    return explain(error, { json: args.includes("--json") });
  }
}

/** The console is the default, so a mistyped subcommand would otherwise be taken for an argument of it. */
function checkSubcommand(word: string | undefined, names: readonly string[]): void {
  if (word === undefined || word.startsWith("-") || word === "help" || names.includes(word)) return;
  const near = suggestion(word, names);
  throw new CommandLineError(`Unknown subcommand "${word}"${near || `; there are ${names.join(", ")}`}`);
}

const HELP = `
Exit codes: 0 ok, 1 script or evaluation error, 2 usage, 3 cannot connect, 4 timeout, 5 the peer answered with an
error, 6 assertion failed, 130 Ctrl-C. Data goes to stdout, everything else to stderr.

Examples:
  parley                                                   the prompt
  parley listen tcp://127.0.0.1:16900 --dialect lines
  parley ask tcp://127.0.0.1:16900 hello --dialect lines --timeout 2s
  parley request tcp://127.0.0.1:16900 add 1 2 --json --retry 30s
  parley ports
  parley monitor serial:/dev/ttyUSB0 --baud 9600
  parley ask serial:id:KORAD?baud=9600 '*IDN?'
  parley describe tcp://127.0.0.1:16900
  parley web serial:/dev/ttyUSB0 --baud 9600
  parley run demo.ts`;
