/**
 * What the doc comments say of one name, as a page.
 *
 * @module
 */
import type { Entry, MemberEntry, Reference } from "../reference/reference.ts";
import { glossary, wrapped } from "./layout.ts";

/** Functions: how they are called, what they do, their options with defaults, an example. */
export function functionPage(entry: MemberEntry, reference: Reference, columns: number): string {
  const { calls = [], type, doc = "" } = entry;
  const parameters = calls.flatMap(({ parameters = [] }) => parameters);
  const told = parameters.filter(({ doc }) => doc !== undefined);
  const options = [...new Set([...parameters, entry].flatMap(({ options = [] }) => options))];
  return sections(
    calls.length > 0
      ? calls.flatMap(({ text }) => wrapped(text, columns, "    "))
      : wrapped(type ?? "", columns, "    "),
    paragraph(doc, columns),
    told.flatMap(({ name, doc }) => paragraph(`${name}: ${doc}`, columns)),
    optionRows(...ownOptions(options, calls[0]?.text ?? "", reference), columns),
    exampleLines(entry.example),
  );
}

/** Options that many functions take together, told of in one line; `serial` is there for its own. */
const groups = [
  { name: "Callbacks", about: "Callbacks", of: undefined },
  { name: "DialectOptions", about: "Of one dialect", of: undefined },
  { name: "SerialOptions", about: "Of serial ports", of: "serial" },
] as const;

/** All members of these interfaces, those of a group apart from the others. */
function ownOptions(
  names: readonly string[],
  call: string,
  reference: Reference,
): [own: ReadonlyMap<string, MemberEntry>, grouped: readonly string[]] {
  const own = new Map(names.flatMap((name) => [...reference.members(name)]));
  const lineage = new Set(names.flatMap((name) => [...reference.lineage(name)]));
  const grouped = groups.flatMap(({ name, about, of }) => {
    if (!lineage.has(name)) return [];
    const members = [...reference.members(name).keys()].filter((key) => own.has(key));
    if (names.includes(name) && names.length === 1 || members.length === 0) return [];
    if (of !== undefined && call.startsWith(`${of}(`)) return [];
    for (const member of members) own.delete(member);
    return [`${about} (${name}? tells of them): ${members.join(", ")}`];
  });
  return [own, grouped];
}

/** Classes and interfaces: what they are, and their members. */
export function typePage(name: string, entry: Entry, reference: Reference, columns: number): string {
  const { kind, doc = "", calls = [], extends: parents = [], type } = entry;
  const heading = `${kind} ${name}${parents.length === 0 ? "" : ` extends ${parents.join(", ")}`}`;
  const members = reference.members(name);
  const list = kind === "interface"
    ? optionRows(members, [], columns)
    : glossary([...members].map(([name, { doc = "" }]) => [name, firstSentence(doc)]), columns);
  return sections(
    type === undefined ? [heading] : wrapped(`${heading} = ${type}`, columns, "    "),
    calls.flatMap(({ text }) => wrapped(text, columns, "    ")),
    paragraph(doc, columns),
    list,
    exampleLines(entry.example),
  );
}

/** One member of a class, or one option, and whose it is. */
export function memberPage(
  owner: string,
  member: MemberEntry,
  reference: Reference,
  columns: number,
): string {
  return `${functionPage(member, reference, columns)}\n\n(of ${owner}: ${owner}? tells of all of it)`;
}

function optionRows(
  members: ReadonlyMap<string, MemberEntry>,
  grouped: readonly string[],
  columns: number,
): string[] {
  if (members.size === 0) return [];
  const rows = [...members].map(([name, { doc = "" }]) => [name, defaultOf(doc), firstSentence(doc)]);
  const more = grouped.flatMap((text) => wrapped(text, columns - 2, "  ").map((line) => `  ${line}`));
  return ["Options, with their defaults:", ...glossary(rows, columns), ...more];
}

function defaultOf(doc: string): string {
  const found = /\bDefault:? (`[^`]*`|[^`]*?)(?=[.,;:](?:\s|$)|$| \()/.exec(doc)?.[1] ??
    /`([^`]+)` \(default\)/.exec(doc)?.[1];
  const usual = found?.replaceAll("`", "") ?? "";
  return usual.length > MAX_DEFAULT_CHARS ? "" : usual;
}

/** A longer default is a sentence, and stands in the text. */
const MAX_DEFAULT_CHARS = 16;

function firstSentence(doc: string): string {
  return (/^[^]*?[.;](?=\s|$)/.exec(doc)?.[0] ?? doc).replaceAll("`", "").replace(/[.;]$/, "");
}

function paragraph(text: string, columns: number): string[] {
  return text === "" ? [] : wrapped(text, columns - 2).map((line) => `  ${line}`);
}

function exampleLines(code: string | undefined): string[] {
  if (code === undefined) return [];
  return ["Example:", ...promptExample(code).split("\n").map((line) => `  ${line}`.trimEnd())];
}

/** An example as it is typed at the prompt, where everything that Parley exports is there without an import. */
export function promptExample(code: string): string {
  return code.replace(/^import (?:type )?\{[^}]*\} from "(?:@parley\/parley|\.[^"]*)";\n/gm, "").trim();
}

function sections(...parts: readonly (readonly string[])[]): string {
  return parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n");
}
