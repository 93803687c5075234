import type { PageSaid } from "../../../src/web/page/wire.ts";

/** A message that came on a link, with whatever else is to be true of it. */
export function said(facts: Partial<PageSaid>): PageSaid {
  return {
    at: 0,
    link: 1,
    linkName: "psu",
    peer: "tcp://127.0.0.1:5025",
    direction: "in",
    kind: "message",
    bytes: 10,
    isCut: false,
    ...facts,
  };
}
