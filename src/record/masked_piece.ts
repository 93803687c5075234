import { joinBytes } from "../join_bytes.ts";
import type { SecretForm } from "../secret/secret_form.ts";
import type { FoundSecret, SecretMask } from "../secret/secret_mask.ts";

/** A place in recorded bytes where `*` stand for a secret, or for a part of it that has passed in this piece. */
export interface MaskedPlace {
  /** How the program that recorded calls it. */
  readonly secret: string;
  /** Its first byte in the piece. */
  readonly at: number;
  /** How many bytes it takes. */
  readonly length: number;
  /** How it is written there. Absent: as it is. */
  readonly form?: SecretForm;
  /** Where a secret has passed in several pieces: how many bytes of it came before, and how many it has. */
  readonly part?: { readonly from: number; readonly of: number };
}

/** Bytes on their way into a recording: they may wait for what follows, which may be the rest of a secret. */
export interface MaskedPiece {
  readonly bytes: Uint8Array;
  readonly places: MaskedPlace[];
  /** True when it is known what in it is secret. */
  isSettled: boolean;
}

/** Masks what one side says on one connection, however a secret is cut into pieces. */
export class MaskedStream {
  readonly #mask: SecretMask;
  /** Pieces whose end a secret may begin with, and where it does so. */
  #open: { readonly piece: MaskedPiece; readonly from: number }[] = [];

  constructor(mask: SecretMask) {
    this.#mask = mask;
  }

  /** The next bytes. What is returned is settled now, or by what follows. They are only good during the call. */
  push(bytes: Uint8Array): MaskedPiece {
    const piece: MaskedPiece = { bytes: bytes.slice(), places: [], isSettled: false };
    const parts = [...this.#open, { piece, from: 0 }];
    const all = joinBytes(restsOf(parts));
    const found = this.#mask.find(all);
    for (const each of found) place(parts, each);
    const last = found.at(-1);
    const beginning = this.#mask.beginning(all, last === undefined ? 0 : last.at + last.length);
    this.#open = [];
    let end = 0;
    for (const { piece, from } of parts) {
      const begin = end;
      end += piece.bytes.length - from;
      if (beginning === undefined || end <= beginning.at) piece.isSettled = true;
      else this.#open.push({ piece, from: from + Math.max(0, beginning.at - begin) });
    }
    return piece;
  }

  /** No more follows, or it takes too long: most of a secret is hidden like a whole one. */
  end(): void {
    const beginning = this.#mask.beginning(joinBytes(restsOf(this.#open)), 0);
    if (beginning !== undefined && beginning.length >= MIN_PART_BYTES) place(this.#open, beginning);
    for (const { piece } of this.#open) piece.isSettled = true;
    this.#open = [];
  }
}

/** Hides a secret in those pieces in which it stands. */
function place(
  parts: readonly { readonly piece: MaskedPiece; readonly from: number }[],
  { name: secret, form, at, length, whole }: FoundSecret,
): void {
  let begin = 0; // of the part, in all of them
  for (const { piece, from } of parts) {
    const size = piece.bytes.length - from;
    const first = Math.max(at, begin);
    const count = Math.min(at + length, begin + size) - first;
    if (count > 0) {
      const start = from + first - begin;
      piece.bytes.fill(STAR, start, start + count);
      piece.places.push({
        secret,
        at: start,
        length: count,
        ...(form !== "plain" && { form }),
        ...(count < whole && { part: { from: first - at, of: whole } }),
      });
    }
    begin += size;
  }
}

/** What of each piece is not written yet. */
function restsOf(parts: readonly { readonly piece: MaskedPiece; readonly from: number }[]): Uint8Array[] {
  return parts.map(({ piece, from }) => piece.bytes.subarray(from));
}

const STAR = "*".charCodeAt(0);
/** Less of a secret tells nothing, and stands in too much that is none. */
const MIN_PART_BYTES = 4;
