import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { type TimeRangeControl, useTimeRange } from '../components/use-time-range.ts';
import { moved, type SeenRange, useZoomHistory, zoomed } from '../stores/zoom-history.ts';
import { scaledSpan } from './chart-keys.ts';
import type { ChartActions } from './time-chart.tsx';

/** How much of the time around a point the logs are shown of, milliseconds. */
const LOGS_AROUND_MS = 120_000;

export type ChartTime = {
  readonly actions: Required<Omit<ChartActions, 'onHold'>>;
  /** Undefined when there is nothing to go back or forward to. */
  readonly back: (() => void) | undefined;
  readonly forward: (() => void) | undefined;
};

function seen(range: TimeRangeControl): SeenRange {
  return range.name === null ? { name: null, start: range.start, end: range.end } : { name: range.name };
}

/** What the charts of a page do with its time range: zoom with a way back, pan, reset, logs of a time. */
export function useChartActions(): ChartTime {
  const range = useTimeRange();
  const navigate = useNavigate();
  const history = useZoomHistory();
  return useMemo(() => {
    const zoomTo = (start: number, end: number): void => {
      useZoomHistory.setState((old) => zoomed(old, seen(range)));
      range.setSpan(start, end);
    };
    const go = (direction: 'back' | 'forward'): boolean => {
      const step = moved(useZoomHistory.getState(), direction, seen(range));
      if (step === null) return false;
      useZoomHistory.setState(step.history);
      if (step.to.name === null) range.setSpan(step.to.start, step.to.end);
      else range.setNamed(step.to.name);
      return true;
    };
    const scale = (factor: number, around: number): void => {
      const next = scaledSpan(range.start, range.end, factor, around);
      zoomTo(next.start, next.end);
    };
    return {
      actions: {
        onZoom: zoomTo,
        // Without a way back, back is out: what a double click means on every chart.
        onBack: () => {
          if (!go('back')) scale(2, (range.start + range.end) / 2);
        },
        onReset: () => range.setNamed('1h'),
        onPan: (share) => {
          const by = (range.end - range.start) * share;
          zoomTo(Math.max(1, range.start + by), range.end + by);
        },
        onScale: scale,
        onLogs: (time) => {
          const from = Math.round(time - LOGS_AROUND_MS);
          const to = Math.round(time + LOGS_AROUND_MS);
          void navigate(`/logs?from=${from}&to=${to}`);
        },
      },
      back: history.past.length > 0 ? () => void go('back') : undefined,
      forward: history.future.length > 0 ? () => void go('forward') : undefined,
    };
  }, [range, navigate, history]);
}
