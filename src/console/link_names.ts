import type { Link } from "./link_book.ts";

/** What links are called: by the variables of the prompt that hold them. */
export class LinkNames {
  readonly #names = new Map<Link, string>();

  /** The variable that holds a link; the last one that did, or else its address, while none does. */
  of(link: Link): string {
    const known = this.#names.get(link);
    if (known !== undefined && holds(known, link)) return known;
    for (const name of Object.keys(globalThis)) {
      if (name === "_" || !holds(name, link)) continue;
      this.#names.set(link, name);
      return name;
    }
    return known ?? link.address;
  }

  /** The variable that holds a link now. */
  heldBy(link: Link): string | undefined {
    const name = this.of(link);
    return holds(name, link) ? name : undefined;
  }
}

/** Only plain variables are looked at: no getter of a global runs. */
function holds(name: string, link: Link): boolean {
  return Object.getOwnPropertyDescriptor(globalThis, name)?.value === link;
}
