import { create } from 'zustand';
import type { RangeName } from '../components/use-time-range.ts';

/** A range that was looked at: a named one, which moves with the clock, or a fixed span in UTC milliseconds. */
export type SeenRange =
  | { readonly name: RangeName }
  | { readonly name: null; readonly start: number; readonly end: number };

export type ZoomHistory = {
  /** Oldest first. */
  readonly past: readonly SeenRange[];
  /** What was left by going back, the next one first. */
  readonly future: readonly SeenRange[];
};

/** Ranges further back than these are forgotten. */
const KEPT = 50;

/** The history after looking closer: what was seen can be gone back to, and nothing lies ahead. */
export function zoomed(history: ZoomHistory, from: SeenRange): ZoomHistory {
  return { past: [...history.past, from].slice(-KEPT), future: [] };
}

/** One step back or forward: the range to show and the history after it; null when there is none. */
export function moved(
  history: ZoomHistory,
  direction: 'back' | 'forward',
  present: SeenRange,
): { readonly to: SeenRange; readonly history: ZoomHistory } | null {
  const { past, future } = history;
  if (direction === 'back') {
    const to = past.at(-1);
    return to === undefined
      ? null
      : { to, history: { past: past.slice(0, -1), future: [present, ...future].slice(0, KEPT) } };
  }
  const [to, ...rest] = future;
  return to === undefined ? null : { to, history: { past: [...past, present].slice(-KEPT), future: rest } };
}

/** The ranges of the charts, shared by all of them: they show the same time. */
export const useZoomHistory = create<ZoomHistory>(() => ({ past: [], future: [] }));
