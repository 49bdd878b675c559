import { larger, smaller } from '../operators.ts';

/** Functions of one value; the scalar arguments of the call at that step come behind it. */
export type EachFunction = (value: number, args: readonly number[]) => number;

function sign(value: number): number {
  if (value < 0) return -1;
  return value > 0 ? 1 : value;
}

/** Functions that change each value by itself. */
export const mathFunctions: Readonly<Record<string, EachFunction>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  exp: Math.exp,
  sqrt: Math.sqrt,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  sgn: sign,
  rad: (value) => (value * Math.PI) / 180,
  deg: (value) => (value * 180) / Math.PI,
  clamp_max: (value, [most = Number.NaN]) => smaller(most, value),
  clamp_min: (value, [least = Number.NaN]) => larger(least, value),
  round: (value, [nearest = 1]) => {
    // Prometheus multiplies by the inverse, which decides where the halves of decimals fall.
    const inverse = 1 / nearest;
    return Math.floor(value * inverse + 0.5) / inverse;
  },
};
