import { escapeText } from "../show/escape.ts";
import { suggestion } from "../suggestion.ts";
import { CommandError } from "./commands/command.ts";
import type { Link, LinkBook } from "./link_book.ts";

/** The names of all links. */
export function linkNames(book: Pick<LinkBook, "links" | "nameOf">): string[] {
  return book.links.map((link) => book.nameOf(link));
}

/**
 * The link of this name, or without a name the only one there is.
 *
 * @throws {CommandError} there is none, or there are several; the message says which.
 */
export function linkNamed(book: Pick<LinkBook, "links" | "nameOf">, name: string | undefined): Link {
  const { links } = book;
  if (links.length === 0) {
    throw new CommandError("There are no links: await connect(address) or listen(address) makes one");
  }
  const names = linkNames(book);
  if (name === undefined) {
    if (links.length === 1) return links[0];
    throw new CommandError(`There are ${links.length} links: say which, ${listed(names)}`);
  }
  const found = links.findLast((link) => book.nameOf(link) === name); // a variable that was assigned anew
  if (found !== undefined) return found;
  throw new CommandError(`No link "${name}"${suggestion(name, names) || `; there are ${listed(names)}`}`);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => escapeText(name)).join(", ");
  return names.length > MAX_NAMES ? `${shown}, … (.links shows all)` : shown;
}

/** So many names are told in one line. */
const MAX_NAMES = 12;
