import type { Direction } from "../peer/traffic.ts";
import { knownSecret } from "../secret/known_secrets.ts";
import { inForm } from "../secret/secret_form.ts";
import type { MaskedPlace } from "./masked_piece.ts";
import type { RecordedBytes } from "./recording.ts";

/**
 * A piece of a recording with its place in the conversation. Where it stands for a secret that this program has read by
 * now, its bytes have it as it is here, which need not be what it was.
 */
export class Piece {
  /** The turn it belongs to, from 1. */
  readonly step: number;
  readonly line: number;
  readonly ms: number;
  readonly direction: Direction;
  readonly #recorded: Uint8Array;
  readonly #places: readonly MaskedPlace[];
  /** With all its secrets. */
  #filled: Uint8Array | undefined;

  constructor({ bytes, line, ms, direction, masked = [] }: RecordedBytes, step: number) {
    this.step = step;
    this.line = line;
    this.ms = ms;
    this.direction = direction;
    this.#recorded = bytes;
    this.#places = masked;
    if (masked.length === 0) this.#filled = bytes;
  }

  /** What is said. */
  get bytes(): Uint8Array {
    if (this.#filled !== undefined) return this.#filled;
    const { bytes, unknown } = this.#fill();
    if (unknown.length === 0) this.#filled = bytes;
    return bytes;
  }

  /** True for a byte of {@linkcode Piece.bytes} that stands for a secret which nobody here knows: it may be any. */
  isUnknown(index: number): boolean {
    if (this.#filled !== undefined) return false;
    return this.#fill().unknown.some(({ from, to }) => from <= index && index < to);
  }

  #fill(): { bytes: Uint8Array; unknown: readonly { readonly from: number; readonly to: number }[] } {
    const parts: Uint8Array[] = [];
    const unknown: { from: number; to: number }[] = [];
    let size = 0;
    const add = (bytes: Uint8Array) => {
      parts.push(bytes);
      size += bytes.length;
    };
    let end = 0;
    for (const place of this.#places) {
      add(this.#recorded.subarray(end, place.at));
      end = place.at + place.length;
      const secret = knownSecret(place.secret);
      if (secret === undefined) unknown.push({ from: size, to: size + place.length });
      add(secret === undefined ? this.#recorded.subarray(place.at, end) : share(secret, place));
    }
    add(this.#recorded.subarray(end));
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { bytes, unknown };
  }
}

/** What of a secret stands in this place. One of another length than recorded has its rest in the last piece. */
function share(secret: string, { form = "plain", length, part }: MaskedPlace): Uint8Array {
  const bytes = inForm(secret, form);
  if (part === undefined) return bytes;
  const end = part.from + length;
  return bytes.subarray(part.from, end === part.of ? undefined : end);
}
