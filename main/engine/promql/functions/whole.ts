import type { CallNode } from '../ast.ts';
import type { Steps, Value } from '../values.ts';

/** A function of whole arguments: all steps of all series at once. */
export type WholeFunction = (call: CallNode, args: readonly Value[], steps: Steps) => Value;
