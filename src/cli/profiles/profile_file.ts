import { parse, TomlError } from "smol-toml";
import { escapeText } from "../../show/escape.ts";
import { suggestion } from "../../suggestion.ts";
import { CommandLineError } from "../failure.ts";
import { lineOf } from "./config_lines.ts";

/** What a profile says, as it was written: the values of options by the names of their flags, without the dashes. */
export type ProfileTable = Readonly<Record<string, unknown>>;

/** The profiles of a TOML text: each table is one. What they say is checked when one is used. Pure. */
export class ProfileFile {
  readonly path: string;
  readonly #source: string;
  readonly #tables: ReadonlyMap<string, unknown>;

  /**
   * @param path Where it was read, for errors.
   * @throws {CommandLineError} it is no TOML.
   */
  constructor(path: string, source: string) {
    this.path = path;
    this.#source = source;
    try {
      this.#tables = new Map(Object.entries(parse(source)));
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      const [why] = error.message.replace("Invalid TOML document: ", "").split("\n");
      const line = source.split("\n")[error.line - 1]?.trim() ?? "";
      throw this.#wrong(error.line, `${why} in "${line}"${hintFor(line)}`);
    }
  }

  /** The names of all profiles, in the order of the file. */
  get names(): string[] {
    return [...this.#tables.keys()];
  }

  /** A profile. @throws {CommandLineError} there is none of that name, or it is no table. */
  table(name: string): ProfileTable {
    if (!this.#tables.has(name)) {
      const near = suggestion(name, this.names);
      const names = this.names.length === 0 ? "; there are none" : `; there are ${this.names.join(", ")}`;
      throw new CommandLineError(
        escapeText(`There is no profile "${name}" in ${this.path}${near || names}`),
      );
    }
    const table = this.#tables.get(name);
    if (typeof table === "object" && table !== null && Object.getPrototypeOf(table) !== Date.prototype) {
      if (!Array.isArray(table)) return table as ProfileTable;
    }
    const line = this.#source.split("\n").findIndex((each) => each.trimStart().startsWith(name));
    throw this.#wrong(
      line === -1 ? undefined : line + 1,
      `"${name}" stands above any profile; write [name-of-the-profile] before it`,
    );
  }

  /** The error for something that is wrong in a profile. */
  wrong(name: string, key: string | undefined, why: string): CommandLineError {
    return this.#wrong(lineOf(this.#source, name, key), `${why} (profile "${name}")`);
  }

  #wrong(line: number | undefined, why: string): CommandLineError {
    return new CommandLineError(
      escapeText(`${this.path}${line === undefined ? "" : `, line ${line}`}: ${why}`),
    );
  }
}

/** What people get wrong most. */
function hintFor(line: string): string {
  const [, key, value] = /^([\w-]+)\s*=\s*(\S.*)$/.exec(line) ?? [];
  if (value !== undefined && /^[A-Za-z/*]/.test(value)) return `; text stands in quotes: ${key} = "${value}"`;
  if (value !== undefined && value.includes("\\")) return `; in single quotes a \\ is itself: ${key} = '…'`;
  if (/^[\w-]+\s+[^=\s]+$/.test(line)) return `; write ${line.replace(/\s+/, " = ")}`;
  return "";
}
