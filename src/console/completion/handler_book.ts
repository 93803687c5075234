import { type HandlerDescription, type Peer, RemoteError } from "../../../mod.ts";
import { within } from "./within.ts";

/** What is known of the handlers of one peer. */
export interface KnownHandlers {
  /** As it has told them, lately; undefined when it has not. */
  readonly told?: readonly HandlerDescription[];
  /** Why it has not: its dialect has no such question, it keeps them to itself, or it has not answered yet. */
  readonly silence?: "dialect" | "refused" | "late" | "down";
}

interface Asked {
  /** When the link was opened that was asked: after another one, the peer may be another program. */
  readonly openedAt: number | undefined;
  readonly at: number;
  readonly answer: Promise<void>;
  told?: readonly HandlerDescription[];
  hasAnswered: boolean;
  isRefused: boolean;
}

/**
 * What peers have told of their handlers. A peer is asked when it is first wanted and again when its answer is no longer
 * fresh, or its link is another one; meanwhile the old answer counts. Nothing waits longer than it is told to.
 */
export class HandlerBook {
  readonly #asked = new WeakMap<Peer, Asked>();

  /** What is known of a peer at this moment; asks it when that is too little. */
  now(peer: Peer): KnownHandlers {
    if (peer.dialect !== "native") return { silence: "dialect" };
    const asked = this.#ask(peer);
    if (asked === undefined) return { silence: "down" };
    if (asked.told !== undefined) return { told: asked.told };
    return { silence: asked.isRefused ? "refused" : "late" };
  }

  /** Waits for the answers of these peers, at most so long. */
  async wait(peers: readonly Peer[], ms: number): Promise<void> {
    const answers = peers.map((peer) => this.#asked.get(peer)?.answer);
    await within(Promise.all(answers), ms);
  }

  #ask(peer: Peer): Asked | undefined {
    const { openedAt } = peer;
    const before = this.#asked.get(peer);
    const isSame = before?.openedAt === openedAt;
    if (before !== undefined && isSame && (!before.hasAnswered || Date.now() - before.at < FRESH_MS)) {
      return before;
    }
    if (!peer.isOpen) return before !== undefined && isSame ? before : undefined;
    const asked: Asked = {
      openedAt,
      at: Date.now(),
      told: isSame ? before?.told : undefined,
      hasAnswered: false,
      isRefused: false,
      answer: peer.describe({ timeoutMs: ANSWER_MS }).then(
        (told) => void (asked.told = wellFormed(told)),
        (error) => {
          // What failed in another way, such as by a link that was lost, may work the next time.
          asked.isRefused = error instanceof RemoteError && error.code === "not_found";
          if (asked.isRefused) asked.told = undefined;
        },
      ).then(() => void (asked.hasAnswered = true)),
    };
    this.#asked.set(peer, asked);
    return asked;
  }
}

/** The other side may be any program: what is no description is left out. */
function wellFormed(told: unknown): readonly HandlerDescription[] {
  if (!Array.isArray(told)) return [];
  return told.flatMap((each): HandlerDescription[] => {
    const { name, kind, description, parameters } = (each ?? {}) as Record<string, unknown>;
    if (typeof name !== "string" || (kind !== "action" && kind !== "request")) return [];
    return [{
      name,
      kind,
      ...typeof description === "string" ? { description } : {},
      parameters: Array.isArray(parameters) ? parameters.filter((each) => typeof each === "string") : [],
    }];
  });
}

/** How long an answer counts, in milliseconds: handlers are registered while people type. */
const FRESH_MS = 3000;
/** How long a peer may take to answer, in milliseconds; it is asked again when it has not. */
const ANSWER_MS = 3000;
