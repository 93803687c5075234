/** A number of bytes as people read it, in powers of 1,000: `999 B`, `1.5 kB`, `412 kB`, `2.1 GB`. */
export function showAmount(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // What would be rounded to 1000 of a unit is 1 of the next.
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;
