/**
 * What a replay does, line by line, as the console and `parley replay` tell it.
 *
 * @module
 */
import { type Direction, type PlayedPiece, saidText, type Traffic } from "../../mod.ts";
import { showContent } from "../show/bytes.ts";

/** `   3 → "VOLT?\n"`: what was said, or has come as it was expected, without its secrets. */
export function pieceLine({ step, direction, shown }: PlayedPiece): string {
  return stepLine(step, ARROWS[direction], showContent(shown));
}

/** The same for what has a meaning. */
export function saidLine(step: number, traffic: Traffic): string {
  return stepLine(step, ARROWS[traffic.direction], saidText(traffic));
}

/** `   3 ? "VOLT?\n"`: what is said next. */
export function nextLine(step: number, bytes: Uint8Array): string {
  return stepLine(step, "?", showContent(bytes));
}

/** Nothing happens for a while, as it did not when it was recorded. @param advice How that can be had otherwise. */
export function pauseLine(ms: number, advice: string): string {
  return `     … pauses ${(ms / 1000).toFixed(1)} s, as recorded (${advice})`;
}

function stepLine(step: number, sign: string, what: string): string {
  return `${String(step).padStart(4)} ${sign} ${what}`;
}

const ARROWS: Readonly<Record<Direction, string>> = Object.freeze({ in: "←", out: "→" });
