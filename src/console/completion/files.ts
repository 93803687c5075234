import { calleeOf } from "./chain.ts";
import { onlyListed } from "./folder.ts";
import { type Place, slotAt } from "./place.ts";
import type { CompletionWorld, Found } from "./source.ts";
import { inString } from "./string_completion.ts";
import { typedText } from "./string_text.ts";

/** The arguments that are names of files here: by function, which argument, and whether a folder is wanted. */
const arguments_: Readonly<Record<string, { readonly argument: number; readonly foldersOnly?: boolean }>> = {
  sendFile: { argument: 0 },
  getFile: { argument: 1 },
  share: { argument: 0, foldersOnly: true },
  handlersFrom: { argument: 0 },
};

/** The names of files, in strings that begin like a path, and in the arguments that are paths. */
export function files(place: Place, world: CompletionWorld): Found {
  const { string, line, cursor } = place;
  const typed = string && typedText(line.slice(string.start, cursor), string.quote);
  if (typed === undefined) return undefined;
  const wanted = wantedFile(place);
  if (wanted === undefined && !/^(?:\.{0,2}\/|~\/?)/.test(typed)) return undefined;
  const look = world.folders.look(typed, { foldersOnly: wanted?.foldersOnly, home: world.home });
  return look.then(({ entries, note }) => {
    const found = inString(withoutTilde(place, typed, world.home), entries, {
      closes: note === undefined,
      note,
    });
    return note === undefined ? found : onlyListed(found, line.slice(string!.start, cursor));
  });
}

function wantedFile(place: Place) {
  const slot = slotAt(place, place.string!.start - 1);
  const callee = slot && calleeOf(slot.callee);
  if (callee === undefined || !Object.hasOwn(arguments_, callee.name)) return undefined;
  const wanted = arguments_[callee.name];
  return slot?.argument === wanted.argument && slot.object === undefined ? wanted : undefined;
}

/** The place as if the folder had been typed that `~` stands for: only then does what was typed begin the paths. */
function withoutTilde(place: Place, typed: string, home: string | undefined): Place {
  if (home === undefined || !/^~(?=\/|$)/.test(typed)) return place;
  const { line, cursor, string } = place;
  const head = line.slice(0, string!.start) + typed.replace(/^~\/?/, `${home}/`);
  return { ...place, line: head + line.slice(cursor), cursor: head.length };
}
