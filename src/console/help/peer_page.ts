import { Client, type Peer, Server } from "../../../mod.ts";
import { HandlerBook } from "../completion/handler_book.ts";
import { handlerNames, type Target } from "../completion/handler_names.ts";
import type { LinkBook } from "../link_book.ts";
import { escapeText } from "../../show/escape.ts";
import { glossary } from "./layout.ts";

/** How long a peer is waited for that is asked what it can be asked for, in milliseconds. */
const WAIT_MS = 1000;
/** Of the peers of a server so many are asked: they have the same handlers as a rule. */
const MAX_PEERS = 8;
/** More handlers than this are listed by Tab. */
const MAX_NAMES = 30;

/** Where a link leads, and what can be called over there: one kind of handlers, or both. */
export async function peerPage(
  of: Peer | Server,
  book: LinkBook,
  columns: number,
  kinds: readonly ("action" | "request")[] = ["request", "action"],
): Promise<string> {
  const targets = targetsOf(of, book);
  const handlers = new HandlerBook();
  for (const { peer } of targets) handlers.now(peer);
  await handlers.wait(targets.map(({ peer }) => peer), WAIT_MS);
  const known = targets.map((target) => ({ ...target, known: handlers.now(target.peer) }));
  const lists = kinds.map((kind) => ({ kind, ...handlerNames(book, kind, known) }));
  const lines = lists.flatMap(({ kind, candidates }) => {
    if (candidates.length === 0) return [];
    const rows = candidates.slice(0, MAX_NAMES)
      .map(({ text, label = text, about = "" }): [string, string] => [escapeText(label), escapeText(about)]);
    const hidden = candidates.length - rows.length;
    const more = hidden === 0 ? [] : [`  … ${hidden.toLocaleString("en-US")} more: Tab lists them`];
    return [
      `${kind === "request" ? "Requests" : "Actions"} over there:`,
      ...glossary(rows, columns),
      ...more,
    ];
  });
  // Where one kind is known, why there is nothing of the other would only contradict it.
  const telling = lines.length === 0 ? lists : lists.filter(({ candidates }) => candidates.length > 0);
  const notes = [...new Set(telling.flatMap(({ note }) => note === undefined ? [] : [escapeText(note)]))];
  const isQuiet = lines.length === 0 && notes.length === 0 && targets.length > 0;
  return [state(of), ...lines, ...notes, ...isQuiet ? ["(no handlers over there)"] : []].join("\n");
}

function state(of: Peer | Server): string {
  if (of instanceof Server) {
    const { size } = of.peers;
    const how = of.isListening ? "listening" : "stopped";
    return escapeText(`${of.address}, ${of.dialect}, ${how}, ${size} ${size === 1 ? "peer" : "peers"}`);
  }
  const how = of instanceof Client ? of.state : of.isOpen ? "open" : "closed";
  return escapeText(`${of.address}, ${of.dialect}, ${how}`);
}

function targetsOf(of: Peer | Server, book: LinkBook): Target[] {
  if (of instanceof Server) return [...of.peers].slice(0, MAX_PEERS).map((peer) => ({ link: of, peer }));
  if (of instanceof Client) return [{ link: of, peer: of }];
  const link = book.links.find((each) => each instanceof Server && each.peers.has(of));
  return link === undefined ? [] : [{ link, peer: of }];
}
