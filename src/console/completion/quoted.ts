import type { Completion } from "../terminal/completion.ts";
import { withQuote } from "./place.ts";
import type { CompletionSource, Found } from "./source.ts";

/** A source of texts, that writes the quotes itself where none is typed yet: in `connect(`. */
export function quoted(source: CompletionSource): CompletionSource {
  return (place, world): Found => {
    const inside = place.isCode ? withQuote(place) : undefined;
    if (inside === undefined) return source(place, world);
    const found = source(inside, world);
    return found instanceof Promise ? found.then(withQuotes) : withQuotes(found);
  };
}

function withQuotes(found: Completion | undefined): Completion | undefined {
  if (found === undefined) return undefined;
  const { candidates, start, common } = found;
  return {
    ...found,
    start: start - 1,
    candidates: candidates.map((each) => ({
      ...each,
      text: `"${each.text}`,
      label: each.label ?? each.text,
    })),
    ...common === undefined ? {} : { common: `"${common}` },
  };
}
