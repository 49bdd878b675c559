import type { Column, Value } from '../values.ts';

/** The vector that the checked call has at this place. */
export function vectorArg(args: readonly Value[], index: number): readonly Column[] {
  const arg = args[index];
  return arg?.type === 'vector' ? arg.columns : [];
}

/** The scalar that the checked call has at this place, a value a step. */
export function scalarArg(args: readonly Value[], index: number): Float64Array {
  const arg = args[index];
  return arg?.type === 'scalar' ? arg.values : new Float64Array(0);
}

/** The string that the checked call has at this place. */
export function stringArg(args: readonly Value[], index: number): string {
  const arg = args[index];
  return arg?.type === 'string' ? arg.text : '';
}
