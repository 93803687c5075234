import type { Peer } from "../../../mod.ts";
import type { Link } from "../link_book.ts";
import type { TrafficEntry } from "../traffic/traffic_book.ts";

/** How well a name is known that was called before, the best first. */
export type Learned = "answered before" | "answered by another peer" | "seen";

const ranks: readonly Learned[] = ["answered before", "answered by another peer", "seen"];

/**
 * The names of requests, or of actions, that were called on a link before: those that this peer has answered, those that
 * another of the same link has, and those that were only called. What a peer has said not to know is left out.
 */
export function learnedNames(
  entries: readonly TrafficEntry[],
  wanted: "request" | "action",
  { link, peer }: { link: Link; peer: Peer },
): ReadonlyMap<string, Learned> {
  const names = new Map<string, Learned>();
  const unknown = new Set<string>();
  const learn = (name: string, learned: Learned) => {
    const before = names.get(name);
    if (before === undefined || ranks.indexOf(learned) < ranks.indexOf(before)) names.set(name, learned);
  };
  for (const entry of entries) {
    if (entry.link !== link || !("name" in entry.traffic) || entry.traffic.name === "") continue;
    const { direction, kind, name } = entry.traffic;
    if (direction === "out" && kind === wanted) learn(name, "seen");
    else if (direction === "in" && wanted === "request" && (kind === "answer" || kind === "part")) {
      learn(name, entry.peer === peer ? "answered before" : "answered by another peer");
      if (entry.peer === peer) unknown.delete(name);
    } else if (direction === "in" && kind === "failure" && entry.peer === peer) {
      if (entry.traffic.code === "not_found") unknown.add(name);
    }
  }
  for (const name of unknown) names.delete(name);
  return names;
}
