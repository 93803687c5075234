import { CommandLineError } from "./failure.ts";

/** A time in milliseconds. @throws {CommandLineError} */
export function parseTime(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min)?$/.exec(text.trim());
  const ms = match === null ? NaN : Math.round(Number(match[1]) * (UNITS[match[2] ?? "ms"]));
  if (!(ms > 0)) throw new CommandLineError(`Cannot use "${text}" as a time: 500ms, 2s or 1m is wanted`);
  return ms;
}

const UNITS: Readonly<Record<string, number>> = Object.freeze({ ms: 1, s: 1000, m: 60_000, min: 60_000 });
