import { CommandLineError } from "./failure.ts";

/** A whole number above 0, for the option of that name. @throws {CommandLineError} */
export function parseCount(option: string): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw new CommandLineError(
      `Cannot use "${text}" as ${option}: a whole number from 1 to 999999999 is wanted`,
    );
  };
}
