import { escapeText } from "../../show/escape.ts";
import { type Box, byId, make } from "./dom.ts";
import { bareText } from "./said_text.ts";
import type { SendOrder, SendResult } from "./wire.ts";

/** The latest orders of the send box, and what came of each. */
export class SendResults {
  readonly #list = byId("send-results");

  /** Shows an order whose outcome is not known yet. Returns what shows that. */
  add(order: SendOrder): (result: SendResult) => void {
    const outcome = make("span", { class: "outcome", text: "…" });
    const what = make("span", { class: "what", text: textOf(order), title: order.doing });
    const line = make("li", { class: "result is-open" }, what, outcome);
    this.#append(line);
    return (result) => {
      line.className = `result ${result.ok ? "is-ok" : "is-failed"}`;
      if (result.isAnswer) {
        outcome.replaceChildren(
          make("span", { class: "answer", text: bareText(result.value) }),
          make("span", { class: "ms", text: result.text }),
        );
      } else outcome.textContent = result.text;
      this.#append(line); // the one that is known last stands last
    };
  }

  #append(line: Box): void {
    this.#list.append(line);
    while (this.#list.children.length > MAX_RESULTS) this.#list.children[0].remove();
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}

/** `add(1, 2)`, `*IDN?` */
function textOf({ doing, name, content }: SendOrder): string {
  const isCall = doing === "action" || doing === "request";
  return escapeText((isCall ? `${name}(${content})` : content).slice(0, MAX_CHARS));
}

/** Results that are seen. */
const MAX_RESULTS = 20;
/** Characters of what was sent, beside its result. */
const MAX_CHARS = 200;
