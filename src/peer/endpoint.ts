import type { Dialect, Payload } from "../dialect/dialect.ts";
import { UsageTypeError } from "../errors.ts";
import type { ShareOptions } from "../files/share_options.ts";
import { Share } from "../files/share.ts";
import { Shares } from "../files/shares.ts";
import type { Limits } from "../limits.ts";
import type { Alarm } from "./alarm.ts";
import type { CallbackChain } from "./callbacks.ts";
import { type HandlerDescription, mergeDescriptions } from "./handler_description.ts";
import type { HandlerEntry, Handlers } from "./handlers.ts";
import { KeyTable } from "./key_table.ts";
import type { Overflow } from "./outbox.ts";
import type { World } from "./world.ts";

/** What all links of one server or client have in common. */
export class Endpoint<Owner = unknown> {
  readonly dialect: Dialect;
  readonly limits: Readonly<Limits>;
  readonly payload: Payload;
  readonly chain: CallbackChain<Owner>;
  readonly alarm: Alarm;
  readonly world: World;
  readonly overflow: Overflow;
  /** Whether the other side may know which handlers there are; absent: only on this machine. */
  readonly discoverable: boolean | undefined;
  /** Requests with a key that came lately, on whatever link. */
  readonly keys: KeyTable;
  /** The directories that files may come from and go to. */
  readonly shares: Shares = new Shares();
  /** The endpoint's own handlers first, then the shared ones. */
  readonly #handlers: readonly Handlers[];

  constructor(parts: {
    dialect: Dialect;
    limits: Readonly<Limits>;
    payload: Payload;
    chain: CallbackChain<Owner>;
    alarm: Alarm;
    world: World;
    overflow: Overflow;
    discoverable: boolean | undefined;
    handlers: readonly Handlers[];
  }) {
    this.dialect = parts.dialect;
    this.limits = parts.limits;
    this.payload = parts.payload;
    this.chain = parts.chain;
    this.alarm = parts.alarm;
    this.world = parts.world;
    this.overflow = parts.overflow;
    this.discoverable = parts.discoverable;
    this.keys = new KeyTable(parts.limits);
    this.#handlers = parts.handlers;
  }

  find(kind: "action" | "request", name: string): HandlerEntry | undefined {
    for (const table of this.#handlers) {
      const entry = table.entry(kind, name);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** Lets files come and go in `directory`. @throws {UsageTypeError} also when the dialect has no files. */
  share(directory: string, options: ShareOptions | undefined): Share {
    if (this.dialect.abilities?.includes("file") !== true) {
      throw new UsageTypeError(
        `Cannot share ${JSON.stringify(directory)} in the dialect "${this.dialect.name}": it has no files`,
      );
    }
    const share = new Share(directory, options);
    this.shares.add(share);
    return share;
  }

  /** All names of one kind. */
  names(kind: "action" | "request"): string[] {
    return this.#handlers.flatMap((table) => table.names[kind === "action" ? "actions" : "requests"]);
  }

  /** What the other side is told when it asks for the handlers. */
  // deno-lint-ignore require-await -- so that whatever fails is a rejection
  async describe(): Promise<HandlerDescription[]> {
    return mergeDescriptions(this.#handlers.map((table) => table.describe()));
  }
}
