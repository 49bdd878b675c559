import { Random } from './random.ts';

/** Functions of which Go and V8 may give last digits that differ. Square roots and whole parts are exact in both. */
const INEXACT = [
  ...(['exp', 'log', 'log2', 'log10', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const),
  ...(['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'] as const),
];
/** Far more than either library's error, far less than what counts as a difference. */
const RELATIVE = 1e-13;
/** The same near zero, where a logarithm of nearly 1 or a sine of nearly π is the rest of a subtraction. */
const ABSOLUTE = 4e-16;

let random: Random | null = null;

function nudged(value: number): number {
  if (random === null) return value;
  return value * (1 + RELATIVE * (random.next() * 2 - 1)) + ABSOLUTE * (random.next() * 2 - 1);
}

/**
 * Makes the inexact functions of `Math` give results that are a little off while `withNudge` asks for it. An answer that
 * changes then depends on last digits. Must be called before the engine is imported, which keeps the functions.
 */
export function installNudge(): void {
  for (const name of INEXACT) {
    const exact = Math[name];
    Math[name] = (value) => nudged(exact(value));
  }
  const exact = Math.atan2;
  Math.atan2 = (a, b) => nudged(exact(a, b));
}

/** The same for the operator `^`, which is a function of the engine's. */
export function nudgePower(table: { '^': (a: number, b: number) => number }): void {
  const exact = table['^'];
  table['^'] = (a, b) => nudged(exact(a, b));
}

/** Evaluates with results that are off, in a way that depends on the seed. */
export async function withNudge<T>(seed: number, work: () => Promise<T>): Promise<T> {
  random = new Random(seed);
  try {
    return await work();
  } finally {
    random = null;
  }
}
