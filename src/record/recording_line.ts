/**
 * One line of a recording: JSON in which nothing can drive a terminal that shows it. See `docs/recording.md`.
 *
 * @module
 */
import type { Direction, Traffic } from "../peer/traffic.ts";
import type { SecretMask } from "../secret/secret_mask.ts";
import type { MaskedPlace } from "./masked_piece.ts";
import { hideSecrets } from "./said_secrets.ts";
import { toPlain } from "./recording_value.ts";

/** What the header says the file is. */
export const RECORDING_FORMAT = "parley-recording";
/** Counts changes after which a reader of the version before would understand something wrong. */
export const RECORDING_VERSION = 1;

/** Whom and when a line is about. */
export interface LineFacts {
  /** Milliseconds since the start. */
  readonly ms: number;
  readonly link: string;
  /** Which peer of a server. */
  readonly peer?: string;
}

/** The first line. @param program The version of Parley that writes it. */
export function headerLine(started: Date, program: string): string {
  return line({
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    started: started.toISOString(),
    parley: program,
  });
}

/** A link is recorded from here on. */
export function linkLine(
  { ms, link }: LineFacts,
  facts: {
    readonly address: string;
    readonly role: "client" | "server";
    readonly dialect: string;
    readonly settings?: object;
  },
): string {
  return line({ ms: rounded(ms), event: "link", link, ...facts });
}

/** A link has got its name: what was told of it so far had another. */
export function nameLine({ ms, link }: LineFacts, name: string): string {
  return line({ ms: rounded(ms), event: "name", link, name });
}

/** A connection is up. @param already It was so when the recording began. */
export function upLine({ ms, link, peer }: LineFacts, already = false): string {
  return line({ ms: rounded(ms), event: "up", link, peer, ...(already && { already }) });
}

/** A connection has ended. */
export function downLine({ ms, link, peer }: LineFacts, reason: string, byUs: boolean): string {
  return line({ ms: rounded(ms), event: "down", link, peer, reason, byUs });
}

/** The recording ends here, and was not cut. */
export function endLine(ms: number, why: string): string {
  return line({ ms: rounded(ms), event: "end", why });
}

/** Bytes passed: as text where they are readable UTF-8, otherwise in base64. */
export function bytesLine(
  { ms, link, peer }: LineFacts,
  direction: Direction,
  bytes: Uint8Array,
  masked: readonly MaskedPlace[] = [],
): string {
  const text = readable(bytes);
  const content = text === undefined ? { base64: bytes.toBase64() } : { text };
  return line({
    ms: rounded(ms),
    link,
    peer,
    direction,
    ...content,
    ...(masked.length > 0 && { masked }),
  });
}

/** What bytes have meant, with `[secret NAME]` for secrets. A value that is very large is left out: its bytes are there. */
export function saidLine({ ms, link, peer }: LineFacts, traffic: Traffic, mask: SecretMask): string {
  const hide = (each: unknown) => toPlain(mask.isEmpty ? each : hideSecrets(each, mask));
  const { direction, kind: said, bytes, id, ...rest } = traffic;
  const { value, args, kwargs, ms: took, ...texts } = rest as Record<string, unknown>;
  const facts = { ms: rounded(ms), link, peer, direction, said, bytes, id, ...hide(texts) as object };
  const tookMs = typeof took === "number" ? rounded(took) : undefined;
  const content = {
    ...("value" in rest && { value: hide(value) }),
    ...(args !== undefined && { args: hide(args) }),
    ...(kwargs !== undefined && { kwargs: hide(kwargs) }),
  };
  const size = JSON.stringify(content).length;
  return line(size > MAX_SAID_CHARS ? { ...facts, tookMs, omitted: size } : { ...facts, tookMs, ...content });
}

/** A decoded view is for people, and nobody reads more than this, in UTF-16 units of JSON. */
const MAX_SAID_CHARS = 64 * 1024;

/** Whole microseconds are more than anybody's clock is worth. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** Valid UTF-8 whose only control characters are TAB, LF and CR. */
function readable(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    // deno-lint-ignore no-control-regex
    return /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** JSON leaves characters as they are that move a cursor, reverse the reading direction or hide. */
function line(content: object): string {
  return JSON.stringify(content).replace(hostile, (character) => {
    return [...Array(character.length).keys()]
      .map((unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`).join("");
  });
}

const hostile =
  /[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
