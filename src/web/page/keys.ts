import { type Box, browser, byId, on } from "./dom.ts";

/** What keys do. */
export interface KeyActions {
  pause(): void;
  end(): void;
  send(): void;
  close(): void;
}

/** Keys that work everywhere but where something is typed. */
export function listenToKeys(actions: KeyActions): void {
  const help = byId("help");
  on(byId("help-open"), "click", () => help.showModal());
  on(byId("help-close"), "click", () => help.close());
  on(browser.document, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !help.open) {
      if (isTyping(event.target)) byId("list").focus();
      else actions.close();
      return;
    }
    if (isTyping(event.target) || help.open) return;
    const does: Record<string, (() => void) | undefined> = {
      "/": () => byId("filter").focus(),
      "p": actions.pause,
      "e": actions.end,
      "s": actions.send,
      "?": () => help.showModal(),
    };
    const act = does[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function isTyping(target: Box): boolean {
  return target.closest("input, textarea, select") !== null;
}
