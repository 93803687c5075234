import { escapeText } from "../../show/escape.ts";
import { Chart, numberText } from "./chart.ts";
import { type Box, browser, byId, make, on } from "./dom.ts";
import { type Field, Fields } from "./fields.ts";
import { joined } from "./series.ts";
import type { PageLink, PageSaid } from "./wire.ts";

/** The numbers that were found in the traffic, and the chart of those that were chosen. */
export class PlotView {
  readonly #fields = new Fields();
  /** Which are drawn, and in which of the colours. */
  readonly #chosen = new Map<string, number>();
  readonly #box = byId("plot");
  #chart: Chart | undefined;
  #servers: ReadonlySet<number> = new Set();
  #drawnAt = 0;
  #listedAt = 0;
  /** True while nothing is to move. */
  isFrozen = false;

  constructor() {
    on(byId("fields"), "click", ({ target }) => {
      const key = target.closest("button")?.dataset.key;
      if (key !== undefined) this.#toggle(key);
    });
    on(byId("plot-apart"), "input", () => this.#rebuild());
    on(byId("plot-span"), "input", () => this.#draw());
    on(byId("plot-none"), "click", () => {
      this.#chosen.clear();
      this.#rebuild();
      this.#list();
    });
    on(browser.matchMedia("(prefers-color-scheme: dark)"), "change", () => this.#rebuild());
    new browser.ResizeObserver(() => this.#chart?.resize()).observe(this.#box);
  }

  /** Servers have several peers, each with numbers of its own. */
  set links(links: readonly PageLink[]) {
    this.#servers = new Set(links.filter(({ kind }) => kind === "server").map(({ id }) => id));
  }

  add(said: readonly PageSaid[]): void {
    for (const each of said) this.#fields.add(each);
    const now = performance.now();
    if (now - this.#listedAt >= LIST_MS) this.#list();
    if (!this.isFrozen && now - this.#drawnAt >= DRAW_MS) this.#draw();
  }

  /** What has not been drawn yet, because nothing came after it. */
  tick(): void {
    this.#list();
    if (!this.isFrozen) this.#draw();
  }

  clear(): void {
    this.#fields.clear();
    this.#chosen.clear();
    this.#rebuild();
    this.#list();
  }

  #toggle(key: string): void {
    if (!this.#chosen.delete(key)) {
      if (this.#chosen.size >= MAX_CURVES) this.#chosen.delete(this.#chosen.keys().next().value!);
      const taken = new Set(this.#chosen.values());
      let color = 0;
      while (taken.has(color)) color++;
      this.#chosen.set(key, color);
    }
    this.#rebuild();
    this.#list();
  }

  get #curves(): Field[] {
    return [...this.#chosen.keys()].map((key) => this.#fields.get(key)).filter((field) =>
      field !== undefined
    );
  }

  get #data(): ReturnType<typeof joined> {
    const span = Number(byId("plot-span").value);
    const list = this.#curves.map(({ series }) => series);
    const latest = Math.max(...list.map(({ times }) => times.at(-1) ?? -Infinity));
    return joined(list, span === 0 ? -Infinity : latest - span);
  }

  #rebuild(): void {
    this.#chart?.close();
    this.#chart = undefined;
    const isShown = this.#chosen.size > 0;
    byId("plot-pane").classList.toggle("is-empty", !isShown);
    byId("main").classList.toggle("has-plot", isShown);
    if (!isShown) return;
    const curves = this.#curves.map((field) => ({
      label: this.#labelOf(field),
      color: colorOf(this.#chosen.get(field.key)!),
    }));
    const apart = (byId("plot-apart") as Box & { checked: boolean }).checked;
    this.#chart = new Chart(this.#box, curves, this.#data, apart);
    this.#drawnAt = performance.now();
  }

  #draw(): void {
    if (this.#chart === undefined) return;
    this.#chart.data = this.#data;
    this.#drawnAt = performance.now();
  }

  #list(): void {
    this.#listedAt = performance.now();
    const all = this.#fields.all;
    byId("fields-empty").hidden = all.length > 0;
    byId("fields-more").hidden = !this.#fields.hasMore;
    const list = byId("fields");
    while (list.children.length > all.length) list.children[list.children.length - 1].remove();
    all.forEach((field, index) => {
      if (index >= list.children.length) list.append(make("li", {}, fieldButton()));
      this.#showField(list.children[index].children[0], field);
    });
  }

  #showField(button: Box, field: Field): void {
    const color = this.#chosen.get(field.key);
    button.dataset.key = field.key;
    button.setAttribute("aria-pressed", String(color !== undefined));
    button.style.setProperty("--mark", color === undefined ? "transparent" : colorOf(color));
    button.title = this.#labelOf(field);
    const [, path, of, value] = Array.from(button.children);
    path.textContent = escapeText(field.path);
    of.textContent = this.#placeOf(field);
    value.textContent = numberText(field.series.latest ?? NaN);
  }

  #labelOf(field: Field): string {
    return `${escapeText(field.path)} (${this.#placeOf(field)})`;
  }

  #placeOf({ link, linkName, peer, direction }: Field): string {
    const who = this.#servers.has(link) ? ` ${peer.replace(/^\w+:\/{0,2}/, "")}` : "";
    return escapeText(`${direction === "out" ? "→ " : ""}${linkName}${who}`);
  }
}

function fieldButton(): Box {
  const parts = ["field-mark", "field-path", "field-of", "field-value"];
  return make(
    "button",
    { class: "field", type: "button" },
    ...parts.map((name) => make("span", { class: name })),
  );
}

function colorOf(index: number): string {
  return browser.getComputedStyle(browser.document.body).getPropertyValue(`--series-${index + 1}`).trim();
}

/** Curves in one chart: there are as many colours. */
const MAX_CURVES = 8;
/** Between two drawings, in milliseconds. */
const DRAW_MS = 200;
/** Between two looks at the latest values, in milliseconds. */
const LIST_MS = 400;
