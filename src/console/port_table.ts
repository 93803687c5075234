import { escapeText } from "../show/escape.ts";
import type { PortInfo } from "../../mod.ts";
import { textTable } from "./text_table.ts";

/** One row of a {@linkcode portTable}. */
export interface PortRow {
  /** The port; of one that is not in any list its path alone. */
  readonly port: PortInfo;
  /** What a column of one's own says about it. */
  readonly note?: string;
}

/**
 * Serial ports as a table: path, maker and product, USB ids, serial number, driver, whatever `noteTitle` is about, and
 * the name that stays the same. Columns in which nothing stands are left out.
 */
export function portTable(rows: readonly PortRow[], noteTitle = ""): string {
  const titles = ["port", "device", "ids", "serial number", "driver", noteTitle, "by-id name"];
  const cells = rows.map(({ port, note }) =>
    [
      port.path,
      deviceName(port),
      port.vendorId === undefined ? "" : `${port.vendorId}:${port.productId ?? ""}`,
      port.serialNumber ?? "",
      port.driver ?? "",
      note ?? "",
      port.id?.replace(/^.*\/by-id\//, "") ?? "",
    ].map((cell) => escapeText(cell))
  );
  const isUsed = (column: number) => column === 0 || cells.some((row) => row[column] !== "");
  return textTable([titles, ...cells].map((row) => row.filter((_, column) => isUsed(column))));
}

/** Maker and product without saying the maker twice: many products begin with it. */
function deviceName({ manufacturer = "", product = "" }: PortInfo): string {
  if (product.toLowerCase().startsWith(manufacturer.toLowerCase())) return product || manufacturer;
  return `${manufacturer} ${product}`.trim();
}
