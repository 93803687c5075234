import { RecordingError } from "../../mod.ts";
import { writtenPattern } from "../written_pattern.ts";
import { CommandLineError } from "./failure.ts";

/**
 * What `make` makes of a recording that was named on the command line.
 *
 * @throws {CommandLineError} it cannot be read or played: the wrong one was named.
 */
export async function usable<Made>(make: () => Made | Promise<Made>): Promise<Made> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof RecordingError) throw new CommandLineError(error.message);
    throw error;
  }
}

/** A pattern of `--ignore`, with or without slashes around it. @throws {CommandLineError} */
export function parsePattern(text: string): RegExp {
  try {
    return writtenPattern(text);
  } catch (error) {
    throw new CommandLineError(`Cannot use "${text}" as --ignore: ${(error as Error).message}`);
  }
}
