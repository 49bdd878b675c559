import type { ArithmeticOp, ComparisonOp } from './ast.ts';

/** Power as Go has it: 1 to any power and any number to the power 0 are 1, -1 to an infinite power is 1. */
function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) return 1;
  return base ** exponent;
}

/** The larger number as Go has it: infinity wins over NaN. */
export function larger(a: number, b: number): number {
  const infinite = a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY;
  return infinite ? Number.POSITIVE_INFINITY : Math.max(a, b);
}

/** The smaller number as Go has it: minus infinity wins over NaN. */
export function smaller(a: number, b: number): number {
  const infinite = a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY;
  return infinite ? Number.NEGATIVE_INFINITY : Math.min(a, b);
}

/** The arithmetic operators; `%` has the sign of its left side. */
export const ARITHMETIC: Readonly<Record<ArithmeticOp, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': power,
  atan2: Math.atan2,
};

const COMPARISON: Readonly<Record<ComparisonOp, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Either kind of operator as one: a value, and whether the sample is kept. */
export type Operation = {
  readonly value: (a: number, b: number) => number;
  readonly keep: ((a: number, b: number) => boolean) | null;
};

/** What an operator does to two samples; a comparison keeps the left value, or with `bool` gives 0 or 1. */
export function operation(op: ArithmeticOp | ComparisonOp, bool: boolean): Operation {
  if (op in ARITHMETIC) return { value: ARITHMETIC[op as ArithmeticOp], keep: null };
  const holds = COMPARISON[op as ComparisonOp];
  if (bool) return { value: (a, b) => (holds(a, b) ? 1 : 0), keep: null };
  return { value: (a) => a, keep: holds };
}
