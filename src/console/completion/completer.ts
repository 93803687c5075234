import { Reference } from "../reference/reference.ts";
import type { Shell } from "../shell.ts";
import type { Completion } from "../terminal/completion.ts";
import { Folders } from "./folder.ts";
import { HandlerBook } from "./handler_book.ts";
import { placeAt } from "./place.ts";
import { PortList } from "./port_list.ts";
import type { CompletionSource, CompletionWorld } from "./source.ts";
import { sources } from "./table.ts";
import { within } from "./within.ts";

/** How long Tab may take, in milliseconds: what is known later is shown at the next Tab. */
const MAX_WAIT_MS = 100;

/** Longer texts are pasted files, in which nobody presses Tab. */
const MAX_LINE_CHARS = 50_000;

/** Answers Tab: asks one source after the other what could stand at the cursor. */
export class Completer {
  readonly #world: CompletionWorld;

  constructor(shell: Shell) {
    this.#world = {
      shell,
      globals: globalThis,
      folders: new Folders(),
      handlers: new HandlerBook(),
      reference: new LazyReference(),
      ports: new PortList(),
      home: Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE"),
    };
  }

  /** What could stand before the cursor; at once where no source has to wait for anything. Never fails. */
  readonly complete = (line: string, cursor: number): Completion | Promise<Completion> => {
    const none = { candidates: [], start: cursor };
    if (line.length > MAX_LINE_CHARS) return none;
    try {
      const found = ask(sources, placeAt(line, cursor), this.#world);
      return found instanceof Promise
        ? within(found, MAX_WAIT_MS).then((late) => late ?? none)
        : found ?? none;
    } catch {
      return none; // the user is in the middle of a line, and nothing was asked for but help
    }
  };
}

function ask(
  [first, ...others]: readonly CompletionSource[],
  place: ReturnType<typeof placeAt>,
  world: CompletionWorld,
): ReturnType<CompletionSource> {
  if (first === undefined) return undefined;
  const found = first(place, world);
  if (found instanceof Promise) return found.then((late) => late ?? ask(others, place, world));
  return found ?? ask(others, place, world);
}

/** The reference, read when it is first wanted. */
class LazyReference {
  #loading: Promise<Reference> | undefined;
  #loaded: Reference | undefined;

  /** Undefined while it is being read. */
  get now(): Reference | undefined {
    void this.load();
    return this.#loaded;
  }

  load(): Promise<Reference> {
    return this.#loading ??= Reference.load().then((loaded) => this.#loaded = loaded);
  }
}
