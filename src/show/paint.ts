/** Colours of the text on a terminal: each function leaves the text as it is where there are to be no colours. */

/** For what failed. */
export function red(text: string, colors: boolean): string {
  return painted(text, 31, 39, colors);
}

/** For what is good, and what came in. */
export function green(text: string, colors: boolean): string {
  return painted(text, 32, 39, colors);
}

/** For what went out. */
export function yellow(text: string, colors: boolean): string {
  return painted(text, 33, 39, colors);
}

/** For names. */
export function cyan(text: string, colors: boolean): string {
  return painted(text, 36, 39, colors);
}

/** For what stands beside the matter, such as the time. */
export function faint(text: string, colors: boolean): string {
  return painted(text, 2, 22, colors);
}

function painted(text: string, on: number, off: number, colors: boolean): string {
  return colors ? `\x1b[${on}m${text}\x1b[${off}m` : text;
}
