import type { Session } from "../session.ts";

/**
 * What has come and is no whole message yet, as the last part of an error about a message that did not come: a device
 * that ends its lines otherwise, or speaks at another rate, is seen there. Empty when nothing has come.
 */
export function unfinished(session: Session): string {
  const count = session.inputBytes;
  if (count === 0) return "";
  const last = session.lastInput(SHOWN_BYTES);
  const cut = last.length < count ? "…" : "";
  const bytes = count === 1 ? "1 byte has come that is" : `${count} bytes have come that are`;
  const hint = session.dialect.name === "lines"
    ? '; a line ends with LF, or with CR where the option newline is "\\r"'
    : "";
  return `; ${bytes} no whole message yet: "${cut}${visible(last)}"${hint}`;
}

/** Enough to know a device by, and no more than fits into a line. */
const SHOWN_BYTES = 24;

/** Printable ASCII as it is, everything else as an escape: nothing of it can drive a terminal. */
function visible(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    if (byte === 0x0a) return "\\n";
    if (byte === 0x0d) return "\\r";
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  }).join("");
}
