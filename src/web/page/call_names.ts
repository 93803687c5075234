import { escapeText } from "../../show/escape.ts";
import { byId, make } from "./dom.ts";
import type { Feed } from "./feed.ts";
import type { PageHandler, PageSaid } from "./wire.ts";

/** The names that are offered for actions and requests: what a native peer says that it has, and what was seen. */
export class CallNames {
  readonly #feed: Feed;
  readonly #seen = new Map<string, Set<string>>();
  readonly #told = new Map<string, readonly PageHandler[]>();

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  /** Learns names from what is said. */
  learn(said: readonly PageSaid[]): void {
    for (const { kind, name } of said) {
      if ((kind !== "action" && kind !== "request") || name === undefined || name === "") continue;
      const names = this.#seen.get(kind) ?? new Set();
      this.#seen.set(kind, names);
      if (names.size < MAX_SEEN) names.add(name);
    }
  }

  /** Offers what was seen. */
  offerSeen(kind: string): void {
    this.#show(kind, []);
  }

  /** Offers what there is at this end of a link as well, and asks for it the first time. */
  async offer(kind: string, link: number, peer: number | undefined): Promise<void> {
    const place = `${link}/${peer ?? ""}`;
    this.#show(kind, this.#told.get(place) ?? []);
    if (this.#told.has(place)) return;
    this.#told.set(place, []);
    const told = await this.#feed.handlers(link, peer);
    this.#told.set(place, told);
    this.#show(kind, told);
  }

  #show(kind: string, told: readonly PageHandler[]): void {
    const own = told.filter((each) => each.kind === kind);
    const known = new Set(own.map(({ name }) => name));
    const seen = [...this.#seen.get(kind) ?? []].filter((name) => !known.has(name));
    byId("send-names").replaceChildren(
      ...own.map(({ name, parameters, description }) => {
        const about = `(${parameters.join(", ")})${description === "" ? "" : ` ${description}`}`;
        return make("option", { value: name, text: escapeText(about) });
      }),
      ...seen.map((name) => make("option", { value: name, text: "seen in the traffic" })),
    );
  }
}

/** Names of one kind that are kept of those that were seen. */
const MAX_SEEN = 200;
