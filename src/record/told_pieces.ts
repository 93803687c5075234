import type { Direction } from "../peer/traffic.ts";
import { maskOfKnown } from "../secret/known_mask.ts";
import { type MaskedPiece, MaskedStream } from "./masked_piece.ts";
import type { PlayedPiece } from "./play.ts";

/** Tells what is said while a recording is played, in order, each as soon as it is known what in it is secret. */
export class ToldPieces {
  readonly #tell: (piece: PlayedPiece) => unknown;
  readonly #streams: Readonly<Record<Direction, MaskedStream>>;
  readonly #waiting: { readonly piece: PlayedPiece; readonly masked: MaskedPiece }[] = [];

  constructor(tell: (piece: PlayedPiece) => unknown) {
    const mask = maskOfKnown();
    this.#tell = tell;
    this.#streams = { in: new MaskedStream(mask), out: new MaskedStream(mask) };
  }

  push(step: number, direction: Direction, bytes: Uint8Array): void {
    const masked = this.#streams[direction].push(bytes);
    this.#waiting.push({ piece: { step, direction, bytes: bytes.slice(), shown: masked.bytes }, masked });
    this.#tellSettled();
  }

  /** Tells the rest. */
  end(): void {
    for (const stream of Object.values(this.#streams)) stream.end();
    this.#tellSettled();
  }

  #tellSettled(): void {
    while (this.#waiting[0]?.masked.isSettled) this.#tell(this.#waiting.shift()!.piece);
  }
}
