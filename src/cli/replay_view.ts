import type { PlayedPiece, Replayed, Traffic } from "../../mod.ts";
import { jsonText } from "../console/json_text.ts";
import { pauseLine, pieceLine, saidLine } from "../console/replay_lines.ts";
import { writeOut } from "../console/write_out.ts";
import { escapeText } from "../show/escape.ts";
import { note } from "./printer.ts";
import type { ReplayHow } from "./replay_flags.ts";

/** Bytes as a recording has them. */
function content(bytes: Uint8Array): { text: string } | { base64: string } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { base64: bytes.toBase64() };
  }
}

/** Tells what `parley replay` does: for people on stderr, with `--json` for programs on stdout. */
export class ReplayView {
  readonly #link: string;
  readonly #flags: ReplayHow;
  #startedAt = performance.now();

  constructor(link: string, flags: ReplayHow) {
    this.#link = link;
    this.#flags = flags;
  }

  /** Something was said, or has come as it was expected. */
  piece(piece: PlayedPiece): void {
    const { step, direction, shown: bytes } = piece;
    if (this.#flags.json) return this.#print({ step, direction, ms: this.#ms, ...content(bytes) });
    note(pieceLine(piece), this.#flags);
  }

  /** Something was said, or has come as it was expected. */
  said(step: number, traffic: Traffic): void {
    if (this.#flags.json) {
      const { ms: tookMs, ...facts } = traffic as Traffic & { ms?: number };
      return this.#print({ step, ...facts, ms: this.#ms, tookMs });
    }
    note(this.#flags.masks.mask(saidLine(step, traffic)), this.#flags);
  }

  /** Everything was said and has come. */
  doneSaid(steps: number): void {
    if (this.#flags.json) this.#print({ done: true, steps, ms: this.#ms });
    note(
      `${escapeText(this.#link)}: ${steps} steps as recorded, in ${(this.#ms / 1000).toFixed(1)} s`,
      this.#flags,
    );
  }

  /** Nothing happens for a while, as it did not when it was recorded. */
  pause(ms: number): void {
    note(pauseLine(ms, "--wait leaves pauses out"), this.#flags);
  }

  /** A connection was played to its end. */
  done({ steps, bytesOut, bytesIn }: Replayed): void {
    if (this.#flags.json) this.#print({ done: true, steps, bytesOut, bytesIn, ms: this.#ms });
    const seconds = (this.#ms / 1000).toFixed(1);
    note(
      `${
        escapeText(this.#link)
      }: ${steps} steps as recorded, ${bytesOut} bytes said, ${bytesIn} bytes came, in ${seconds} s`,
      this.#flags,
    );
    this.#startedAt = performance.now();
  }

  get #ms(): number {
    return Math.round((performance.now() - this.#startedAt) * 1000) / 1000;
  }

  #print(facts: object): void {
    writeOut(Deno.stdout, `${jsonText({ link: this.#link, ...facts }, this.#flags.masks)}\n`);
  }
}
