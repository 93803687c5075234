import { type Callbacks, Client, type Server } from "../../mod.ts";
import { showError } from "../show/error.ts";
import { escapeText } from "../show/escape.ts";
import { note, type PrintFlags } from "./printer.ts";

/** A link that is looked at. */
export type WatchedLink = Client | Server;

/** What a link is called where there is little room: `ttyUSB0`, `127.0.0.1:5025`, `port 16900`. */
export function shortName(link: WatchedLink): string {
  if (!(link instanceof Client) && link.port !== 0) return `port ${link.port}`;
  const place = link.address.replace(/^\w+:(\/\/)?/, "").replace(/\?.*$/, "");
  return place.startsWith("/") ? place.slice(place.lastIndexOf("/") + 1) : place;
}

/** What is said on stderr of a link: an outage is told once, however many attempts it takes. */
export function notes(link: WatchedLink, flags: PrintFlags): Callbacks {
  const isClient = link instanceof Client;
  return {
    onInitialize: () => isClient || note(`listening on ${link.address} (${link.dialect})`, flags),
    onConnect: (peer) => note(isClient ? `connected to ${link.address}` : `+ ${peer.address}`, flags),
    onDisconnect: (_peer, reason) =>
      note(`- ${escapeText(reason.message)}${isClient && reason.willRetry ? "; trying again" : ""}`, flags),
    onEvent: (event) => {
      if (event.kind !== "retry" || event.attempt !== 2 || event.error === undefined) return;
      note(`${escapeText(event.error.message)}; trying again`, flags);
    },
    // Of attempts the event tells.
    onFail: (error) => isClient && !link.isOpen || note(`! ${showError(error, false)}`, flags),
  };
}

/**
 * Connects the clients among these links; each goes on trying by itself.
 *
 * @param signal Aborted when they are about to be closed.
 * @throws what the last one has failed with, when none is left that could ever carry anything.
 */
export async function keepUp(
  links: readonly WatchedLink[],
  flags: PrintFlags,
  signal: AbortSignal,
): Promise<void> {
  let left = links.length;
  await Promise.all(
    links.filter((link) => link instanceof Client).map(async (client) => {
      try {
        await client.start();
      } catch (error) {
        if (signal.aborted) return;
        if (--left === 0) throw error;
        note(`! ${showError(error as Error, false)}`, flags);
      }
    }),
  );
}
