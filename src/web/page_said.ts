import type { Direction, Peer } from "../../mod.ts";
import { clip } from "../show/escape.ts";
import type { PageSaid } from "./page/wire.ts";
import { type Masks, type PlainLimits, plainValue } from "./plain_value.ts";
import type { Said } from "./web_source.ts";

/** Where something was said, as the page knows it. */
export interface Place {
  readonly link: number;
  readonly linkName: string;
}

/** How much of what was said a page gets. */
export interface SaidOptions {
  /** What every page gets of every message, unless this says otherwise. */
  readonly limits?: PlainLimits;
  /** Hides secrets. By default nothing is hidden. */
  readonly masks?: Masks;
}

/** What was said as the page gets it. */
export function pageSaid(said: Said, place: Place, { limits = SHORT, masks }: SaidOptions = {}): PageSaid {
  const { direction, bytes, ...rest } = said.traffic;
  const { value, isCut } = plainValue(contentOf(rest), limits, masks);
  const content = value as Pick<PageSaid, "name" | "value" | "args">;
  return {
    ...content,
    ...place,
    seq: said.seq,
    at: said.at,
    peer: clip(said.peer.address, MAX_ADDRESS_CHARS),
    direction,
    kind: rest.kind,
    bytes,
    ms: "ms" in rest ? rest.ms : undefined,
    isCut,
  };
}

/** The values of what was said, those that come from the other side or go there. */
function contentOf(traffic: Record<string, unknown> & { readonly kind: string }): Record<string, unknown> {
  const { name, args, kwargs, value, code, size } = traffic;
  return { name, args, kwargs, code, size, value: traffic.kind === "failure" ? traffic.message : value };
}

/** A piece of what went over the wire, as the page gets it. */
export function pageBytes(
  bytes: Uint8Array,
  direction: Direction,
  peer: Peer,
  at: number,
  place: Place,
  masks?: Masks,
): PageSaid {
  const { value, isCut } = plainValue(bytes, SHORT, masks);
  const { address } = peer;
  return { ...place, at, peer: address, direction, kind: "bytes", bytes: bytes.length, value, isCut };
}

/** What every page gets of every message, so that a flood stays cheap; the rest when it is asked for. */
const SHORT: PlainLimits = { chars: 4096, nodes: 500, depth: 8 };
/** What a page gets of a message that somebody wants to see whole. */
export const LONG: PlainLimits = { chars: 1024 * 1024, nodes: 50_000, depth: 32 };
/** An address of a peer is not longer than that. */
const MAX_ADDRESS_CHARS = 200;
