import uplotScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import amount from "../show/amount.ts" with { type: "text" };
import escape from "../show/escape.ts" with { type: "text" };
import timeSpan from "../show/time_span.ts" with { type: "text" };
import body from "./page/body.html" with { type: "text" };
import callNames from "./page/call_names.ts" with { type: "text" };
import chart from "./page/chart.ts" with { type: "text" };
import detailView from "./page/detail_view.ts" with { type: "text" };
import dom from "./page/dom.ts" with { type: "text" };
import feed from "./page/feed.ts" with { type: "text" };
import fields from "./page/fields.ts" with { type: "text" };
import filter from "./page/filter.ts" with { type: "text" };
import filterForm from "./page/filter_form.ts" with { type: "text" };
import hexDump from "./page/hex_dump.ts" with { type: "text" };
import keys from "./page/keys.ts" with { type: "text" };
import linksView from "./page/links_view.ts" with { type: "text" };
import main from "./page/main.ts" with { type: "text" };
import numbers from "./page/numbers.ts" with { type: "text" };
import plotView from "./page/plot_view.ts" with { type: "text" };
import rates from "./page/rates.ts" with { type: "text" };
import saidText from "./page/said_text.ts" with { type: "text" };
import sendResults from "./page/send_results.ts" with { type: "text" };
import sendView from "./page/send_view.ts" with { type: "text" };
import sentHistory from "./page/sent_history.ts" with { type: "text" };
import series from "./page/series.ts" with { type: "text" };
import colorsStyle from "./page/style/colors.css" with { type: "text" };
import controlsStyle from "./page/style/controls.css" with { type: "text" };
import detailStyle from "./page/style/detail.css" with { type: "text" };
import frameStyle from "./page/style/frame.css" with { type: "text" };
import narrowStyle from "./page/style/narrow.css" with { type: "text" };
import plotStyle from "./page/style/plot.css" with { type: "text" };
import sendStyle from "./page/style/send.css" with { type: "text" };
import sideStyle from "./page/style/side.css" with { type: "text" };
import trafficStyle from "./page/style/traffic.css" with { type: "text" };
import trafficLog from "./page/traffic_log.ts" with { type: "text" };
import trafficRow from "./page/traffic_row.ts" with { type: "text" };
import trafficView from "./page/traffic_view.ts" with { type: "text" };
import type { PageModule } from "./page_script.ts";

/** The styles of the page, in their order. */
export const styles: readonly string[] = Object.freeze([
  uplotStyle,
  colorsStyle,
  frameStyle,
  controlsStyle,
  sideStyle,
  plotStyle,
  trafficStyle,
  sendStyle,
  detailStyle,
  narrowStyle,
]);

/** What of the page is no script and no style. */
export const markup: string = body;

/** Scripts of others, which are not modules. */
export const libraries: readonly string[] = Object.freeze([uplotScript]);

/** The modules of the page. A module imports from those above it. To add one: write its file, and add its line. */
export const modules: readonly PageModule[] = Object.freeze([
  { file: "escape.ts", source: escape },
  { file: "amount.ts", source: amount },
  { file: "time_span.ts", source: timeSpan },
  { file: "dom.ts", source: dom },
  { file: "said_text.ts", source: saidText },
  { file: "hex_dump.ts", source: hexDump },
  { file: "filter.ts", source: filter },
  { file: "numbers.ts", source: numbers },
  { file: "series.ts", source: series },
  { file: "rates.ts", source: rates },
  { file: "traffic_log.ts", source: trafficLog },
  { file: "feed.ts", source: feed },
  { file: "filter_form.ts", source: filterForm },
  { file: "links_view.ts", source: linksView },
  { file: "traffic_row.ts", source: trafficRow },
  { file: "detail_view.ts", source: detailView },
  { file: "traffic_view.ts", source: trafficView },
  { file: "fields.ts", source: fields },
  { file: "chart.ts", source: chart },
  { file: "plot_view.ts", source: plotView },
  { file: "sent_history.ts", source: sentHistory },
  { file: "send_results.ts", source: sendResults },
  { file: "call_names.ts", source: callNames },
  { file: "send_view.ts", source: sendView },
  { file: "keys.ts", source: keys },
  { file: "main.ts", source: main },
]);
