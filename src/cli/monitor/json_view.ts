import { jsonText } from "../../console/json_text.ts";
import { utf8 } from "../message_form.ts";
import { DeviceLines } from "./device_lines.ts";
import type { Direction } from "./traffic_view.ts";

/** What passes on a link as JSON, one object a line of the device; a line that is no UTF-8 is bytes. Pure. */
export class JsonView {
  readonly #address: string;
  readonly #lines: Readonly<Record<Direction, DeviceLines>> = {
    "<": new DeviceLines(),
    ">": new DeviceLines(),
  };
  readonly #echo: boolean;
  #nowMs = 0;

  /** @param options `echo`: what is sent is told as well. */
  constructor(address: string, { echo }: { echo: boolean }) {
    this.#address = address;
    this.#echo = echo;
  }

  /** What to write for these bytes, which came or left at `nowMs`, in milliseconds since 1970. */
  show(direction: Direction, bytes: Uint8Array, nowMs: number): string {
    this.#nowMs = nowMs;
    if (direction === ">" && !this.#echo) return "";
    return this.#lines[direction].feed(bytes).map(({ line }) => this.#line(direction, line)).join("");
  }

  /** What to write when nothing more comes: lines that have not ended. */
  end(): string {
    return (["<", ">"] as const).map((direction) => {
      const line = this.#lines[direction].end();
      return line === undefined ? "" : this.#line(direction, line);
    }).join("");
  }

  #line(direction: Direction, line: Uint8Array): string {
    const time = new Date(this.#nowMs).toISOString();
    return `${jsonText({ time, address: this.#address, direction, value: utf8(line) ?? line })}\n`;
  }
}
