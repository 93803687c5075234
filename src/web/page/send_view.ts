import { escapeText } from "../../show/escape.ts";
import { type Box, byId, make, on, setOptions, type UserEvent } from "./dom.ts";
import type { Feed } from "./feed.ts";
import { bareText, bytesIn, contentOf } from "./said_text.ts";
import type { Doing, PageLink, PageSaid, SendOrder, SendResult } from "./wire.ts";

/** The box that sends: to whom, what, and what came back. */
export class SendView {
  readonly #feed: Feed;
  readonly #content = byId("send-content");
  #links: readonly PageLink[] = [];
  readonly #sent: string[] = [];
  /** Which of what was sent is in the box; as many as there are: none. */
  #at = 0;
  /** Names of actions and requests that were seen. */
  readonly #names = new Set<string>();

  constructor(feed: Feed) {
    this.#feed = feed;
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
    for (const { kind, name } of said) {
      if ((kind !== "action" && kind !== "request") || name === undefined || name === "") continue;
      if (this.#names.has(name) || this.#names.size >= MAX_NAMES) continue;
      this.#names.add(name);
      byId("send-names").append(make("option", { value: name }));
    }
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

  async #send(): Promise<void> {
    const [link, peer] = byId("send-target").value.split("/");
    const content = this.#content.value;
    const order: SendOrder = {
      link: Number(link),
      ...peer === undefined ? {} : { peer: Number(peer) },
      doing: byId("send-doing").value as Doing,
      format: byId("send-format").value as SendOrder["format"],
      content,
      ending: byId("send-ending").hidden ? "" : ENDINGS[byId("send-ending").value] ?? "",
      name: byId("send-name").value,
    };
    if ((order.doing === "action" || order.doing === "request") && order.name === "") {
      byId("send-name").focus();
      return this.#tell(resultLine(order), { ok: false, text: "The name is missing" });
    }
    this.#remember(content);
    const line = resultLine(order);
    this.#tell(line, undefined);
    this.#tell(line, await this.#feed.send(order));
  }

  #remember(content: string): void {
    if (content !== "" && this.#sent.at(-1) !== content) this.#sent.push(content);
    if (this.#sent.length > MAX_SENT) this.#sent.shift();
    this.#at = this.#sent.length;
    this.#content.select();
  }

  /** Shows what became of an order; `undefined` while it is not known. */
  #tell(line: Box, result: SendResult | undefined): void {
    const list = byId("send-results");
    const [, outcome] = Array.from(line.children);
    line.className = `result ${result === undefined ? "is-open" : result.ok ? "is-ok" : "is-failed"}`;
    if (result === undefined) outcome.textContent = "…";
    else if (result.isAnswer) {
      outcome.replaceChildren(
        make("span", { class: "answer", text: bareText(result.value) }),
        make("span", { class: "ms", text: result.text }),
      );
    } else outcome.textContent = result.text;
    list.append(line); // the one that is known last stands last
    while (list.children.length > MAX_RESULTS) list.children[0].remove();
    list.scrollTop = list.scrollHeight;
  }

  #key(event: UserEvent): void {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      return void this.#send();
    }
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (step === 0 || this.#content.value.includes("\n")) return;
    const at = Math.max(0, Math.min(this.#sent.length, this.#at + step));
    if (at === this.#at) return;
    event.preventDefault();
    this.#at = at;
    this.#content.value = this.#sent[at] ?? "";
  }
}

/** A link, or the peers of a server, and all of them at once. */
function targets({ id, name, kind, peers, peerCount }: PageLink): { value: string; text: string }[] {
  if (kind !== "server") return [{ value: String(id), text: name }];
  const each = peers.map((peer) => ({
    value: `${id}/${peer.id}`,
    text: `${name} · ${peer.address.replace(/^\w+:\/{0,2}/, "")}`,
  }));
  const all = peerCount === 0
    ? "nobody connected"
    : peerCount === 1
    ? "all (1 peer)"
    : `all ${peerCount} peers`;
  return [...each, { value: String(id), text: `${name} · ${all}` }];
}

/** `request add(1, 2)`, `ask *IDN?`, and room for what comes of it. */
function resultLine({ doing, name, content }: SendOrder): Box {
  const isCall = doing === "action" || doing === "request";
  const what = escapeText((isCall ? `${name}(${content})` : content).slice(0, MAX_SHOWN));
  return make(
    "li",
    { class: "result" },
    make("span", { class: "what", text: what, title: doing }),
    make("span", { class: "outcome" }),
  );
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

/** Names that are offered. */
const MAX_NAMES = 200;
/** What was sent and can be had back. */
const MAX_SENT = 100;
/** Results that are seen. */
const MAX_RESULTS = 20;
/** Characters of what was sent, beside its result. */
const MAX_SHOWN = 200;
