import type { ScreenSize } from "../../show/screen_size.ts";
import type { TypedLine } from "./line_layout.ts";

/**
 * How the line being typed is put on a terminal and taken off again. Every method returns what to write, so one write
 * can take the line off, print above it and put it back. The caller passes the size at that moment.
 */
export interface LineView {
  /** Take the line off if it is on, and put this one on with the cursor in place. */
  draw(line: TypedLine, size: ScreenSize): string;
  /** Take the line off: the next text written starts where it began. */
  erase(size: ScreenSize): string;
  /** Leave the line on the screen for good, `mark` behind it, and go to the next row. */
  finish(line: TypedLine, mark: string, size: ScreenSize): string;
  /** Empty the screen; the line has to be drawn again. */
  clear(): string;
}
