import { type Direction, type Traffic, TRAFFIC_KINDS } from "../peer/traffic.ts";
import type { RecordedSaid } from "./recording.ts";
import { fromPlain } from "./recording_value.ts";

/** A line of a recording, whatever is in it. */
export type Line = Readonly<Record<string, unknown>>;

/** What is wrong with a line that tells what was said; `"unknown"` for a kind that nobody knows. */
export function wrongSaid({ said, name, args }: Line): string | undefined {
  if (typeof said !== "string" || !(TRAFFIC_KINDS as readonly string[]).includes(said)) return "unknown";
  if (said !== "message" && typeof name !== "string") return `"name" is no text`;
  const isCall = said === "action" || said === "request";
  return isCall && args !== undefined && !Array.isArray(args) ? `"args" is no list` : undefined;
}

/** What was said, as a line has it in which nothing is wrong. */
export function saidOf(content: Line, ms: number, direction: Direction, line: number): RecordedSaid {
  const { said: kind, bytes, tookMs, omitted, link: _link, peer: _peer, ms: _ms, ...rest } = content;
  const facts = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      name === "value" || name === "args" || name === "kwargs" ? fromPlain(value) : value,
    ]),
  );
  const isCall = kind === "action" || kind === "request";
  const traffic = {
    ...(isCall && { args: [] }), // left out when they are very large
    ...facts,
    direction,
    kind,
    bytes: typeof bytes === "number" ? bytes : 0,
    ...(typeof tookMs === "number" && { ms: tookMs }),
  } as unknown as Traffic;
  return { kind: "said", ms, traffic, line, ...(typeof omitted === "number" && { omitted }) };
}

/** The bytes that a line has; `undefined` when it has none. */
export function bytesOf({ text, base64 }: Line): Uint8Array | undefined {
  if (typeof text === "string") return new TextEncoder().encode(text);
  if (typeof base64 !== "string") return undefined;
  try {
    return Uint8Array.fromBase64(base64);
  } catch {
    return undefined;
  }
}
