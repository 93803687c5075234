import { Client, describeSettings, SerialClient } from "../../mod.ts";
import { textWidth } from "../show/cell_width.ts";
import { shortCount } from "../show/count.ts";
import { escapeCell } from "../show/escape.ts";
import { quantile } from "../show/quantile.ts";
import { sparkline } from "../show/sparkline.ts";
import { milliseconds, showAge } from "../show/time_span.ts";
import type { Link, LinkBook } from "./link_book.ts";
import { textTable } from "../show/text_table.ts";
import type { LinkStats } from "./traffic/link_stats.ts";

/** All links with what they carry, as they are when they are asked, or kept up to date while somebody looks. */
export class LinkBoard {
  readonly #book: Pick<LinkBook, "links" | "nameOf" | "waitingOf" | "statsOf">;
  readonly #columns: () => number;

  /** @param columns The width of the screen; on a narrow one the columns that tell least are left out. Default: wide. */
  constructor(
    book: Pick<LinkBook, "links" | "nameOf" | "waitingOf" | "statsOf">,
    columns: () => number = () => Infinity,
  ) {
    this.#book = book;
    this.#columns = columns;
  }

  /** Calls `onChange` some times a second. Gives what ends that. */
  start(onChange: () => void): () => void {
    const timer = setInterval(onChange, EVERY_MS);
    return () => clearInterval(timer);
  }

  /** The table as it is now, line by line. */
  lines(): readonly string[] {
    const book = this.#book;
    const now = Date.now();
    const rows = book.links.map((link) => {
      const stats = book.statsOf(link);
      const shown = { name: book.nameOf(link), link, waiting: book.waitingOf(link), stats, now };
      return COLUMNS.map(([, cell]) => escapeCell(cell(shown)));
    });
    const table = [COLUMNS.map(([title]) => title), ...rows];
    const shown = new Set(COLUMNS.keys());
    for (const [column, [, , isOptional]] of COLUMNS.entries()) {
      if (isOptional && rows.every((row) => row[column].trim() === "")) shown.delete(column);
    }
    const lines = () =>
      textTable(table.map((row) => row.filter((_, column) => shown.has(column)))).split("\n");
    for (const title of LEFT_OUT) {
      if (Math.max(...lines().map(textWidth)) < this.#columns()) break;
      shown.delete(COLUMNS.findIndex((column) => column[0] === title));
    }
    return lines();
  }
}

interface ShownLink {
  readonly name: string;
  readonly link: Link;
  /** Peers that have lost their link and may come back. */
  readonly waiting: number;
  readonly stats: LinkStats | undefined;
  readonly now: number;
}

const COLUMNS:
  readonly (readonly [title: string, cell: (link: ShownLink) => string, isOptional?: boolean])[] = Object
    .freeze([
      ["name", ({ name, link }: ShownLink) => name === link.address ? "" : name],
      [
        "kind",
        ({ link }: ShownLink) =>
          link instanceof SerialClient ? "serial" : link instanceof Client ? "client" : "server",
      ],
      [
        "address",
        ({ link }: ShownLink) =>
          link instanceof SerialClient ? `${link.address} ${describeSettings(link.settings)}` : link.address,
      ],
      ["dialect", ({ link }: ShownLink) => link.dialect],
      [
        "state",
        ({ link }: ShownLink) =>
          link instanceof Client ? link.state : link.isListening ? "listening" : "stopped",
      ],
      [
        "peers",
        ({ link, waiting }: ShownLink) =>
          link instanceof Client
            ? (link.isOpen ? "1" : "0")
            : `${link.peers.size}${waiting === 0 ? "" : ` + ${waiting} down`}`,
      ],
      ["in", ({ link }: ShownLink) => String(link.counts.messagesIn)],
      ["out", ({ link }: ShownLink) => String(link.counts.messagesOut)],
      ["age", ({ link, now }: ShownLink) => link.openedAt === undefined ? "" : showAge(now - link.openedAt)],
      [
        "bytes in/out",
        ({ link: { counts } }: ShownLink) => `${shortCount(counts.bytesIn)}/${shortCount(counts.bytesOut)}`,
      ],
      ["in/out per s", (shown: ShownLink) => {
        const [came, went] = [
          rate(shown, ({ messagesIn }) => messagesIn),
          rate(shown, ({ messagesOut }) => messagesOut),
        ];
        return came + went === "" ? "" : `${came || "0"}/${went || "0"}`;
      }, true],
      ["B/s", (shown: ShownLink) => rate(shown, ({ bytesIn, bytesOut }) => bytesIn + bytesOut), true],
      [
        "last 16 s",
        ({ stats, now }: ShownLink) =>
          sparkline(
            (stats?.seconds(SPARK_SECONDS, now) ?? []).map((each) => each.messagesIn + each.messagesOut),
          ),
        true,
      ],
      ["answers", ({ stats }: ShownLink) => answers(stats?.roundTrips ?? []), true],
    ]);

type Second = ReturnType<LinkStats["seconds"]>[number];

/** Per second, over the last seconds; nothing when there was nothing. */
function rate({ stats, now }: ShownLink, count: (second: Second) => number): string {
  let sum = 0;
  for (const second of stats?.seconds(RATE_SECONDS, now) ?? []) sum += count(second);
  return sum === 0 ? "" : shortCount(sum / RATE_SECONDS);
}

/** How long the last answer took, and the median of those before. */
function answers(times: readonly number[]): string {
  if (times.length === 0) return "";
  const last = milliseconds(times[times.length - 1]);
  return times.length === 1 ? last : `${last}, median ${milliseconds(quantile(times, 0.5))}`;
}

/** Rates are over so many seconds: short enough to follow, and long enough to be read. */
const RATE_SECONDS = 4;
/** Seconds in the row of bars. */
const SPARK_SECONDS = 16;
/** What is left out where there is no room, in this order: what does not change is known to who has made the link. */
const LEFT_OUT: readonly string[] = Object.freeze([
  "dialect",
  "kind",
  "age",
  "bytes in/out",
  "address",
  "B/s",
  "in/out per s",
  "last 16 s",
  "answers",
  "peers",
]);
/** Between two looks, in milliseconds. */
const EVERY_MS = 500;
