import { Client, Peer, Server } from "../../../mod.ts";
import type { Link } from "../link_book.ts";
import type { Completion } from "../terminal/completion.ts";
import { type Callee, calleeOf, valueOf } from "./chain.ts";
import { handlerNames, type KnownPeer, type Target } from "./handler_names.ts";
import { type Place, slotAt } from "./place.ts";
import type { CompletionWorld, Found } from "./source.ts";
import { peerOrServer } from "./parley_class.ts";
import { inString } from "./string_completion.ts";

/** The methods that call a handler of the other side by its name, and what kind of handler that is. */
const callers: Readonly<Record<string, "action" | "request">> = {
  action: "action",
  request: "request",
  stream: "request",
};

/** How long the peers are waited for, in milliseconds. */
const WAIT_MS = 80;

/** Of more peers only so many are asked: those of a server have the same handlers as a rule. */
const MAX_PEERS = 8;

/** The handlers of the other side, in `c.request("…`: as it tells them, or as they are known from past traffic. */
export function handlers(place: Place, world: CompletionWorld): Found {
  const { string } = place;
  const slot = string && slotAt(place, string.start - 1);
  if (slot === undefined || slot.argument !== 0 || slot.object !== undefined) return undefined;
  const callee = calleeOf(slot.callee);
  if (callee === undefined || !callee.isMember || !Object.hasOwn(callers, callee.name)) return undefined;
  const targets = targetsOf(callee, place, world);
  if (targets === undefined) return undefined;
  const kind = callers[callee.name];
  const known = () =>
    listed(targets.map((target) => ({ ...target, known: world.handlers.now(target.peer) })));
  const listed = (of: readonly KnownPeer[]) => completion(place, world, kind, of);
  const first = known();
  const isLate = targets.some(({ peer }) => world.handlers.now(peer).silence === "late");
  if (!isLate) return first;
  return world.handlers.wait(targets.map(({ peer }) => peer), WAIT_MS).then(known);
}

/** Whose handlers are meant; undefined when it is none of ours. */
function targetsOf({ holder }: Callee, place: Place, world: CompletionWorld): Target[] | undefined {
  const all = world.shell.book.links.flatMap(peersOf);
  const found = holder && valueOf(holder, world.globals);
  if (found === undefined) {
    // A parameter of a callback, as in `s.onAction("x", (call) => call.peer.request("`: one of that link's peers.
    const around = place.frames.flatMap(({ open, at }) =>
      open === "(" ? [calleeOf(place.line.slice(0, at))] : []
    );
    const links = around.flatMap((each) => each?.holder ? [valueOf(each.holder, world.globals)?.value] : []);
    const near = all.filter(({ link }) => links.includes(link));
    return (near.length > 0 ? near : all).slice(0, MAX_PEERS);
  }
  const value = peerOrServer(found.value);
  if (value instanceof Peer) {
    const link = value instanceof Client ? value : all.find(({ peer }) => peer === value)?.link;
    return link === undefined ? undefined : [{ link, peer: value }];
  }
  if (value instanceof Server) return peersOf(value).slice(0, MAX_PEERS);
  return undefined;
}

function peersOf(link: Link): Target[] {
  if (link instanceof Client) return [{ link, peer: link }];
  return [...link.peers].map((peer) => ({ link, peer }));
}

function completion(
  place: Place,
  { shell }: CompletionWorld,
  kind: "action" | "request",
  peers: readonly KnownPeer[],
): Completion | undefined {
  const { candidates, note } = handlerNames(shell.book, kind, peers);
  return inString(place, candidates, { closes: true, note });
}
