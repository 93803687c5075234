import type { Case, EventNote, Piece, Step } from "./case.ts";
import { bytesHex, type Saved, tagOf } from "./notation.ts";
import { bytesOf, isFrame } from "./pieces.ts";

/** A step with its bytes written out. */
export interface ExpandedStep {
  /** The bytes that arrive, in hexadecimal; `<sid>` stands for a value that was saved before. */
  readonly in?: string;
  readonly events?: readonly EventNote[];
  /** What leaves: hexadecimal, and behind it in brackets what in it may differ. */
  readonly out?: readonly string[];
  /** What leaves on the link before this one, likewise. */
  readonly old?: readonly string[];
  readonly [field: string]: unknown;
}

/** A case with all bytes written out: frames are gone, and the steps that come first stand in it. */
export function expand(one: Case): Omit<Case, "steps"> & { readonly steps: readonly ExpandedStep[] } {
  return { ...one, steps: one.steps.map(expandStep) };
}

function expandStep(step: Step): ExpandedStep {
  const { in: received, out, old, events, ...rest } = step;
  return {
    ...rest,
    ...(received !== undefined && { in: hexOf(received) }),
    ...(events !== undefined && { events }),
    ...(out !== undefined && { out: out.map((piece) => hexOf([piece])) }),
    ...(old !== undefined && { old: old.map((piece) => hexOf([piece])) }),
  };
}

function hexOf(pieces: readonly Piece[]): string {
  const open = pieces.flatMap(wildcards);
  const hex = bytesHex(bytesOf(pieces.map(withSamples), SAMPLES));
  return open.length === 0 ? hex : `${hex}  [may differ: ${open.join(", ")}]`;
}

/** What of a piece is not fixed, as paths such as `limits.maxFrameBytes any whole`. */
function wildcards(piece: Piece): string[] {
  if (!isFrame(piece)) return [];
  const all = piece.anyBytes === undefined ? openParts(piece.value, "") : [`${piece.anyBytes} bytes`];
  return piece.optional === true ? ["all of it", ...all] : all;
}

function openParts(note: unknown, at: string): string[] {
  if (typeof note !== "object" || note === null) return [];
  const [tag, given] = tagOf(note);
  if (tag === "$any" || tag === "$save" || tag === "$saved") return [`${at} ${tag.slice(1)} ${given}`];
  return Object.entries(note).flatMap(([key, item]) =>
    key === "$more" ? ["more fields"] : openParts(item, at === "" ? key : `${at}.${key}`)
  );
}

/** The piece with an example in the place of everything that may differ. */
function withSamples(piece: Piece): Piece {
  if (!isFrame(piece)) return piece;
  if (piece.anyBytes !== undefined) return { ...piece, bytes: [{ repeat: ["00"], times: piece.anyBytes }] };
  return "value" in piece ? { ...piece, value: sampleOf(piece.value) } : piece;
}

function sampleOf(note: unknown): unknown {
  if (Array.isArray(note)) return note.map(sampleOf);
  if (typeof note !== "object" || note === null) return note;
  const [tag, given] = tagOf(note);
  if (tag === "$any") return given === "whole" ? 10_000 : given === "any" ? [] : "any";
  if (tag === "$save") return SAMPLES.get(String(given)) ?? String(given);
  if (tag !== undefined) return note;
  const entries = Object.entries(note).filter(([key]) => key !== "$more");
  return Object.fromEntries(entries.map(([key, item]) => [key, sampleOf(item)]));
}

/** Values that a side under test chooses, by the names under which cases keep them. */
const SAMPLES: Saved = new Map([["sid", "<sid>"], ["sid2", "<sid2>"], ["epoch", "<epoch>"]]);
