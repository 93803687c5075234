import { type Box, browser } from "./dom.ts";
import type { Drawn } from "./series.ts";

/** What is drawn as one line. */
export interface Curve {
  readonly label: string;
  readonly color: string;
}

/** The little of uPlot that is used. */
interface UPlot {
  setData(data: Drawn): void;
  setSize(size: { width: number; height: number }): void;
  destroy(): void;
}

type UPlotMaker = new (options: unknown, data: Drawn, box: Box) => UPlot;

/** Curves over time, in a box of the page. */
export class Chart {
  readonly #box: Box;
  readonly #plot: UPlot;

  /** @param apart Each curve has a scale of its own, so that small and large numbers are seen together. */
  constructor(box: Box, curves: readonly Curve[], data: Drawn, apart: boolean) {
    this.#box = box;
    const Maker = (globalThis as unknown as { uPlot: UPlotMaker }).uPlot;
    const style = browser.getComputedStyle(browser.document.body);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: color("--faint"),
      grid: { stroke: color("--line"), width: 1 },
      ticks: { stroke: color("--line"), width: 1, size: 4 },
      font: "11px system-ui, sans-serif",
    };
    const scaleOf = (index: number) => apart ? `y${index}` : "y";
    const scales = new Set(curves.map((_curve, index) => scaleOf(index)));
    this.#plot = new Maker(
      {
        ...this.#size(),
        ms: 1e-3,
        cursor: { drag: { x: false, y: false }, points: { size: 6 } },
        legend: {
          live: true,
          markers: { width: 0, fill: (_: unknown, at: number) => curves[at - 1]?.color },
        },
        scales: { x: { time: true } },
        axes: [
          { ...axis, space: 80, size: 24, values: (_: unknown, times: number[]) => times.map(timeText) },
          // More than two axes leave no room for the curves.
          ...[...scales].slice(0, 2).map((scale, index) => ({
            ...axis,
            scale,
            side: index === 0 ? 3 : 1,
            size: 56,
            grid: index === 0 ? axis.grid : { show: false },
            stroke: apart ? curves[index].color : axis.stroke,
          })),
        ],
        series: [
          { label: " ", value: (_: unknown, at: number | null) => at === null ? "" : timeText(at) },
          ...curves.map(({ label, color: stroke }, index) => ({
            label,
            stroke,
            width: 1.5,
            scale: scaleOf(index),
            spanGaps: true,
            points: { show: data[0].length < 30, size: 4 },
            // Away from the cursor the latest.
            value: (plot: { data: Drawn }, value: number | null, at: number) =>
              numberText(value ?? plot.data[at].findLast((each) => each !== null) ?? NaN),
          })),
        ],
      },
      data,
      box,
    );
  }

  set data(data: Drawn) {
    this.#plot.setData(data);
  }

  /** Fills its box again, which has another size now. */
  resize(): void {
    this.#plot.setSize(this.#size());
  }

  close(): void {
    this.#plot.destroy();
  }

  #size(): { width: number; height: number } {
    return {
      width: Math.max(200, this.#box.clientWidth),
      height: Math.max(90, this.#box.clientHeight - LEGEND_PX),
    };
  }
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toTimeString().slice(0, 8);
}

/** A number with as many digits as are of use. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return value.toLocaleString("en-US");
  return String(Number(value.toPrecision(6)));
}

/** The line below the chart that says what is what. */
const LEGEND_PX = 26;
