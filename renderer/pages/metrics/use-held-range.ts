import { useCallback, useEffect, useRef, useState } from 'react';
import { type TimeRangeControl, useTimeRange } from '../../components/use-time-range.ts';

export type HeldRange = {
  readonly range: TimeRangeControl;
  /** Whether a live range stands still because somebody looks at it closely, or nobody at all. */
  readonly held: boolean;
  readonly onHold: (held: boolean) => void;
};

/** A pointer that has rested longer than this was left lying there; the chart follows the clock again. */
const RESTING_MS = 60_000;

/** The time range, standing still while the pointer moves on a chart or the window is hidden. */
export function useHeldRange(): HeldRange {
  const range = useTimeRange();
  const [pointed, setPointed] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const onHold = useCallback((held: boolean): void => {
    clearTimeout(timer.current);
    setPointed(held);
    if (held) timer.current = setTimeout(() => setPointed(false), RESTING_MS);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  const hidden = useHidden();
  const still = useRef(range);
  const held = range.live && (pointed || hidden) && still.current.name === range.name && still.current.live;
  if (!held) still.current = range;
  return { range: still.current, held, onHold };
}

/** Whether nobody can see the window. */
function useHidden(): boolean {
  const [hidden, setHidden] = useState(document.visibilityState === 'hidden');
  useEffect(() => {
    const look = (): void => setHidden(document.visibilityState === 'hidden');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return hidden;
}
