/** The values that a plot goes from and to, and how they are written. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

/** Round numbers around these values, so that a scale does not change with every message. */
export function roundScale(min: number, max: number): Scale {
  if (min === max) {
    const room = min === 0 ? 1 : Math.abs(min) * 0.1;
    return roundScale(min - room, max + room);
  }
  const step = roundStep((max - min) / STEPS);
  return { min: Math.floor(min / step + EPSILON) * step, max: Math.ceil(max / step - EPSILON) * step };
}

/** The number as a label: as many digits as tell it from its neighbours on a scale of this size. */
export function label(value: number, { min, max }: Scale): string {
  if (value === 0) return "0";
  const size = Math.max(Math.abs(min), Math.abs(max));
  if (size >= 1e7 || size < 1e-4) return value.toExponential(2).replace(/\.?0+e/, "e");
  const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(max - min || size))));
  return Number(value.toFixed(digits)).toLocaleString("en-US", { maximumFractionDigits: digits });
}

/** 1, 2 or 5 times a power of ten, not less than this. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return (STEP_DIGITS.find((digit) => digit * power >= least * (1 - EPSILON)) ?? 10) * power;
}

const STEPS = 4;
const STEP_DIGITS = Object.freeze([1, 2, 5, 10]);
/** A step that was met but for the last bit is met. */
const EPSILON = 1e-9;
