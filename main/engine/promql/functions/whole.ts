import type { CallNode } from '../ast.ts';
import type { Work } from '../portions.ts';
import type { Steps, Value } from '../values.ts';

/** A function of whole arguments: all steps of all series at once, in portions where there may be many series. */
export type WholeFunction = (call: CallNode, args: readonly Value[], steps: Steps) => Value | Work<Value>;
