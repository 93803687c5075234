import { dialects } from "../../../mod.ts";
import type { MemberEntry, Reference } from "../reference/reference.ts";
import type { Candidate, Completion } from "../terminal/completion.ts";
import { callsOf } from "./call_entries.ts";
import { type Place, type Slot, slotAt, writtenItems } from "./place.ts";
import type { CompletionWorld, Found } from "./source.ts";
import { inString } from "./string_completion.ts";
import { literalText } from "./string_text.ts";

/** Names of options are shorter. */
const MAX_WORD_CHARS = 100;
const wordAtEnd = /[\p{ID_Start}$_]?[\p{ID_Continue}$]*$/u;

/**
 * The names of options in the object that a function of Parley takes, and the values that an option or an argument may
 * have, as the doc comments tell them.
 */
export function options(place: Place, world: CompletionWorld): Found {
  const { string, isCode, line, cursor } = place;
  if (!isCode && string === undefined) return undefined;
  const word = string === undefined
    ? wordAtEnd.exec(line.slice(Math.max(0, cursor - MAX_WORD_CHARS), cursor))![0]
    : "";
  const slot = slotAt(place, string === undefined ? cursor - word.length : string.start - 1);
  if (slot === undefined) return undefined;
  const complete = (reference: Reference) => {
    if (slot.object !== undefined && slot.key === undefined) {
      return optionNames(place, slot, word, reference, world);
    }
    return values(place, slot, word, reference, world);
  };
  const { now } = world.reference;
  return now === undefined ? world.reference.load().then(complete) : complete(now);
}

/** The interfaces whose members the innermost object may have. */
function interfacesAt(slot: Slot, reference: Reference, world: CompletionWorld): readonly string[] {
  let taken = callsOf(slot.callee, reference, world.globals)
    .flatMap(({ parameters = [] }) => parameters[slot.argument]?.options ?? []);
  for (const key of slot.path) taken = [...membersOf(taken, reference).get(key)?.options ?? []];
  return taken;
}

function membersOf(interfaces: readonly string[], reference: Reference): ReadonlyMap<string, MemberEntry> {
  return new Map(interfaces.flatMap((name) => [...reference.members(name)]));
}

function optionNames(place: Place, slot: Slot, word: string, reference: Reference, world: CompletionWorld) {
  const { line, cursor } = place;
  if (place.string !== undefined) return undefined;
  const interfaces = interfacesAt(slot, reference, world);
  const members = membersOf(interfaces, reference);
  if (members.size === 0) return undefined;
  const written = writtenItems(place, slot.object!);
  const isApt = aptOptions(place, slot, interfaces, written, reference);
  const colon = /^\s*:/.test(line.slice(cursor)) ? "" : ": ";
  const candidates = [...members].filter(([name]) =>
    name.startsWith(word) && !written.has(name) && isApt(name)
  )
    .map(([name, { doc }]): Candidate => ({ text: name + colon, label: name, about: doc }));
  // Something else can stand there, such as `...usual`, or a variable with the name of an option that is not known here.
  return candidates.length === 0 ? undefined : { candidates, start: cursor - word.length };
}

/** Options of another dialect, or of serial ports elsewhere, would be refused. */
function aptOptions(
  { line }: Place,
  { call }: Slot,
  interfaces: readonly string[],
  written: ReadonlyMap<string, string>,
  reference: Reference,
): (name: string) => boolean {
  if (!interfaces.some((name) => reference.lineage(name).has("DialectOptions"))) return () => true;
  const first = line.slice(call.at + 1, call.items[1] === undefined ? call.end : call.items[1] - 1).trim();
  const isSerial = /\bserial\s*$/.test(line.slice(0, call.at)) || /^["'`]\s*serial:/i.test(first);
  const isElsewhere = !isSerial && /^["'`]/.test(first);
  const dialect = written.get("dialect") ??
    (written.has("codec") ? "codec" : isSerial ? '"lines"' : '"native"');
  const name = /^["'`]([^"'`]*)["'`]$/.exec(dialect)?.[1] ?? "";
  const taken = Object.hasOwn(dialects, name) ? dialects[name as keyof typeof dialects].options ?? {} : {};
  const ofDialects = reference.members("DialectOptions");
  const ofPorts = reference.members("SerialOptions");
  return (option) => {
    if (option === "codec" && written.has("dialect") || option === "dialect" && written.has("codec")) {
      return false;
    }
    if (ofDialects.has(option)) return Object.hasOwn(taken, option);
    return !(isElsewhere && ofPorts.has(option));
  };
}

function values(
  place: Place,
  slot: Slot,
  word: string,
  reference: Reference,
  world: CompletionWorld,
): Completion | undefined {
  const { cursor, string } = place;
  const found = slot.key === undefined ? argumentValues(slot, reference, world) : optionValues(
    slot.key,
    membersOf(interfacesAt(slot, reference, world), reference).get(slot.key),
    reference,
  );
  const texts = found.filter(({ isText }) => isText);
  if (string !== undefined) return texts.length === 0 ? undefined : inString(place, texts, { closes: true });
  const candidates = found.map(({ isText, text, ...told }): Candidate => ({
    ...told,
    text: isText ? `"${literalText(text, '"')}"` : text,
  })).filter(({ text }) => text.startsWith(word));
  return candidates.length === 0 ? undefined : { candidates, start: cursor - word.length };
}

interface Value extends Candidate {
  /** A text, which goes between quotes. */
  readonly isText: boolean;
}

function argumentValues(slot: Slot, reference: Reference, world: CompletionWorld): Value[] {
  const parameters = callsOf(slot.callee, reference, world.globals).map(({ parameters = [] }) =>
    parameters[slot.argument]
  );
  return [...new Set(parameters.flatMap((parameter) => parameter?.values ?? []))].map(text);
}

function optionValues(key: string, member: MemberEntry | undefined, reference: Reference): Value[] {
  const texts = (member?.values ?? []).map((value): Value => {
    const isDialect = key === "dialect" && Object.hasOwn(dialects, value);
    return isDialect
      ? { ...text(value), about: dialects[value as keyof typeof dialects].about }
      : text(value);
  });
  const type = member?.type ?? "";
  const truth = /\bboolean\b/.test(type) ? ["true", "false"].map((text) => ({ text, isText: false })) : [];
  return [...texts, ...truth, .../\bCodec\b/.test(type) ? codecCalls(reference) : []];
}

function text(value: string): Value {
  return { text: value, isText: true };
}

/** The functions that make codecs: everything whose answer is one. */
function codecCalls(reference: Reference): Value[] {
  return reference.names.flatMap((name): Value[] => {
    const { kind, calls = [], doc } = reference.entry(name)!;
    const makes = kind === "function" && calls.some(({ text }) => /\): Codec<[^>]*>$/.test(text));
    return makes ? [{ text: `${name}(`, label: `${name}()`, about: doc, isText: false }] : [];
  });
}
