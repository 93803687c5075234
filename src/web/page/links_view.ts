import { showAmount } from "../../show/amount.ts";
import { escapeText } from "../../show/escape.ts";
import { showAge } from "../../show/time_span.ts";
import { type Box, byId, draw, make, on } from "./dom.ts";
import { countText, type Rate, Rates } from "./rates.ts";
import type { PageLink } from "./wire.ts";

/** The list of links, each with its state and what it carries. */
export class LinksView {
  readonly #list = byId("links");
  readonly #rates = new Rates();
  readonly #onChoose: (id: number) => void;
  #chosen: number | undefined;

  /** @param onChoose A link was chosen: that one alone is to be seen, or all again. */
  constructor(onChoose: (id: number) => void) {
    this.#onChoose = onChoose;
    on(this.#list, "click", ({ target }) => {
      const id = target.closest("button")?.dataset.link;
      if (id !== undefined) this.#onChoose(Number(id));
    });
  }

  /** Which link is seen alone. */
  set chosen(id: number | undefined) {
    this.#chosen = id;
    for (const button of this.#list.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.link === String(id)));
    }
  }

  /** @param at When it was so, in milliseconds. */
  show(links: readonly PageLink[], at: number): void {
    const rates = this.#rates.see(links, at);
    byId("links-empty").hidden = links.length > 0;
    byId("links-count").textContent = links.length === 0 ? "" : String(links.length);
    const focused = focusedLink(this.#list);
    this.#list.replaceChildren(...links.map((link) => this.#card(link, rates.get(link.id)!, at)));
    if (focused !== undefined) {
      for (const button of this.#list.querySelectorAll("button")) {
        if (button.dataset.link === focused) button.focus();
      }
    }
  }

  #card(link: PageLink, rate: Rate, at: number): Box {
    const name = escapeText(link.name);
    const address = escapeText(link.address);
    const age = link.openedAt === undefined ? "" : showAge(at - link.openedAt);
    const button = make(
      "button",
      { class: "link", type: "button", title: `${name}  ${address}` },
      make(
        "span",
        { class: "link-head" },
        make("span", { class: `dot ${mood(link)}` }),
        make("span", { class: "link-name", text: name }),
        make("span", { class: "link-state", text: escapeText(link.state) }),
      ),
      name === address ? "" : make("span", { class: "link-address", text: address }),
      make(
        "span",
        { class: "link-facts" },
        ...[link.dialect, peersText(link), age].filter((text) => text !== "").map((text) =>
          make("span", { text: escapeText(text) })
        ),
      ),
      make(
        "span",
        { class: "link-flow" },
        flow("in", "←", link.messagesIn, rate.in),
        flow("out", "→", link.messagesOut, rate.out),
        make("span", { class: "link-bytes", text: `${showAmount(rate.bytes)}/s` }),
        sparkline(this.#rates.historyOf(link.id)),
      ),
    );
    const faults = [
      ...link.faults > 0 ? [`${countText(link.faults)} unreadable`] : [],
      ...link.unsent > 0 ? [`${countText(link.unsent)} not sent, too slow`] : [],
    ];
    if (faults.length > 0) button.append(make("span", { class: "link-faults", text: faults.join(" · ") }));
    button.dataset.link = String(link.id);
    button.setAttribute("aria-pressed", String(link.id === this.#chosen));
    return make("li", {}, button);
  }
}

function focusedLink(list: Box): string | undefined {
  for (const button of list.querySelectorAll("button:focus")) return button.dataset.link;
  return undefined;
}

function mood({ state, kind, isOpen, waiting }: PageLink): string {
  if (state === "closed" || state === "stopped") return "is-off";
  if (state === "down" || state === "connecting" || waiting > 0) return "is-waiting";
  return isOpen || kind !== "server" ? "is-on" : "is-idle";
}

function peersText({ kind, peerCount, waiting }: PageLink): string {
  if (kind !== "server") return kind === "serial" ? "serial" : "";
  const peers = `${peerCount} ${peerCount === 1 ? "peer" : "peers"}`;
  return waiting === 0 ? peers : `${peers} + ${waiting} down`;
}

function flow(kind: string, arrow: string, count: number, rate: number): Box {
  const title = `${count.toLocaleString("en-US")} messages ${kind}`;
  return make(
    "span",
    { class: `flow ${kind}`, title },
    make("span", { class: "arrow", text: arrow }),
    make("span", { class: "count", text: countText(count) }),
    make("span", { class: "rate", text: rate === 0 ? "" : `${countText(rate)}/s` }),
  );
}

/** The rate of the last minute, as a line. */
function sparkline(history: readonly number[]): Box {
  const top = Math.max(1, ...history);
  const step = 60 / Math.max(1, history.length - 1);
  const points = history.map((rate, index) =>
    `${(index * step).toFixed(1)},${(15 - 14 * rate / top).toFixed(1)}`
  );
  return draw(
    "svg",
    { class: "spark", viewBox: "0 0 60 16", preserveAspectRatio: "none", "aria-hidden": "true" },
    draw("polyline", { points: points.join(" "), fill: "none" }),
  );
}
