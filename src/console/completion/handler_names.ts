import type { Peer } from "../../../mod.ts";
import type { Link, LinkBook } from "../link_book.ts";
import type { Candidate } from "../terminal/completion.ts";
import type { KnownHandlers } from "./handler_book.ts";
import { learnedNames } from "./learned_names.ts";

/** A peer, and the link that it belongs to. */
export interface Target {
  readonly link: Link;
  readonly peer: Peer;
}

/** A peer, and what it has told of its handlers. */
export type KnownPeer = Target & { readonly known: KnownHandlers };

/** The names of handlers that there are, or may be. */
export interface HandlerNames {
  readonly candidates: readonly Candidate[];
  /** Why the names may not be all there are. */
  readonly note?: string;
}

/** What these peers can be asked for, as they tell it; of those that do not tell, what is known from past traffic. */
export function handlerNames(
  book: LinkBook,
  wanted: "action" | "request",
  peers: readonly KnownPeer[],
): HandlerNames {
  const found = new Map<string, Candidate>();
  const entries = book.traffic.entries();
  for (const { link, peer, known } of peers) {
    for (const { name, parameters, description, kind } of known.told ?? []) {
      if (kind !== wanted || found.has(name)) continue;
      found.set(name, { text: name, label: `${name}(${parameters.join(", ")})`, about: description });
    }
    if (known.told !== undefined) continue;
    for (const [name, about] of learnedNames(entries, wanted, { link, peer })) {
      if (!found.has(name)) found.set(name, { text: name, label: name, about });
    }
  }
  const silent = peers.find(({ known }) => known.told === undefined);
  const candidates = [...found.values()];
  if (silent === undefined) return { candidates };
  return { candidates, note: noteOn(silent, book.nameOf(silent.link), found.size) };
}

function noteOn({ peer, known }: KnownPeer, name: string, count: number): string {
  const source = count === 0 ? "nothing was called yet" : "names are from past traffic";
  switch (known.silence) {
    case "refused":
      return `(${name} does not list its handlers: ${source})`;
    case "late":
      return `(${name} has not told its handlers yet: Tab asks again)`;
    case "down":
      return `(${name} is not open: ${source})`;
    default:
      return `(${peer.dialect} peers cannot list their handlers: ${source})`;
  }
}
