import type { PortInfo } from "../../../mod.ts";
import type { Reference } from "../reference/reference.ts";
import type { Shell } from "../shell.ts";
import type { Completion } from "../terminal/completion.ts";
import type { Folders } from "./folder.ts";
import type { HandlerBook } from "./handler_book.ts";
import type { Place } from "./place.ts";

/** What sources of completion look at. */
export interface CompletionWorld {
  readonly shell: Shell;
  /** The object that holds the names; `globalThis`, which holds what was typed too. */
  readonly globals: object;
  readonly folders: Folders;
  /** What the peers can be asked for. */
  readonly handlers: HandlerBook;
  /** What the doc comments say; `now` is undefined while they are being read for the first time. */
  readonly reference: { readonly now: Reference | undefined; load(): Promise<Reference> };
  /** The serial ports; undefined while they are being looked for. */
  readonly ports: { look(): Promise<readonly PortInfo[] | undefined> };
  /** The user's own folder, for `~`. */
  readonly home?: string;
}

/** What a source has found; undefined where it has no say and the next one is asked. */
export type Found = Completion | undefined | Promise<Completion | undefined>;

/**
 * One source of completion: what could stand at a place. It runs nothing of the user's, and looks no longer than some
 * 80 ms: what comes later than 100 ms is not shown.
 */
export type CompletionSource = (place: Place, world: CompletionWorld) => Found;
