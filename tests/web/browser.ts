import { type BrowserContext, chromium, type Page } from "playwright-core";

/** Where Debian and others have the browser. */
const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const found = PATHS.find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** Whether there is a browser here; tests that need one use it as `ignore: !browserAvailable`. */
export const browserAvailable: boolean = found !== undefined;

/** Behind the name of a test that needs a browser: why it is skipped, and what to do. */
export const browserNote: string = browserAvailable ? "" : " (needs a browser: apt-get install chromium)";

/** A browser without a window and without a past. It talks to nobody but the pages that it is told to open. */
export class Browser implements AsyncDisposable {
  readonly #context: BrowserContext;
  readonly #folder: string;

  private constructor(context: BrowserContext, folder: string) {
    this.#context = context;
    this.#folder = folder;
  }

  static async start(): Promise<Browser> {
    const folder = await Deno.makeTempDir({ prefix: "parley-browser-" });
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: found,
      headless: true,
      viewport: { width: 1280, height: 800 },
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-quic",
        "--no-first-run",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    context.setDefaultTimeout(10_000);
    return new Browser(context, folder);
  }

  /** A new page at this address; `problems` gathers what goes wrong in it, and whom it wanted to reach besides. */
  async open(address: string): Promise<{ page: Page; problems: string[] }> {
    const page = await this.#context.newPage();
    const problems: string[] = [];
    const { origin } = new URL(address);
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("dialog", (dialog) => {
      problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !url.startsWith("data:")) problems.push(`request: ${url}`);
    });
    await page.goto(address);
    return { page, problems };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
    await Deno.remove(this.#folder, { recursive: true });
  }
}
