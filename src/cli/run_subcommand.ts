import { Command, CommanderError } from "@commander-js/extra-typings";
import { ExitCode } from "../console/exit_code.ts";
import { CommandLineError } from "./failure.ts";
import { isProfileName } from "./profiles/profile_name.ts";
import type { SubcommandEntry } from "./subcommand.ts";

/**
 * Runs one subcommand with what stands behind it, and resolves with the exit code, if it is known by then.
 *
 * @param onAddress Is told the address that it is about, once that is known.
 * @throws {CommandLineError} the line is wrong. @throws what the subcommand throws.
 */
export async function runSubcommand(
  entry: SubcommandEntry,
  args: readonly string[],
  onAddress: (address: string) => void,
): Promise<number | undefined> {
  let exitCode: number | undefined = ExitCode.OK;
  const make = await entry.load();
  const subcommand = make((code) => exitCode = code);
  // Its parent is for the usage line, and looks before it acts.
  const program = new Command("parley").enablePositionalOptions().addCommand(subcommand);
  program.hook("preAction", async (_program, command) => {
    const place = command.registeredArguments.findIndex((argument) => argument.name() === "address");
    const address: unknown = command.processedArgs[place];
    if (typeof address !== "string") return; // it has none, or it was left out
    if (isProfileName(address)) {
      const { useProfile } = await import("./profiles/use_profile.ts");
      await useProfile(command, place);
    }
    onAddress(String(command.processedArgs[place]));
  });
  for (const command of [program, subcommand]) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  try {
    await program.parseAsync([entry.name, ...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return ExitCode.OK; // the help was wanted
    const why = error.message.replace(/^error: /, "").replaceAll("\n", " ");
    throw new CommandLineError(
      `${why}${/[.)?]$/.test(why) ? " " : "; "}parley ${entry.name} --help tells more`,
    );
  }
}
