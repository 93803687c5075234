import { board } from "./board.ts";
import { ci } from "./ci.ts";
import { cleverShow } from "./clever_show.ts";
import { instrument } from "./instrument.ts";
import { leads } from "./leads.ts";
import { oneline } from "./oneline.ts";
import { server } from "./server.ts";
import type { Sheet } from "./sheet.ts";

/** All sheets, in the order of the page. To add one: write its file, and add its line here. */
export const sheets: readonly Sheet[] = Object.freeze([
  instrument,
  board,
  leads,
  cleverShow,
  oneline,
  server,
  ci,
]);
