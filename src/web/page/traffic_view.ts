import { escapeText } from "../../show/escape.ts";
import { browser, byId, on, onceAFrame, type UserEvent } from "./dom.ts";
import type { Passes } from "./filter.ts";
import { countText } from "./rates.ts";
import { type Line, TrafficLog } from "./traffic_log.ts";
import { clockText, TrafficRow } from "./traffic_row.ts";
import type { PageSaid } from "./wire.ts";

/** The list of what was said, with its filter. Only the rows that can be seen exist. */
export class TrafficView {
  readonly #log = new TrafficLog();
  readonly #list = byId("list");
  readonly #rows: TrafficRow[] = [];
  readonly #onSelect: (said: PageSaid | undefined) => void;
  /** False while somebody looks back. */
  #follows = true;
  #selected: number | undefined;
  /** Whether it goes on with the latest when nothing is selected any more. */
  #followsAgain = false;
  /** What was shown at the top, to stay there while lines before it go. */
  #topId: number | undefined;
  readonly #render = onceAFrame(() => this.#renderNow());

  constructor(onSelect: (said: PageSaid | undefined) => void) {
    this.#onSelect = onSelect;
    on(byId("clear"), "click", () => this.clear());
    on(byId("to-end"), "click", () => this.toEnd());
    on(this.#list, "scroll", () => this.#scrolled());
    on(this.#list, "click", ({ target }) => {
      const id = target.closest(".row")?.dataset.id;
      if (id !== undefined) this.#select(Number(id));
    });
    on(this.#list, "keydown", (event) => this.#key(event));
    new browser.ResizeObserver(() => this.#render()).observe(this.#list);
  }

  add(said: readonly PageSaid[], skipped: number): void {
    this.#log.add(said, skipped);
    this.#render();
  }

  /** Shows what passes. */
  filter(passes: Passes): void {
    this.#log.filter(passes);
    this.#topId = undefined;
    this.#render();
  }

  /** @returns whether it is paused now. */
  togglePause(): boolean {
    if (this.#log.isPaused) this.#log.resume();
    else this.#log.pause();
    byId("pause").setAttribute("aria-pressed", String(this.#log.isPaused));
    this.#render();
    return this.#log.isPaused;
  }

  clear(): void {
    this.#log.clear();
    this.deselect();
    this.#follows = true;
    this.#render();
  }

  /** What is shown, as text: one line each. */
  get text(): string {
    return this.#log.shown.map(({ said, text }) =>
      [
        clockText(said.at, true),
        escapeText(said.linkName),
        said.direction === "in" ? "<" : ">",
        escapeText(said.peer),
        ...said.kind === "message" ? [] : [said.kind],
        text,
      ].join(" ")
    ).join("\n");
  }

  /** Shows the latest, and those that follow. */
  toEnd(): void {
    this.#follows = true;
    this.#render();
  }

  deselect(): void {
    if (this.#selected === undefined) return;
    this.#selected = undefined;
    this.#follows ||= this.#followsAgain;
    this.#onSelect(undefined);
    this.#render();
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#list;
    this.#follows = scrollHeight - scrollTop - clientHeight < ROW_PX * 1.5;
    this.#topId = this.#log.shown[Math.floor(scrollTop / ROW_PX)]?.id;
    this.#render();
  }

  #renderNow(): void {
    const { shown } = this.#log;
    byId("list-space").style.setProperty("height", `${shown.length * ROW_PX}px`);
    if (this.#follows) this.#list.scrollTop = shown.length * ROW_PX;
    else this.#holdPlace(shown);
    const first = Math.max(0, Math.floor(this.#list.scrollTop / ROW_PX) - 2);
    const count = Math.ceil(this.#list.clientHeight / ROW_PX) + 4;
    while (this.#rows.length < count) {
      const row = new TrafficRow();
      this.#rows.push(row);
      byId("list-space").append(row.box);
    }
    this.#rows.forEach((row, index) => {
      const line = index < count ? shown[first + index] : undefined;
      if (line === undefined) row.hide();
      else row.show(line, (first + index) * ROW_PX, line.id === this.#selected);
    });
    this.#list.setAttribute("aria-activedescendant", `line-${this.#selected}`);
    this.#tell(shown);
  }

  /** Lines before those that are looked at may have been forgotten. */
  #holdPlace(shown: readonly Line[]): void {
    if (this.#topId === undefined || shown.length === 0) return;
    const at = indexOf(shown, this.#topId);
    const part = this.#list.scrollTop % ROW_PX;
    if (Math.floor(this.#list.scrollTop / ROW_PX) !== at) this.#list.scrollTop = at * ROW_PX + part;
  }

  #tell(shown: readonly Line[]): void {
    const { total, kept, skipped, heldCount, isPaused } = this.#log;
    const parts = [
      shown.length === kept
        ? `${kept.toLocaleString("en-US")} shown`
        : `${shown.length.toLocaleString("en-US")} of ${kept.toLocaleString("en-US")} shown`,
      ...total > kept + heldCount ? [`${countText(total)} came`] : [],
      ...skipped > 0 ? [`${countText(skipped)} left out`] : [],
    ];
    byId("traffic-count").textContent = total === 0 ? "" : parts.join(" · ");
    byId("pause").textContent = isPaused
      ? `Resume${heldCount > 0 ? ` +${countText(heldCount)}` : ""}`
      : "Pause";
    byId("to-end").hidden = this.#follows;
    const empty = byId("traffic-empty");
    empty.hidden = shown.length > 0;
    empty.textContent = kept > 0 ? "Nothing passes the filter" : "Nothing has been said yet";
  }

  #key(event: UserEvent): void {
    const { shown } = this.#log;
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || shown.length === 0) return;
    event.preventDefault();
    const now = this.#selected === undefined ? -1 : indexOf(shown, this.#selected);
    const from = now === -1 ? Math.floor(this.#list.scrollTop / ROW_PX) - Math.sign(step) : now;
    const at = Math.max(0, Math.min(shown.length - 1, from + step));
    this.#select(shown[at].id);
    const top = at * ROW_PX;
    const { scrollTop, clientHeight } = this.#list;
    if (top < scrollTop) this.#list.scrollTop = top;
    else if (top + ROW_PX > scrollTop + clientHeight) this.#list.scrollTop = top + ROW_PX - clientHeight;
  }

  #select(id: number): void {
    const line = this.#log.shown.find((each) => each.id === id);
    if (line === undefined) return;
    if (this.#selected === undefined) this.#followsAgain = this.#follows;
    this.#selected = id;
    this.#follows = false; // what is looked at stays where it is
    this.#topId = this.#log.shown[Math.floor(this.#list.scrollTop / ROW_PX)]?.id;
    this.#onSelect(line.said);
    this.#render();
  }
}

/** Where this line stands, or the first that is still there behind its place. */
function indexOf(shown: readonly Line[], id: number): number {
  let low = 0;
  let high = shown.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shown[middle].id < id) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, shown.length - 1);
}

/** The height of a row, as the style has it. */
const ROW_PX = 26;

const STEPS: Readonly<Record<string, number>> = Object.freeze({
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 20,
  PageUp: -20,
  Home: -1e9,
  End: 1e9,
});
