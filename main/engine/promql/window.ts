/**
 * What a range function sees: the samples [from, to) of the arrays, and the window's ends. One object is reused for all
 * windows; functions must not keep it.
 */
export class Window {
  times = new Float64Array(0);
  values = new Float64Array(0);
  from = 0;
  to = 0;
  /** Ends of the window and time of the step, in milliseconds; the offset is in the ends only. */
  start = 0;
  end = 0;
  at = 0;
  /** Scalar arguments of the call at this step. */
  args: readonly number[] = [];
  /** Set by the function when it has no answer for the window. */
  absent = false;

  get count(): number {
    return this.to - this.from;
  }

  /** Says that there is no answer; what is returned does not matter. */
  none(): number {
    this.absent = true;
    return 0;
  }
}

/** Computes one number from a window that has at least one sample. */
export type RangeFunction = (window: Window) => number;
