import { PatternWatchdog } from "./pattern_watchdog.ts";
import type { TrafficQuery } from "./traffic_query.ts";

/** What a {@linkcode TextSearch} has found. */
export interface FoundTexts {
  /** The places of the texts that have what is wanted, as far as it was looked for. */
  readonly found: ReadonlySet<number>;
  /** The regular expression that has taken too long; what comes behind it in the query was not looked for. */
  readonly tooSlow?: RegExp;
}

/** Looks for what a query wants to be in the text of traffic, in a time that is bounded. */
export class TextSearch {
  readonly #watchdog = new PatternWatchdog();

  /** @param maxMs How long each regular expression may take for all of the texts. */
  find(query: TrafficQuery, texts: readonly string[], maxMs: number): FoundTexts {
    let places = [...texts.keys()].filter((place) => query.hasText(texts[place]));
    for (const { pattern, isWanted } of query.patterns) {
      const matches = this.#watchdog.test(pattern, places.map((place) => texts[place]), maxMs);
      if (matches === undefined) return { found: new Set(places), tooSlow: pattern };
      places = places.filter((_, index) => matches[index] === isWanted);
    }
    return { found: new Set(places) };
  }
}
