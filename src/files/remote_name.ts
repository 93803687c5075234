/**
 * The names that the other side may give to files.
 *
 * @module
 */
import { ProtocolError } from "../errors.ts";

/** The longest segment of a name, in bytes of UTF-8: what file systems take. */
export const MAX_SEGMENT_BYTES = 255;
/** The most segments of a name: deeper trees are a mistake or an attack. */
export const MAX_SEGMENTS = 16;

/**
 * Takes a name apart that the other side has given to a file, in the directories that lead to it and the file itself.
 * Names are relative and divided by `/`. The rules are those of all systems together, so that a name that passes here
 * passes everywhere, and none of them means something else than it says.
 *
 * @returns the segments, in the normal form C of Unicode.
 * @throws {ProtocolError} code `bad_name`, not fatal: the message says what is wrong, and does not repeat the name.
 */
export function parseRemoteName(name: unknown): readonly string[] {
  if (typeof name !== "string") throw bad(`a file name is text, and this is ${describe(name)}`);
  if (name === "") throw bad("the name is empty");
  if (name.length > MAX_SEGMENTS * (MAX_SEGMENT_BYTES + 1)) {
    throw bad(`the name has ${name.length} characters; ${MAX_SEGMENT_BYTES} bytes a segment are the most`);
  }
  const odd = ODD_CHARACTER.exec(name);
  if (odd !== null) throw bad(`it contains ${named(odd[0])}, which no file name may`);
  if (name.startsWith("/") || name.startsWith("\\")) throw bad(`${ABSOLUTE}; ${RENAME}`);
  if (DRIVE.test(name)) {
    throw bad(`it names a drive, and only names below the shared directory are taken; ${RENAME}`);
  }
  if (name.includes("\\")) throw bad(`it contains "\\": names are divided by "/"; ${RENAME}`);
  const segments = name.normalize("NFC").split("/");
  if (segments.length > MAX_SEGMENTS) {
    throw bad(`it is ${segments.length} directories deep; ${MAX_SEGMENTS} are the most`);
  }
  for (const segment of segments) checkSegment(segment);
  return segments;
}

/** What is the same for file systems that do not tell large letters from small ones, or forms of Unicode apart. */
export function foldName(segment: string): string {
  return segment.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}

/** A name of the other side in a message about it: shortened, and without characters that do something to a screen. */
export function quoteName(name: string): string {
  const shown = [...name.slice(0, MAX_SHOWN)].map((character) => {
    if (!ODD_CHARACTER.test(character)) {
      return character === '"' || character === "\\" ? `\\${character}` : character;
    }
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
  return `"${shown.join("")}${name.length > MAX_SHOWN ? "…" : ""}"`;
}

function checkSegment(segment: string): void {
  if (segment === "") throw bad('it contains an empty segment ("//", or "/" at its end)');
  if (segment === "." || segment === "..") throw bad(`it contains "${segment}", which leads elsewhere`);
  if (segment.startsWith(".")) throw bad('it begins with ".": hidden files are neither taken nor given');
  const special = SPECIAL.exec(segment);
  if (special !== null) {
    throw bad(`it contains ${named(special[0])}, which not every system can have in a name`);
  }
  if (/[. ]$/.test(segment)) throw bad("it ends with a dot or a space, which some systems leave out");
  if (segment.startsWith(" ")) throw bad("it begins with a space");
  if (segment.startsWith("~")) throw bad('it begins with "~", which stands for a home directory');
  if (SHORT_NAME.test(segment)) {
    throw bad("it has the form of a short name of Windows, which may be another file's");
  }
  if (DEVICE.test(segment)) throw bad("it is the name of a device on Windows");
  const { length } = new TextEncoder().encode(segment);
  if (length > MAX_SEGMENT_BYTES) {
    throw bad(`a segment has ${length} bytes; ${MAX_SEGMENT_BYTES} are the most`);
  }
}

/** Characters of a name that a message about it shows. */
const MAX_SHOWN = 80;
const ABSOLUTE = "it is absolute, and only names below the shared directory are taken";
const RENAME = "the option rename of share() can map it";
/** Controls, invisible characters, those that turn the direction of text, and halves of characters. */
const ODD_CHARACTER = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]/u;
const DRIVE = /^[A-Za-z]:/;
/** A colon names a stream of a file on Windows; the others are wildcards and signs of its shells. */
const SPECIAL = /[<>:"|?*]/;
const SHORT_NAME = /^[^.]{1,8}~\d+(\.[^.]{0,3})?$/;
/** Also with an extension, with spaces before that, and with superscript digits. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$) *(\.|$)/i;

function bad(why: string): ProtocolError {
  return new ProtocolError("bad_name", why, { fatal: false });
}

function named(character: string): string {
  const code = character.codePointAt(0)!;
  return code > 0x20 && code < 0x7f
    ? `"${character}"`
    : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function describe(value: unknown): string {
  return value === null ? "null" : typeof value;
}
