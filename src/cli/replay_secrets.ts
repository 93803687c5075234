import { type RecordedPart, secret } from "../../mod.ts";
import { escapeText } from "../show/escape.ts";
import { CommandLineError } from "./failure.ts";

/**
 * Reads the secrets that a recording was made without: those that have to be said from the environment or the person,
 * those that are only compared from the environment; where they are not there, that place may be anything.
 *
 * @throws {CommandLineError} one that has to be said is not to be had.
 */
export async function readSecrets(
  { link, isExact, secrets }: RecordedPart,
  path: string,
  isListening: boolean,
): Promise<void> {
  const says = (link.role === "client") === isListening ? "in" : "out";
  const all = new Set([...secrets.in, ...secrets.out]);
  for (const name of all) {
    const isSaid = secrets[says].has(name) || !isExact;
    if (!isSaid && !Deno.env.get(name)) continue;
    try {
      await secret(name);
    } catch (error) {
      throw new CommandLineError(
        `Cannot replay ${escapeText(link.name)} of ${escapeText(path)}: it was recorded without its secret. ${
          (error as Error).message
        }`,
      );
    }
  }
}
