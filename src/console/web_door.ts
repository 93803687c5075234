import type { WebView } from "../web/web_view.ts";
import type { LinkBook } from "./link_book.ts";
import type { SecretBook } from "./secret_book.ts";

/** The web view of a console, while there is one. */
export class WebDoor {
  readonly #book: LinkBook;
  readonly #secrets: SecretBook;
  #view: WebView | undefined;

  constructor(book: LinkBook, secrets: SecretBook) {
    this.#book = book;
    this.#secrets = secrets;
  }

  /** The view, while it is open. */
  get view(): WebView | undefined {
    return this.#view;
  }

  /**
   * Opens it, or returns the one that is open.
   *
   * @param port 0: the system chooses.
   * @throws {BrokenError} it cannot listen on that port.
   */
  async open(port: number): Promise<WebView> {
    // Loaded when it is asked for: most sessions go without, and the prompt is there sooner.
    const { WebView } = await import("../web/web_view.ts");
    const book = this.#book;
    const source = {
      links: () =>
        book.links.map((link) => ({ link, name: book.nameOf(link), waiting: book.waitingOf(link) })),
      entries: () => book.traffic.entries(),
      watch: book.traffic.watch.bind(book.traffic),
      masks: this.#secrets,
    };
    return this.#view ??= new WebView(source, { port, renewal: ".web in the console tells a new one" });
  }

  /** Closes it, if it is open. */
  async close(): Promise<void> {
    const view = this.#view;
    this.#view = undefined;
    await view?.close();
  }
}
