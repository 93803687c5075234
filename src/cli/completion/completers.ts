import { dialects, listPorts, type PortInfo } from "../../../mod.ts";
import { sheets } from "../cheat/table.ts";
import { STAMP_KINDS } from "../../show/stamps.ts";
import { readProfiles } from "../profiles/read_profiles.ts";
import { type Candidate, type Candidates, FILES, NOTHING, words } from "./candidates.ts";

/** Finds what could be meant by what was typed. */
type Completer = (typed: string) => Candidates | Promise<Candidates>;

/**
 * What could stand for an argument, by its name, or for an option, by its flag. An option with a list of choices needs no
 * line here. To add one: a line.
 */
export const completers: Readonly<Record<string, Completer>> = Object.freeze({
  address: addresses,
  listen: () => ({ values: SCHEMES, isOpen: true }),
  task: () => ({ values: sheets.map(({ name: value, about }) => ({ value, about })) }),
  script: () => FILES,
  file: () => FILES,
  recording: () => FILES,
  directory: () => FILES,
  time: () => words("500ms", "2s", "10s", "1m"),
  "--option": dialectOptions,
  "--baud": () => words("9600", "19200", "38400", "57600", "115200", "230400", "460800", "921600"),
  "--line": () => words("8N1", "7E1", "8E1", "8O1", "8N2"),
  "--flow": () => words("none", "rtscts", "xonxoff"),
  "--enter": () => words("cr", "lf", "crlf"),
  "--timestamps": () => words(...STAMP_KINDS),
});

/** Profiles and kinds of addresses first; ports when a port is begun. */
async function addresses(typed: string): Promise<Candidates> {
  if (/^serial:/i.test(typed)) {
    const ports = (await listPorts()).toReversed(); // the newest is the likeliest
    return { values: [...ports.flatMap(portNames), { value: "serial:auto", about: "the only one on USB" }] };
  }
  if (typed.includes(":")) return NOTHING;
  const names = await profileNames();
  const fit = names.filter(({ value }) => value.startsWith(typed));
  return fit.length > 0 && typed !== ""
    ? { values: fit }
    : { values: [...fit, ...SCHEMES], isOpen: fit.length === 0 };
}

/** A file that cannot be read offers nothing: whoever uses a profile is told why. */
async function profileNames(): Promise<Candidate[]> {
  try {
    const file = await readProfiles();
    return file?.names.map((value) => ({ value, about: textOf(file.table(value)) })) ?? [];
  } catch {
    return [];
  }
}

function textOf({ description, address }: Readonly<Record<string, unknown>>): string {
  return String(description ?? address ?? "");
}

function portNames({ path, id, serialNumber, manufacturer = "", product = "" }: PortInfo): Candidate[] {
  const about = `${manufacturer} ${product}`.trim();
  const stable = serialNumber ?? id?.replace(/^.*\/by-id\//, "");
  const names = [{ value: `serial:${path}`, about }];
  return stable === undefined ? names : [...names, { value: `serial:id:${stable}`, about }];
}

function dialectOptions(typed: string): Candidates {
  const options = Object.assign({}, ...Object.values(dialects).map(({ options = {} }) => options));
  const [name, value] = typed.split("=");
  if (value === undefined) {
    const names = Object.keys(options).filter((each) => each !== "newline");
    return { values: names.map((each) => ({ value: `${each}=` })), isOpen: true };
  }
  const choices: unknown = Object.hasOwn(options, name) ? options[name] : undefined;
  return Array.isArray(choices) ? words(...choices.map((each) => `${name}=${each}`)) : NOTHING;
}

const SCHEMES: readonly Candidate[] = Object.freeze([
  { value: "serial:", about: "a serial port" },
  { value: "tcp://", about: "host and port" },
  { value: "unix://", about: "a socket file" },
]);
