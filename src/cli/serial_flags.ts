// deno-lint-ignore-file explicit-module-boundary-types -- commander infers the option types, which cannot be written down
import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { SerialOptions, SerialSettings } from "../../mod.ts";
import { CommandLineError } from "./failure.ts";
import { parseTime } from "./parse_time.ts";

/** The options that set a serial port, as the shell has them. */
export interface SerialFlags {
  baud?: number;
  line?: SerialSettings;
  flow?: SerialSettings;
  byteDelay?: number;
  lineDelay?: number;
}

/** `--baud` */
export const baudOption = () =>
  new Option("--baud <rate>", "serial ports: bits a second (default: 115200)").argParser(parseBaud);

/** `--line` */
export const lineOption = () =>
  new Option("--line <8N1>", "serial ports: data bits, parity, stop bits").argParser(parseLine);

/** `--flow` */
export const flowOption = () =>
  new Option("--flow <kind>", "serial ports: flow control: none, rtscts or xonxoff").argParser(parseFlow);

/** `--byte-delay` */
const byteDelayOption = () =>
  new Option("--byte-delay <time>", "serial ports: wait after each byte that is sent").argParser(parseTime);

/** `--line-delay` */
const lineDelayOption = () =>
  new Option("--line-delay <time>", "serial ports: wait after each line that is sent").argParser(parseTime);

/** All of them, in the order of the help. */
export const serialOptions = () =>
  [baudOption(), lineOption(), flowOption(), byteDelayOption(), lineDelayOption()] as const;

/**
 * The library's options for the serial flags.
 *
 * @throws {CommandLineError} the address is no serial port.
 */
export function serialSettings(address: string, flags: SerialFlags): SerialOptions {
  const { baud, line, flow, byteDelay, lineDelay } = flags;
  const given = Object.entries({ baud, line, flow, "byte-delay": byteDelay, "line-delay": lineDelay })
    .find(([, value]) => value !== undefined);
  if (given === undefined) return {};
  if (!isSerialAddress(address)) {
    throw new CommandLineError(`Cannot use --${given[0]} with ${address}: only serial ports have it`);
  }
  const isPaced = byteDelay !== undefined || lineDelay !== undefined;
  return {
    ...(baud !== undefined && { baudRate: baud }),
    ...line,
    ...flow,
    ...(isPaced && { pacing: { byteMs: byteDelay, lineMs: lineDelay } }),
  };
}

/** True for the address of a serial port, right or wrong. */
export function isSerialAddress(address: string): boolean {
  return /^\s*serial:/i.test(address);
}

function parseBaud(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) {
    throw new InvalidArgumentError("A whole number of bits a second is wanted, such as 9600.");
  }
  return Number(text);
}

function parseLine(text: string): SerialSettings {
  const match = /^([5-8])([NEOMS])(1|1\.5|2)$/i.exec(text.trim());
  if (match === null) {
    throw new InvalidArgumentError("Data bits, parity and stop bits are wanted, such as 8N1 or 7E1.");
  }
  const parity = PARITIES[match[2].toUpperCase()];
  return {
    dataBits: Number(match[1]) as SerialSettings["dataBits"],
    parity,
    stopBits: Number(match[3]) as SerialSettings["stopBits"],
  };
}

function parseFlow(text: string): SerialSettings {
  switch (text.toLowerCase()) {
    case "none":
      return { rtscts: false, xon: false, xoff: false };
    case "rtscts":
      return { rtscts: true };
    case "xonxoff":
      return { xon: true, xoff: true };
    default:
      throw new InvalidArgumentError("There are none, rtscts and xonxoff.");
  }
}

const PARITIES: Readonly<Record<string, SerialSettings["parity"]>> = Object.freeze({
  N: "none",
  E: "even",
  O: "odd",
  M: "mark",
  S: "space",
});
