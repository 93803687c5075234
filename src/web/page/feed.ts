import { browser } from "./dom.ts";
import type { PageBatch, PageHandler, PageSaid, SendOrder, SendResult } from "./wire.ts";

/** What the page is told of its connection to the program. */
export interface FeedNews {
  batch(batch: PageBatch): void;
  /** @param isLive False while nothing comes. @param text What to tell. */
  state(isLive: boolean, text: string): void;
}

/** The page's connection to the program: what it hears, and what it asks. */
export class Feed {
  readonly #key: string;
  readonly #news: FeedNews;
  #stop = new AbortController();
  #lastSeq = 0;
  #wire = false;

  /** @param key What the program has let this page in with. */
  constructor(key: string, news: FeedNews) {
    this.#key = key;
    this.#news = news;
  }

  get wire(): boolean {
    return this.#wire;
  }

  /** Whether the bytes on the wire come as well. */
  set wire(wire: boolean) {
    this.#wire = wire;
    this.#stop.abort(); // it starts again, from where it was
  }

  /** Listens for as long as the program lets it, and tries again when it is lost. */
  async run(): Promise<void> {
    for (;;) {
      this.#stop = new AbortController();
      const refusal = await this.#listen(this.#stop.signal);
      if (refusal !== undefined) return this.#news.state(false, refusal);
      if (this.#stop.signal.aborted) continue;
      this.#news.state(false, "The program is gone or does not answer; trying again");
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** Sends something. Never rejects. */
  async send(order: SendOrder): Promise<SendResult> {
    try {
      const response = await this.#fetch("/api/send", { method: "POST", body: JSON.stringify(order) });
      if (response.ok) return await response.json() as SendResult;
      return { ok: false, text: (await response.text()).trim() };
    } catch {
      return { ok: false, text: "The program is gone or does not answer" };
    }
  }

  /** What the other end offers; nothing where that is not known. Never rejects. */
  async handlers(link: number, peer: number | undefined): Promise<PageHandler[]> {
    try {
      const response = await this.#fetch(
        `/api/handlers?link=${link}${peer === undefined ? "" : `&peer=${peer}`}`,
        {},
      );
      return response.ok ? await response.json() as PageHandler[] : [];
    } catch {
      return [];
    }
  }

  /** One message, whole; text that says why not, when it is no longer there. */
  async whole(seq: number): Promise<PageSaid | string> {
    try {
      const response = await this.#fetch(`/api/said?seq=${seq}`, {});
      return response.ok ? await response.json() as PageSaid : (await response.text()).trim();
    } catch {
      return "The program is gone or does not answer";
    }
  }

  /** Resolves when the stream has ended; with a text when there will not be another. */
  async #listen(signal: AbortSignal): Promise<string | undefined> {
    try {
      const path = `/api/stream?after=${this.#lastSeq}${this.#wire ? "&wire=1" : ""}`;
      const response = await this.#fetch(path, { signal });
      if (response.status === 401) return (await response.text()).trim();
      if (!response.ok || response.body === null) return undefined;
      this.#news.state(true, "live");
      await this.#read(response.body);
    } catch {
      // lost: whoever listens tries again
    }
    return undefined;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.#take(JSON.parse(line) as PageBatch);
    }
  }

  #take(batch: PageBatch): void {
    for (const { seq } of batch.said ?? []) this.#lastSeq = Math.max(this.#lastSeq, seq ?? 0);
    this.#news.batch(batch);
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    return fetch(path, { ...init, headers: { authorization: `Bearer ${this.#key}` } });
  }
}

/**
 * The key of this page: from the page itself, or, when it was loaded again, from where it was kept. No other page and
 * no other server of this machine can see it there.
 */
export function takeKey(): string {
  const { document, sessionStorage, history, location } = browser;
  const key = document.body.dataset.key ?? "";
  document.body.removeAttribute("data-key");
  history.replaceState(null, "", location.pathname); // the token of the address is used
  if (key === "") return sessionStorage.getItem(KEY_NAME) ?? "";
  sessionStorage.setItem(KEY_NAME, key);
  return key;
}

const KEY_NAME = "parley-key";
/** Between two attempts, in milliseconds. */
const RETRY_MS = 1000;
