import { escapeText } from "../../show/escape.ts";
import { browser, byId, make, on } from "./dom.ts";
import type { Feed } from "./feed.ts";
import { hexDump } from "./hex_dump.ts";
import { bytesIn, contentOf, inlineText, jsonText } from "./said_text.ts";
import { clockText } from "./traffic_row.ts";
import type { PageSaid } from "./wire.ts";

type Tab = "text" | "json" | "hex";

/** One message, looked at closely: as text, as JSON, as bytes. */
export class DetailView {
  readonly #feed: Feed;
  readonly #onClose: () => void;
  readonly #onReuse: (said: PageSaid) => void;
  #said: PageSaid | undefined;
  #tab: Tab = "text";

  constructor(feed: Feed, does: { close(): void; reuse(said: PageSaid): void }) {
    this.#feed = feed;
    this.#onClose = does.close;
    this.#onReuse = does.reuse;
    on(byId("detail-close"), "click", () => this.close());
    on(byId("detail-copy"), "click", () => this.#copy());
    on(byId("detail-reuse"), "click", () => this.#said && this.#onReuse(this.#said));
    on(byId("detail-whole"), "click", () => this.#askWhole());
    for (const tab of byId("detail-tabs").querySelectorAll("button")) {
      on(tab, "click", () => this.#choose(tab.dataset.tab as Tab));
    }
  }

  /** Shows a message. */
  show(said: PageSaid): void {
    this.#said = said;
    byId("detail").hidden = false;
    byId("main").classList.toggle("has-detail", true);
    byId("detail-note").textContent = "";
    this.#render();
  }

  close(): void {
    if (this.#said === undefined) return;
    this.#said = undefined;
    byId("detail").hidden = true;
    byId("main").classList.toggle("has-detail", false);
    this.#onClose();
  }

  #choose(tab: Tab): void {
    this.#tab = tab;
    this.#render();
  }

  #render(): void {
    const said = this.#said;
    if (said === undefined) return;
    const facts: [string, string][] = [
      ["Time", clockText(said.at, true)],
      [said.direction === "in" ? "From" : "To", `${escapeText(said.linkName)} · ${escapeText(said.peer)}`],
      ["Kind", said.kind === "bytes" ? "bytes on the wire" : said.kind],
      ...said.name === undefined || said.name === ""
        ? []
        : [["Name", escapeText(said.name)] as [string, string]],
      ...said.ms === undefined ? [] : [["Took", `${said.ms.toFixed(1)} ms`] as [string, string]],
      ["Size", said.bytes === 0 ? "not known" : `${said.bytes.toLocaleString("en-US")} bytes on the wire`],
    ];
    byId("detail-facts").replaceChildren(
      ...facts.flatMap(([name, text]) => [make("dt", { text: name }), make("dd", { text })]),
    );
    for (const tab of byId("detail-tabs").querySelectorAll("button")) {
      tab.setAttribute("aria-selected", String(tab.dataset.tab === this.#tab));
    }
    const { text, hint } = body(said, this.#tab, byId("detail").clientWidth >= WIDE_PX ? 16 : 8);
    byId("detail-body").textContent = text;
    byId("detail-body").classList.toggle("is-hex", this.#tab === "hex");
    byId("detail-hint").textContent = hint;
    byId("detail-whole").hidden = !said.isCut || said.seq === undefined;
    byId("detail-reuse").hidden = said.kind !== "message" && said.args === undefined && said.kind !== "bytes";
  }

  async #askWhole(): Promise<void> {
    const { seq } = this.#said ?? {};
    if (seq === undefined) return;
    const whole = await this.#feed.whole(seq);
    if (this.#said?.seq !== seq) return;
    if (typeof whole === "string") byId("detail-note").textContent = whole;
    else this.show(whole);
  }

  async #copy(): Promise<void> {
    const text = byId("detail-body").textContent ?? "";
    try {
      await browser.navigator.clipboard?.writeText(text);
      byId("detail-note").textContent = "Copied";
    } catch {
      byId("detail-note").textContent = "The browser does not let it be copied; select it instead";
    }
  }
}

/** What a tab shows, and what there is to know about it. */
function body(said: PageSaid, tab: Tab, width: number): { text: string; hint: string } {
  const value = contentOf(said);
  const cut = said.isCut ? "Its beginning. " : "";
  if (tab === "json") return { text: jsonText(parsed(value)), hint: cut };
  if (tab === "text") {
    const text = typeof value === "string"
      ? escapeText(value, { keepNewlines: true })
      : said.args === undefined
      ? inlineText(value)
      : jsonText(value);
    return { text, hint: cut };
  }
  const bytes = bytesIn(value);
  if (bytes !== undefined) return { text: hexDump(bytes, width), hint: cut };
  if (typeof value === "string") {
    return { text: hexDump(new TextEncoder().encode(value), width), hint: `${cut}The text as UTF-8.` };
  }
  const json = JSON.stringify(value) ?? "";
  const hint = `${cut}Its JSON as UTF-8: switch on "Wire" to see what goes over the line.`;
  return { text: hexDump(new TextEncoder().encode(json), width), hint };
}

/** Text that is JSON, as what it stands for. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** From here on there is room for rows of 16 bytes. */
const WIDE_PX = 560;
