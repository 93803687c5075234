import { escapeText } from "../../show/escape.ts";
import { CallNames } from "./call_names.ts";
import { byId, on, setOptions, type UserEvent } from "./dom.ts";
import type { Feed } from "./feed.ts";
import { bytesIn, contentOf } from "./said_text.ts";
import { SendResults } from "./send_results.ts";
import { SentHistory } from "./sent_history.ts";
import type { Doing, PageLink, PageSaid, SendOrder } from "./wire.ts";

/** The box that sends: to whom, what, and what came back. */
export class SendView {
  readonly #feed: Feed;
  readonly #content = byId("send-content");
  #links: readonly PageLink[] = [];
  readonly #history = new SentHistory();
  readonly #results = new SendResults();
  readonly #names: CallNames;

  constructor(feed: Feed) {
    this.#feed = feed;
    this.#names = new CallNames(feed);
    on(byId("send-name"), "focus", () => this.#offerNames());
    on(byId("send"), "submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
    on(byId("send-target"), "input", () => this.#retarget());
    on(byId("send-doing"), "input", () => this.#fit());
    on(byId("send-format"), "input", () => this.#fit());
    on(this.#content, "keydown", (event) => this.#key(event));
    this.#fit();
  }

  set links(links: readonly PageLink[]) {
    this.#links = links;
    const options = links.flatMap(targets);
    if (options.length === 0) options.push({ value: "", text: "no link" });
    const target = byId("send-target");
    const { value } = target;
    setOptions(target, options);
    if (target.value === value) this.#fit();
    else this.#retarget();
  }

  /** Learns names from what is said. */
  learn(said: readonly PageSaid[]): void {
    this.#names.learn(said);
  }

  /** Puts a message into the box, to be sent again. */
  reuse(said: PageSaid): void {
    const target = byId("send-target");
    target.value = String(said.link);
    this.#fit();
    const bytes = bytesIn(said.value);
    if (said.args !== undefined) {
      byId("send-doing").value = said.kind;
      byId("send-name").value = said.name ?? "";
      this.#content.value = said.args.map((each) => JSON.stringify(each)).join(", ");
    } else if (bytes !== undefined) {
      byId("send-format").value = "hex";
      this.#content.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    } else {
      const value = contentOf(said);
      byId("send-format").value = typeof value === "string" ? "text" : "json";
      this.#content.value = typeof value === "string" ? value : JSON.stringify(value);
    }
    this.#fit();
    this.focus();
  }

  focus(): void {
    this.#content.focus();
  }

  /** Another link: what its dialect says most often comes first. */
  #retarget(): void {
    this.#fit();
    byId("send-doing").selectedIndex = 0;
    this.#fit();
  }

  /** Shows what goes with the link and the kind of message that are chosen. */
  #fit(): void {
    const link = this.#target;
    const doings = link?.doings ?? ["send"];
    setOptions(byId("send-doing"), doings.map((doing) => ({ value: doing, text: DOINGS[doing] })));
    const doing = byId("send-doing").value as Doing;
    const isCall = doing === "action" || doing === "request";
    byId("send-name").hidden = !isCall;
    byId("send-format").hidden = isCall;
    const format = byId("send-format").value;
    byId("send-ending").hidden = isCall || format === "hex" || link?.dialect !== "raw";
    this.#content.placeholder = isCall ? 'Arguments: 5, "north", {"x": 1}' : HINTS[format];
    byId("send-go").disabled = link === undefined;
    byId("send").classList.toggle("is-off", link === undefined);
  }

  get #target(): PageLink | undefined {
    const [id] = byId("send-target").value.split("/");
    return this.#links.find((link) => String(link.id) === id);
  }

  get #order(): SendOrder {
    const [link, peer] = byId("send-target").value.split("/");
    return {
      link: Number(link),
      ...peer === undefined ? {} : { peer: Number(peer) },
      doing: byId("send-doing").value as Doing,
      format: byId("send-format").value as SendOrder["format"],
      content: this.#content.value,
      ending: byId("send-ending").hidden ? "" : ENDINGS[byId("send-ending").value] ?? "",
      name: byId("send-name").value,
    };
  }

  async #send(): Promise<void> {
    const order = this.#order;
    const tell = this.#results.add(order);
    if ((order.doing === "action" || order.doing === "request") && order.name === "") {
      byId("send-name").focus();
      return tell({ ok: false, text: `The name of the ${order.doing} is missing` });
    }
    this.#history.push(order.content);
    this.#content.select();
    tell(await this.#feed.send(order));
  }

  #offerNames(): void {
    const { doing, link, peer } = this.#order;
    if (this.#target?.dialect === "native") void this.#names.offer(doing, link, peer);
    else this.#names.offerSeen(doing);
  }

  #key(event: UserEvent): void {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      return void this.#send();
    }
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (step === 0 || this.#content.value.includes("\n")) return;
    const content = this.#history.step(step);
    if (content === undefined) return;
    event.preventDefault();
    this.#content.value = content;
  }
}

/** A link, or the peers of a server, and all of them at once. */
function targets({ id, name, kind, peers, peerCount }: PageLink): { value: string; text: string }[] {
  if (kind !== "server") return [{ value: String(id), text: escapeText(name) }];
  const each = peers.map((peer) => ({
    value: `${id}/${peer.id}`,
    text: escapeText(`${name} · ${peer.address.replace(/^\w+:\/{0,2}/, "")}`),
  }));
  const all = peerCount === 0
    ? "nobody connected"
    : peerCount === 1
    ? "all (1 peer)"
    : `all ${peerCount} peers`;
  return [...each, { value: String(id), text: `${escapeText(name)} · ${all}` }];
}

const DOINGS: Readonly<Record<Doing, string>> = Object.freeze({
  send: "Send",
  ask: "Send, wait for answer",
  action: "Action",
  request: "Request",
});

const HINTS: Readonly<Record<string, string>> = Object.freeze({
  text: "Text to send",
  json: '{"speed": 12.5}',
  hex: "de ad be ef",
});

const ENDINGS: Readonly<Record<string, string>> = Object.freeze({ lf: "\n", cr: "\r", crlf: "\r\n" });
