import { ownKeys } from "../evaluator/member_names.ts";
import { chainBefore, valueOf } from "./chain.ts";
import type { Place } from "./place.ts";
import type { CompletionWorld, Found } from "./source.ts";
import { inString } from "./string_completion.ts";

/** The keys of an object, in `codecs["…`. */
export function keys(place: Place, { globals }: CompletionWorld): Found {
  const { string, line, frames } = place;
  const frame = frames.at(-1);
  if (
    string === undefined || frame?.open !== "[" || line.slice(frame.at + 1, string.start - 1).trim() !== ""
  ) {
    return undefined;
  }
  const chain = chainBefore(line.slice(0, frame.at).replace(/\?\.$/, ""));
  const holder = chain && valueOf(chain, globals);
  if (holder === undefined) return undefined;
  return inString(place, ownKeys(holder.value).map((text) => ({ text })), { closes: true });
}
