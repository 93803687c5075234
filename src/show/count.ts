/** A number in at most five characters or so: `0`, `0.4`, `41`, `1.2k`, `3.4M`. */
export function shortCount(value: number): string {
  const [unit, name] = UNITS.find(([least]) => Math.abs(value) >= least * ROUNDS_UP) ?? [1, ""];
  const scaled = value / unit;
  const digits = name === "" && Number.isInteger(value) ? 0 : Math.abs(scaled) < 9.95 ? 1 : 0;
  return `${scaled.toFixed(digits).replace(/^(-?\d+)\.0$/, "$1")}${name}`;
}

/** 999.9 is written as 1k and not as 1000. */
const ROUNDS_UP = 0.9995;
const UNITS: readonly (readonly [number, string])[] = Object.freeze([
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
]);
