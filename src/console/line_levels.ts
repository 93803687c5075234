import { ParleyError, type SerialClient } from "../../mod.ts";

/** The levels of all lines, for the end of a line: `; CTS on, DSR off, …`; empty where they cannot be read. */
export async function lineLevels(link: SerialClient): Promise<string> {
  try {
    const levels = Object.entries(await link.getSignals());
    return `; ${levels.map(([name, on]) => `${name.toUpperCase()} ${on ? "on" : "off"}`).join(", ")}`;
  } catch (error) {
    if (error instanceof ParleyError) return "";
    throw error;
  }
}
