import { escapeText } from "../show/escape.ts";
import type { LineSignals, PortInfo } from "../../mod.ts";
import { textTable } from "../show/text_table.ts";

/** One row of a {@linkcode portTable}. */
export interface PortRow {
  /** The port; of one that is not in any list its path alone. */
  readonly port: PortInfo;
  /** Which link has it, and how it is set. */
  readonly link?: string;
  /** Bytes that have come on that link. */
  readonly bytesIn?: number;
  /** Bytes that were sent on it. */
  readonly bytesOut?: number;
  /** The levels of its modem lines. */
  readonly levels?: Partial<LineSignals>;
}

/**
 * Serial ports as a table: path, maker and product, USB ids, the link that has it with what came and went, modem lines,
 * other programs that have it, serial number, driver, and the name that stays the same. What changes stands to the left,
 * where a narrow terminal shows it. Columns in which nothing stands are left out.
 */
export function portTable(rows: readonly PortRow[]): string {
  const cells = rows.map((row) => COLUMNS.map(([, cell]) => escapeText(cell(row) ?? "")));
  const isUsed = (column: number) => column === 0 || cells.some((row) => row[column] !== "");
  const titles = COLUMNS.map(([title]) => title);
  return textTable([titles, ...cells].map((row) => row.filter((_, column) => isUsed(column))));
}

const COLUMNS: readonly (readonly [title: string, cell: (row: PortRow) => string | undefined])[] = Object
  .freeze([
    ["port", ({ port }) => port.path],
    ["device", ({ port }) => deviceName(port)],
    ["ids", ({ port }) => port.vendorId && `${port.vendorId}:${port.productId ?? ""}`],
    ["link", ({ link }) => link],
    ["in", ({ bytesIn }) => byteCount(bytesIn)],
    ["out", ({ bytesOut }) => byteCount(bytesOut)],
    ["lines", ({ levels }) => levelText(levels)],
    ["used by", ({ port }) => otherHolders(port)],
    ["serial number", ({ port }) => port.serialNumber],
    ["driver", ({ port }) => port.driver],
    ["by-id name", ({ port }) => port.id?.replace(/^.*\/by-id\//, "")],
  ]);

/** Maker and product without saying the maker twice: many products begin with it. */
function deviceName({ manufacturer = "", product = "" }: PortInfo): string {
  if (product.toLowerCase().startsWith(manufacturer.toLowerCase())) return product || manufacturer;
  return `${manufacturer} ${product}`.trim();
}

function byteCount(bytes: number | undefined): string | undefined {
  return bytes === undefined ? undefined : `${bytes.toLocaleString("en-US")} B`;
}

/** `+CTS -DSR`: CTS is on and DSR off. */
function levelText(levels: PortRow["levels"] = {}): string {
  const known = Object.entries(levels).filter(([, on]) => on !== undefined);
  return known.map(([name, on]) => `${on ? "+" : "-"}${name.toUpperCase()}`).join(" ");
}

/** The programs that have the port, without this one: `tio (1234)`. */
function otherHolders({ heldBy = [] }: PortInfo): string {
  const others = heldBy.filter(({ pid }) => pid !== Deno.pid);
  return others.map(({ pid, program }) => `${program} (${pid})`).join(", ");
}
