/**
 * The far side of contestants that connect and read: writes messages of text to whoever comes, as fast as they go.
 *
 * @module
 */
import type { Work } from "../row.ts";
import { pumpInto } from "./line_source.ts";
import { rawListen } from "./raw_listen.ts";

export function serve(work: Work): Promise<{ address: string }> {
  return Promise.resolve(rawListen((connection) => void pumpInto(connection, work).catch(() => {})));
}
