import type { Client, Server } from "../../mod.ts";
import { TrafficBook } from "../../src/console/traffic/traffic_book.ts";
import { WebView } from "../../src/web/web_view.ts";
import type { WebLink, WebSource } from "../../src/web/web_source.ts";

/** Real links that a web view looks at. */
export class LookedAt implements AsyncDisposable {
  readonly book = new TrafficBook();
  readonly links: WebLink[] = [];
  readonly source: WebSource = {
    links: () => this.links,
    entries: () => this.book.entries(),
    watch: (watch) => this.book.watch(watch),
  };
  readonly view = new WebView(this.source, { renewal: "ask the tests for a new one" });

  /** A link that is to be seen from now on. */
  add<Made extends Client | Server>(name: string, link: Made): Made {
    this.links.push({ name, link, waiting: 0 });
    link.use({
      onReceive: () => {},
      onTraffic: (traffic, peer) => {
        this.book.push({ at: Date.now(), link, peer, traffic, isOwn: false });
      },
    });
    return link;
  }

  /** Address without its token. */
  get origin(): string {
    return `http://127.0.0.1:${this.view.port}`;
  }

  /** What a page of ours has in its hands after it was let in. */
  async enter(): Promise<Visitor> {
    const response = await fetch(this.view.address);
    const [cookie] = (response.headers.get("set-cookie") ?? "").split(";");
    const key = /data-key="([^"]*)"/.exec(await response.text())?.[1] ?? "";
    return { cookie, authorization: `Bearer ${key}` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.view.close();
    await Promise.all(this.links.map(({ link }) => link.close()));
  }
}

/** The headers of a page that was let in. */
export type Visitor = { cookie: string; authorization: string };
