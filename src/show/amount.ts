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

/** A span of time as people read it: `0.3 s`, `12 s`, `4 min 5 s`, `2 h 10 min`. */
export function showSpan(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;
