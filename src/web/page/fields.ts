import { numbersIn } from "./numbers.ts";
import { Series } from "./series.ts";
import type { PageSaid } from "./wire.ts";

/** A number that messages carry again and again. */
export interface Field {
  /** Tells it from all others. */
  readonly key: string;
  readonly path: string;
  readonly link: number;
  readonly linkName: string;
  readonly peer: string;
  readonly direction: "in" | "out";
  readonly series: Series;
}

/** All numbers that were found in the traffic, each with its latest values. Bounded. */
export class Fields {
  readonly #fields = new Map<string, Field>();
  #unlisted = false;

  get all(): readonly Field[] {
    return [...this.#fields.values()];
  }

  /** True when there are more than are kept. */
  get hasMore(): boolean {
    return this.#unlisted;
  }

  get(key: string): Field | undefined {
    return this.#fields.get(key);
  }

  add(said: PageSaid): void {
    for (const { path, value } of numbersIn(said)) {
      this.#field(said, path)?.series.push(said.at / 1000, value);
    }
  }

  clear(): void {
    this.#fields.clear();
    this.#unlisted = false;
  }

  #field(said: PageSaid, path: string): Field | undefined {
    const { link, linkName, peer, direction } = said;
    const key = JSON.stringify([link, peer, direction, path]);
    const known = this.#fields.get(key);
    if (known !== undefined) return known;
    if (this.#fields.size >= MAX_FIELDS) {
      this.#unlisted = true;
      return undefined;
    }
    const field = { key, path, link, linkName, peer, direction, series: new Series() };
    this.#fields.set(key, field);
    return field;
  }
}

/** Fields that are kept: nobody chooses from more, and each keeps some thousand values. */
const MAX_FIELDS = 200;
