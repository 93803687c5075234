import { ProtocolError } from "../../errors.ts";
import { decodeText, type TextEncoding } from "../text_encoding.ts";

/**
 * The text of a content, in the encoding that its header names as Python does: `utf-8`, `ascii`, `latin-1`, `utf-16`,
 * `cp1251`, `koi8_r` and whatever else the platform's `TextDecoder` reads. As there, wrong bytes are refused, and a
 * byte order mark is only taken off where the encoding says so (`utf-8-sig`, `utf-16`).
 *
 * @throws {ProtocolError} not fatal: `unknown_encoding`, or `bad_text` for bytes that are none.
 */
export function contentText(bytes: Uint8Array, encoding: unknown): string {
  if (encoding === "utf-8") return usual(bytes, encoding);
  const name = typeof encoding === "string" ? encoding.trim().toLowerCase().replaceAll(/[_ ]/g, "-") : "";
  if (UTF8.includes(name)) return usual(bytes, "utf-8");
  if (ASCII.includes(name)) return usual(bytes, "ascii");
  if (LATIN1.includes(name)) return usual(bytes, "latin-1");
  if (name === "utf-8-sig") return decoded(bytes, "utf-8", name, true);
  if (name === "utf-16" || name === "utf16") {
    const isBigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
    return decoded(bytes, isBigEndian ? "utf-16be" : "utf-16le", name, true);
  }
  const label = name.replace(/^cp(125[0-8]|874)$/, "windows-$1").replace(/^cp866$/, "ibm866")
    .replace(/^utf-?16-?([bl]e)$/, "utf-16$1").replace(/^(gb|big|sjis|shift|euc)-?/, "$1");
  return decoded(bytes, label, name);
}

function decoded(bytes: Uint8Array, label: string, name: string, dropsMark = false): string {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true, ignoreBOM: !dropsMark });
  } catch {
    const text = `Content in the encoding ${
      JSON.stringify(name.slice(0, MAX_NAME_CHARS))
    }, which is not known here`;
    throw new ProtocolError("unknown_encoding", text, { fatal: false });
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw noText(name);
  }
}

/** Without a decoder of its own for each text. */
function usual(bytes: Uint8Array, encoding: TextEncoding): string {
  const { text, invalid } = decodeText(bytes, encoding);
  if (invalid) throw noText(encoding);
  return text;
}

function noText(encoding: string): ProtocolError {
  return new ProtocolError("bad_text", `Content is no text in its encoding, ${encoding}`, { fatal: false });
}

const UTF8: readonly string[] = ["utf-8", "utf8", "u8", "utf"];
const ASCII: readonly string[] = ["ascii", "us-ascii", "646"];
/** The platform's decoder of this name reads Windows-1252. */
const LATIN1: readonly string[] = [
  "latin-1",
  "latin1",
  "iso-8859-1",
  "iso8859-1",
  "8859",
  "cp819",
  "l1",
  "latin",
];
const MAX_NAME_CHARS = 40;
