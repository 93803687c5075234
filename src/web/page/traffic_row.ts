import { escapeText } from "../../show/escape.ts";
import { type Box, make } from "./dom.ts";
import type { Line } from "./traffic_log.ts";

/** A row of the list, which shows one line after another. */
export class TrafficRow {
  readonly box: Box;
  readonly #time = make("span", { class: "time" });
  readonly #link = make("span", { class: "on" });
  readonly #arrow = make("span", { class: "arrow" });
  readonly #peer = make("span", { class: "peer" });
  readonly #kind = make("span", { class: "kind" });
  readonly #text = make("span", { class: "text" });
  readonly #ms = make("span", { class: "ms" });
  #id: number | undefined;

  constructor() {
    const cells = [this.#time, this.#link, this.#arrow, this.#peer, this.#kind, this.#text, this.#ms];
    this.box = make("div", { class: "row" }, ...cells);
    this.box.setAttribute("role", "option");
  }

  /** @param top Where it stands, in pixels. */
  show(line: Line, top: number, isSelected: boolean): void {
    this.box.hidden = false;
    this.box.style.setProperty("transform", `translateY(${top}px)`);
    this.box.setAttribute("aria-selected", String(isSelected));
    if (this.#id === line.id) return;
    this.#id = line.id;
    const { said, text } = line;
    this.box.id = `line-${line.id}`;
    this.box.dataset.id = String(line.id);
    this.box.className = `row is-${said.direction} kind-${/^[\w-]+$/.test(said.kind) ? said.kind : "other"}`;
    this.#time.textContent = clockText(said.at, false);
    this.#link.textContent = escapeText(said.linkName);
    this.#arrow.textContent = said.direction === "in" ? "←" : "→";
    this.#arrow.title = said.direction === "in" ? "received" : "sent";
    this.#peer.textContent = shortPeer(said.peer);
    this.#peer.title = escapeText(said.peer);
    this.#kind.textContent = said.kind === "message" ? "" : said.kind;
    this.#text.textContent = text.slice(0, MAX_CHARS);
    this.#ms.textContent = said.ms === undefined ? "" : `${said.ms.toFixed(said.ms < 10 ? 1 : 0)} ms`;
  }

  hide(): void {
    this.box.hidden = true;
  }
}

/** The time of day with its milliseconds, with the day on request. */
export function clockText(at: number, withDay: boolean): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const time = `${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`;
  if (!withDay) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** Host and port are enough to tell them apart. */
function shortPeer(address: string): string {
  return escapeText(address.replace(/^\w+:\/{0,2}/, "").replace(/\?.*$/, ""));
}

/** No screen is wider. */
const MAX_CHARS = 600;
