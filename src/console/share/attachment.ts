import { type Client, connect, type PeerCounts } from "../../../mod.ts";
import type { Completion } from "../terminal/completion.ts";
import { PlaceError, placeOf, sharedNames } from "./socket_place.ts";
import { ExitCode } from "../exit_code.ts";
import {
  type Hello,
  type Item,
  MAX_SEATS,
  MAX_TEXT_CHARS,
  SHARE_LIMITS,
  SHARE_VERSION,
  type Welcome,
} from "./words.ts";

/** How an input has ended. */
export type Done = Item & { readonly kind: "done" };

/** What an {@linkcode Attachment} is given to show. */
export type Shown = Exclude<Item, Done>;

/** The link to a console that is shared, on the side of the one that has attached. */
export class Attachment implements AsyncDisposable {
  readonly welcome: Welcome;
  readonly #client: Client;
  readonly #waiting: Map<number, (done: Done | undefined) => void>;
  readonly #show: (item: Shown) => void;
  #inputs = 0;
  #stopTimer: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    client: Client,
    welcome: Welcome,
    waiting: Map<number, (done: Done | undefined) => void>,
    show: (item: Shown) => void,
  ) {
    this.#show = show;
    this.#client = client;
    this.welcome = welcome;
    this.#waiting = waiting;
    client.closed.then(() => {
      for (const settle of waiting.values()) settle(undefined);
      waiting.clear();
    });
  }

  /**
   * Attaches to the console of this name, or to the only one that is shared.
   *
   * @param show Is called with everything that comes, in its order.
   * @throws {PlaceError} there is none, or several, or it may be somebody else's.
   */
  static async to(
    name: string | undefined,
    hello: Omit<Hello, "version">,
    show: (item: Shown) => void,
  ): Promise<Attachment> {
    const waiting = new Map<number, (done: Done | undefined) => void>();
    const take = (items: unknown) => {
      for (const item of Array.isArray(items) ? items as Item[] : []) {
        if (item.kind !== "done") show(item);
        else {
          waiting.get(item.id)?.(item);
          waiting.delete(item.id);
        }
      }
    };
    const client = name === undefined ? await onlyOne(take) : await dial(name, take);
    const welcome = await client.request<Welcome>("hello", [{ ...hello, version: SHARE_VERSION }]);
    return new Attachment(client, welcome, waiting, show);
  }

  /** Resolves when the link has ended, whoever ended it. */
  get closed(): Promise<unknown> {
    return this.#client.closed;
  }

  get counts(): PeerCounts {
    return this.#client.counts;
  }

  /** Evaluates there; resolves when that has ended, with `undefined` when the console has gone. */
  async evaluate(text: string): Promise<Done | undefined> {
    const id = ++this.#inputs;
    if (text.length > MAX_TEXT_CHARS) {
      const why =
        `${text.length} characters are too many, ${MAX_TEXT_CHARS} at most are sent; .load a file there`;
      this.#show({ kind: "failure", text: `Nothing was evaluated: ${why}` });
      return { kind: "done", id, ok: false, exitCode: ExitCode.ERROR };
    }
    const { promise, resolve } = Promise.withResolvers<Done | undefined>();
    this.#waiting.set(id, resolve);
    await this.#client.action("input", [id, text]).catch(() => resolve(undefined));
    return await promise;
  }

  /** Stops what runs there of ours, also when it keeps the console so busy that nothing is heard there. */
  stop(): void {
    if (this.#waiting.size === 0) return;
    void this.#client.action("stop");
    clearTimeout(this.#stopTimer);
    this.#stopTimer = setTimeout(() => {
      // The link is up, so that the number is still that of the console.
      if (this.#waiting.size > 0 && this.#client.isOpen) Deno.kill(this.welcome.pid, "SIGUSR2");
    }, UNHEARD_MS);
  }

  /** What could be meant at the cursor, over there. */
  async complete(text: string, cursor: number): Promise<Completion> {
    const none = { candidates: [], start: cursor };
    return await this.#client.request<Completion>("complete", [text, cursor], { timeoutMs: COMPLETE_MS })
      .catch(() => none);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#stopTimer);
    await this.#client.close();
  }
}

/** @throws {PlaceError} there is none of that name, or it has ended without removing its socket. */
async function dial(name: string, onReceive: (items: unknown) => void): Promise<Client> {
  const path = placeOf(name);
  try {
    return await connect(`unix://${path}`, { limits: SHARE_LIMITS, onReceive });
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "limit") {
      throw new PlaceError(
        `Cannot attach to "${name}": ${MAX_SEATS} have attached already; one of them has to leave`,
      );
    }
    if (code !== "refused") throw error;
    throw new PlaceError(
      `Cannot attach to "${name}": its console has ended; write .share ${name} in another one`,
    );
  }
}

/** @throws {PlaceError} */
async function onlyOne(onReceive: (items: unknown) => void): Promise<Client> {
  const names = sharedNames().slice(0, MAX_LOOKED_AT);
  const found = await Promise.allSettled(names.map((name) => dial(name, onReceive)));
  const clients = found.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
  if (clients.length === 1) return clients[0];
  await Promise.all(clients.map((client) => client.close()));
  if (clients.length === 0 && names.length === 1) return await dial(names[0], onReceive); // which says why not
  if (clients.length === 0) {
    throw new PlaceError("Cannot attach: no console is shared; write .share in one");
  }
  const alive = names.filter((_, index) => found[index].status === "fulfilled");
  throw new PlaceError(
    `Cannot attach: several consoles are shared (${alive.join(", ")}); write parley attach NAME`,
  );
}

/** How long a console may take to hear that something is to stop, in milliseconds. */
const UNHEARD_MS = 300;
/** Later than this nobody waits for a completion any more, in milliseconds. */
const COMPLETE_MS = 1000;
/** Sockets that are tried when no name is given. */
const MAX_LOOKED_AT = 32;
