import { SerialClient } from "../../mod.ts";
import { suggestionOrAll } from "../suggestion.ts";
import { CommandError } from "./commands/command.ts";
import type { LinkBook } from "./link_book.ts";

/** The serial links that are not closed, with their names. */
export function serialLinks(book: LinkBook): { name: string; link: SerialClient }[] {
  return book.links.filter((link) => link instanceof SerialClient)
    .filter((link) => link.state !== "closed" && link.state !== "idle")
    .map((link) => ({ name: book.nameOf(link), link }));
}

/**
 * The serial link of this name, or without a name the only one there is.
 *
 * @throws {CommandError} there is none, or there are several; the message says which.
 */
export function serialLink(book: LinkBook, name: string | undefined): { name: string; link: SerialClient } {
  const found = serialLinks(book);
  const names = found.map((each) => each.name);
  if (found.length === 0) {
    throw new CommandError(
      'No serial port is open: const port = await serial("/dev/ttyUSB0") opens one, .ports lists them',
    );
  }
  if (name !== undefined) {
    const chosen = found.find((each) => each.name === name);
    if (chosen !== undefined) return chosen;
    const near = suggestionOrAll(name, names);
    throw new CommandError(`No serial link "${name}"${near}`);
  }
  if (found.length === 1) return found[0];
  throw new CommandError(`There are ${found.length} serial links: say which, ${names.join(" or ")}`);
}
