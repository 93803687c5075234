import { DetailView } from "./detail_view.ts";
import { browser, byId, on } from "./dom.ts";
import { Feed, takeKey } from "./feed.ts";
import { FilterForm } from "./filter_form.ts";
import { listenToKeys } from "./keys.ts";
import { LinksView } from "./links_view.ts";
import { PlotView } from "./plot_view.ts";
import { SendView } from "./send_view.ts";
import { TrafficView } from "./traffic_view.ts";
import type { PageBatch } from "./wire.ts";

/** Puts the page together. */
function begin(): void {
  const feed = new Feed(takeKey(), { batch, state });
  const detail: DetailView = new DetailView(feed, {
    close: () => traffic.deselect(),
    reuse: (said) => {
      if (browser.matchMedia(NO_ROOM_BESIDE).matches) detail.close();
      sendBox.reuse(said);
    },
  });
  const traffic: TrafficView = new TrafficView((said) =>
    said === undefined ? detail.close() : detail.show(said)
  );
  const filter = new FilterForm((passes) => {
    traffic.filter(passes);
    links.chosen = filter.link;
  });
  const links: LinksView = new LinksView((id) => filter.toggleLink(id));
  const plot = new PlotView();
  const sendBox = new SendView(feed);

  function batch({ links: known, said = [], skipped = 0, at }: PageBatch): void {
    if (known !== undefined) {
      links.show(known, at);
      for (const view of [filter, plot, sendBox]) view.links = known;
      plot.tick();
    }
    if (said.length === 0 && skipped === 0) return;
    traffic.add(said, skipped);
    plot.add(said);
    sendBox.learn(said);
  }

  function state(isLive: boolean, text: string): void {
    const box = byId("state");
    box.className = isLive ? "is-live" : "is-lost";
    byId("state-text").textContent = text;
  }

  const togglePause = () => {
    plot.isFrozen = traffic.togglePause();
  };
  on(byId("pause"), "click", togglePause);
  on(byId("copy"), "click", async () => {
    await browser.navigator.clipboard?.writeText(traffic.text);
    byId("copy").textContent = "Copied";
    setTimeout(() => byId("copy").textContent = "Copy", COPIED_MS);
  });
  on(byId("wire"), "click", () => {
    feed.wire = !feed.wire;
    byId("wire").setAttribute("aria-pressed", String(feed.wire));
  });
  for (const tab of byId("tabs").querySelectorAll("button")) {
    on(tab, "click", () => {
      byId("main").dataset.tab = tab.dataset.tab;
      for (const each of byId("tabs").querySelectorAll("button")) {
        each.setAttribute("aria-selected", String(each === tab));
      }
    });
  }
  listenToKeys({
    pause: togglePause,
    end: () => traffic.toEnd(),
    send: () => sendBox.focus(),
    close: () => detail.close(),
  });
  byId("place").textContent = browser.location.host;
  void feed.run();
}

/** Where a message lies over the rest, as the style has it. */
const NO_ROOM_BESIDE = "(max-width: 1180px)";
/** How long the button says that it has copied, in milliseconds. */
const COPIED_MS = 1500;

begin();
