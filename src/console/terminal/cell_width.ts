export { characterWidth, textWidth } from "../../show/cell_width.ts";
