import { UsageRangeError, UsageTypeError } from "../../errors.ts";
import { suggestion } from "../../suggestion.ts";

/** How a serial line is set: the names are those of the npm package `serialport`. */
export interface SerialSettings {
  /** Bits a second, any whole number that the driver can make. Default 115,200. */
  baudRate?: number;
  /** Bits in a character: 5 to 8. Default 8. */
  dataBits?: 5 | 6 | 7 | 8;
  /** Stop bits: 1 or 2, on Windows 1.5 as well. Default 1. */
  stopBits?: 1 | 1.5 | 2;
  /** `"none"` (default), `"even"`, `"odd"`; on Windows `"mark"` and `"space"` as well. */
  parity?: "none" | "even" | "odd" | "mark" | "space";
  /** Flow control by the lines RTS and CTS. Default false. */
  rtscts?: boolean;
  /** Stop sending at XOFF (13 hexadecimal), go on at XON (11). Default false. */
  xon?: boolean;
  /** Send XOFF and XON when we cannot keep up. Default false. */
  xoff?: boolean;
  /** With `xon`: any character goes on. Default false. */
  xany?: boolean;
  /** Keep other programs from opening the line (`flock` and `TIOCEXCL`). Default true. */
  lock?: boolean;
  /** Drop DTR when the line is closed, which resets many boards. Default true. */
  hupcl?: boolean;
  /** The level of DTR once the line is open; by default as the driver has it, which raises it. */
  dtr?: boolean;
  /** The level of RTS once the line is open; by default as the driver has it. */
  rts?: boolean;
}

/** All settings of a line. */
export type LineSettings =
  & Required<Omit<SerialSettings, "dtr" | "rts">>
  & Pick<SerialSettings, "dtr" | "rts">;

/** The settings when nothing is said. */
export const DEFAULT_SETTINGS: Readonly<LineSettings> = Object.freeze({
  baudRate: 115_200,
  dataBits: 8,
  stopBits: 1,
  parity: "none",
  rtscts: false,
  xon: false,
  xoff: false,
  xany: false,
  lock: true,
  hupcl: true,
});

/** The names of {@linkcode SerialSettings}. */
export const SETTING_NAMES: readonly string[] = Object.freeze([
  ...Object.keys(DEFAULT_SETTINGS),
  "dtr",
  "rts",
]);

const CHOICES: Readonly<Record<string, readonly unknown[]>> = Object.freeze({
  dataBits: [5, 6, 7, 8],
  stopBits: [1, 1.5, 2],
  parity: ["none", "even", "odd", "mark", "space"],
});

/** What Windows has and Linux and macOS have not. */
const ONLY_WINDOWS: readonly unknown[] = Object.freeze([1.5, "mark", "space"]);

/** The largest rate that fits where the systems keep it: a signed 32-bit number. */
const MAX_BAUD_RATE = 2_147_483_647;

/**
 * All settings, of those that were given and the defaults. Names that are no settings are no matter.
 *
 * @throws {UsageTypeError} a value of the wrong kind. @throws {UsageRangeError} a rate out of range.
 */
export function resolveSettings(given: SerialSettings): LineSettings {
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const name of SETTING_NAMES) {
    const value = given[name as keyof SerialSettings];
    if (value === undefined) continue;
    check(name, value);
    settings[name] = value;
  }
  return settings as unknown as LineSettings;
}

/** @throws {UsageTypeError} @throws {UsageRangeError} it is no rate. */
export function checkBaudRate(value: unknown): asserts value is number {
  if (typeof value !== "number") throw wrong("baudRate", value, "a number is wanted, such as 115200");
  if (!Number.isInteger(value) || value < 1 || value > MAX_BAUD_RATE) {
    const wanted = `a whole number from 1 to ${MAX_BAUD_RATE} is wanted, such as 115200`;
    throw new UsageRangeError(`Cannot use ${value} as "baudRate": ${wanted}`);
  }
}

/** A line as people write it: `115200 8N1`, with the flow control where there is any. */
export function describeSettings(settings: Readonly<LineSettings>): string {
  const { baudRate, dataBits, parity, stopBits, rtscts, xon, xoff } = settings;
  const frame = `${baudRate} ${dataBits}${parity[0].toUpperCase()}${stopBits}`;
  return `${frame}${rtscts ? " RTS/CTS" : ""}${xon || xoff ? " XON/XOFF" : ""}`;
}

function check(name: string, value: unknown): void {
  if (name === "baudRate") return checkBaudRate(value);
  const choices = CHOICES[name];
  if (choices === undefined) {
    if (typeof value !== "boolean") throw wrong(name, value, "true or false is wanted");
    return;
  }
  if (!choices.includes(value)) {
    const texts = choices.filter((each) => typeof each === "string");
    const near = typeof value === "string" ? suggestion(value, texts) : "";
    throw wrong(
      name,
      value,
      `one of ${choices.map((each) => JSON.stringify(each)).join(", ")} is wanted${near}`,
    );
  }
  if (ONLY_WINDOWS.includes(value) && Deno.build.os !== "windows") {
    throw wrong(name, value, "only Windows has it");
  }
}

function wrong(name: string, value: unknown, wanted: string): UsageTypeError {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new UsageTypeError(`Cannot use ${shown} as "${name}": ${wanted}`);
}
