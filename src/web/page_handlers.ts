import { Server } from "../../mod.ts";
import { clip } from "../show/escape.ts";
import type { ObjectIds } from "./object_ids.ts";
import type { PageHandler } from "./page/wire.ts";
import type { WebSource } from "./web_source.ts";
import { type Target, targetOf } from "./web_target.ts";

/** What a peer says that it offers, for the page. Nothing when it does not say, or not at once. Never rejects. */
export async function pageHandlers(
  target: Target,
  source: WebSource,
  ids: ObjectIds,
): Promise<PageHandler[]> {
  try {
    const found = targetOf(target, source, ids);
    // The peers of one server are much alike: what the first has is offered for all of them.
    const [peer] = found instanceof Server ? found.peers : [found];
    const told = await peer.describe({ timeoutMs: PATIENCE_MS });
    return told.slice(0, MAX_HANDLERS).map(({ kind, name, parameters, description = "" }) => ({
      kind,
      name: clip(String(name), MAX_CHARS),
      parameters: parameters.slice(0, MAX_PARAMETERS).map((each) => clip(String(each), MAX_CHARS)),
      description: clip(String(description), MAX_CHARS),
    }));
  } catch {
    return []; // names are a help and no more: whoever knows one can write it
  }
}

/** Nobody waits longer for a hint, in milliseconds. */
const PATIENCE_MS = 1000;
const MAX_HANDLERS = 500;
const MAX_PARAMETERS = 16;
const MAX_CHARS = 200;
