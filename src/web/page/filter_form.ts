import { escapeText } from "../../show/escape.ts";
import { byId, on, setOptions } from "./dom.ts";
import { filterOf, type Passes } from "./filter.ts";
import type { PageLink } from "./wire.ts";

/** Where people say what of the traffic they want to see. */
export class FilterForm {
  readonly #link = byId("filter-link");
  readonly #onChange: (passes: Passes) => void;

  constructor(onChange: (passes: Passes) => void) {
    this.#onChange = onChange;
    for (const id of ["filter", "filter-link", "filter-direction", "filter-kind"]) {
      on(byId(id), "input", () => this.#read());
    }
    on(byId("filter-form"), "submit", (event) => event.preventDefault());
  }

  /** The links that can be chosen. */
  set links(links: readonly PageLink[]) {
    const options = links.map(({ id, name }) => ({ value: String(id), text: escapeText(name) }));
    setOptions(this.#link, [{ value: "", text: "All links" }, ...options]);
  }

  /** The link that is shown alone. */
  get link(): number | undefined {
    const { value } = this.#link;
    return value === "" ? undefined : Number(value);
  }

  /** Shows this link alone, or all when it is alone already. */
  toggleLink(id: number): void {
    this.#link.value = this.#link.value === String(id) ? "" : String(id);
    this.#read();
  }

  #read(): void {
    const text = byId("filter");
    try {
      this.#onChange(filterOf({
        text: text.value,
        link: this.#link.value,
        direction: byId("filter-direction").value,
        kind: byId("filter-kind").value,
      }));
      text.removeAttribute("aria-invalid");
    } catch {
      text.setAttribute("aria-invalid", "true"); // a pattern that is still being typed
    }
  }
}
