import 'uplot/dist/uPlot.min.css';
import './time-chart.css';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import uPlot from 'uplot';
import type { WatchGap } from '#shared/contract/site.ts';
import { absoluteText } from '../components/time.ts';
import { usePreferences } from '../stores/preferences.ts';
import { scaleOf } from './chart-axes.ts';
import { wordsAt } from './chart-events.ts';
import { chartKey } from './chart-keys.ts';
import { ChartLegend, type Readout, valueText } from './chart-legend.tsx';
import type { ChartData } from './chart-lines.ts';
import type { ChartMark, ThresholdLine } from './chart-look.ts';
import { chartOptions } from './chart-options.ts';
import { alignedValues, type ChartShape, plainShape } from './chart-values.ts';

/** What an operator can do with the time of a chart. */
export type ChartActions = {
  /** A span was dragged out, UTC milliseconds. */
  readonly onZoom: (start: number, end: number) => void;
  /** Back to the range before the last zoom. */
  readonly onBack?: () => void;
  readonly onReset?: () => void;
  /** Moves the range by a share of its length. */
  readonly onPan?: (share: number) => void;
  /** Makes the range `factor` times as long around a time. */
  readonly onScale?: (factor: number, around: number) => void;
  /** Shows the logs of a time. */
  readonly onLogs?: (time: number) => void;
  /** The pointer moved on the chart, or left it; what moves by itself should hold still meanwhile. */
  readonly onHold?: (held: boolean) => void;
};

export type TimeChartProps = {
  /** What the chart shows, for screen readers. */
  readonly label: string;
  readonly data: ChartData;
  /** Bounds of the time axis, UTC milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly gaps?: readonly WatchGap[];
  readonly shape?: ChartShape;
  /** One of many charts on a page. */
  readonly compact?: boolean;
  readonly thresholds?: readonly ThresholdLine[];
  readonly marks?: readonly ChartMark[];
  /** Of the drawing, in pixels; `fill` takes what the place has left over beside the legend. */
  readonly height?: number | 'fill';
  /** Stands instead of the chart's own legend; receives the readout. Null for none. */
  readonly legend?: ((parts: LegendParts) => ReactNode) | null;
  readonly actions: ChartActions;
};

/** What a legend of a chart is drawn from. */
export type LegendParts = {
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (key: string, only: boolean) => void;
  readonly readout: RefObject<Readout | null>;
};

const NO_GAPS: readonly WatchGap[] = [];
const NO_THRESHOLDS: readonly ThresholdLine[] = [];
const NO_MARKS: readonly ChartMark[] = [];

/** A drawing is never smaller than this, in pixels. */
const LEAST = { width: 80, height: 40 } as const;

/** How far from a mark the crosshair may be for it to be named, in pixels. */
const MARK_REACH = 6;

/** Lines that a screen reader hears at once; more would never end. */
const SPOKEN = 4;

/** Lines over time with a crosshair, zoom by dragging or keys, gaps as gaps and "not watched" hatched. */
export function TimeChart(props: TimeChartProps) {
  const { data, height = 240, gaps = NO_GAPS, shape = plainShape, compact = false } = props;
  const { thresholds = NO_THRESHOLDS, marks = NO_MARKS } = props;
  const palette = usePreferences((state) => state.palette);
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const readout = useRef<Readout | null>(null);
  const named = useRef<HTMLDivElement>(null);
  const hovered = useRef(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => new Set());
  const values = useMemo(() => alignedValues(data, hidden, shape), [data, hidden, shape]);
  // What the chart reads while it draws; kept beside it, so that new data does not mean a new chart.
  const now = useRef({ ...props, values, gaps, hidden, thresholds, marks });
  now.current = { ...props, values, gaps, hidden, thresholds, marks };

  // What can only be changed by making the chart anew.
  const build = JSON.stringify([
    data.lines.map(({ side, unit, format, look }) => [side, unit, format?.key, look]),
    shape,
    compact,
    palette,
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `build` is all of `data` and `shape` that needs a new chart.
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(
      chartOptions({
        ...sizeOf(element, height),
        lines: data.lines,
        shape,
        compact,
        palette,
        gaps: () => now.current.gaps,
        thresholds: () => now.current.thresholds,
        marks: () => now.current.marks,
        bounds: () => ({ start: now.current.start / 1000, end: now.current.end / 1000 }),
        onCursor: (drawn) => {
          const index = drawn.cursor.idx ?? null;
          const shownAt = index !== null && (drawn.cursor.left ?? -1) >= 0 ? index : null;
          readout.current?.show(shownAt, hovered.current ? nearestLine(drawn, shownAt) : null);
          const words = markWords(drawn, now.current.marks);
          // Many charts hear of every move; one that writes the same again would be laid out anew each time.
          if (named.current && named.current.textContent !== words) named.current.textContent = words;
        },
        onZoom: (start, end) => now.current.actions.onZoom(start, end),
        onBack: () => now.current.actions.onBack?.(),
      }),
      now.current.values,
      element,
    );
    chart.current = made;
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, [build]);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const follow = (): void => {
      const made = chart.current;
      if (!made || element.clientWidth === 0) return;
      const size = sizeOf(element, height);
      if (size.width !== made.width || size.height !== made.height) made.setSize(size);
    };
    follow();
    const watcher = new ResizeObserver(follow);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [height]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: bounds and gaps are read by the chart while it draws.
  useEffect(() => {
    const made = chart.current;
    if (made && made.data !== values && made.series.length === values.length) made.setData(values);
    else made?.redraw(false, true);
  }, [values, props.start, props.end, gaps, thresholds, marks]);

  const toggle = (key: string, only: boolean): void => setHidden((old) => toggled(data, old, key, only));
  const hold = (held: boolean): void => {
    hovered.current = held;
    props.actions.onHold?.(held);
  };
  // A chart that goes away while the pointer is on it never hears the pointer leave.
  useEffect(() => () => now.current.actions.onHold?.(false), []);
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (chart.current && pressKey(event, chart.current, now.current)) event.preventDefault();
  };
  return (
    <figure className={height === 'fill' ? 'chart chart-fill' : 'chart'}>
      <div
        ref={place}
        className="chart-canvas"
        // The crosshair is what moves: a slider over time whose value is read aloud.
        role="slider"
        tabIndex={0}
        aria-label={props.label}
        aria-valuemin={props.start}
        aria-valuemax={props.end}
        aria-valuenow={props.end}
        aria-valuetext={absoluteText(props.end)}
        onKeyDown={onKey}
        onPointerEnter={() => hold(true)}
        onPointerMove={() => hold(true)}
        onPointerLeave={() => hold(false)}
      />
      <div ref={named} className="chart-mark-words" aria-hidden="true" />
      {props.legend === undefined ? (
        <ChartLegend
          data={data}
          palette={palette}
          hidden={hidden}
          readout={readout}
          onToggle={toggle}
          unwatched={gaps.filter((gap) => gap.to > props.start && gap.from < props.end)}
        />
      ) : (
        props.legend?.({ hidden, readout, onToggle: toggle })
      )}
    </figure>
  );
}

/** The size of the drawing in its place. */
function sizeOf(element: HTMLElement, height: number | 'fill'): { width: number; height: number } {
  return {
    width: Math.max(LEAST.width, element.clientWidth),
    height: height === 'fill' ? Math.max(LEAST.height, element.clientHeight) : height,
  };
}

/** The hidden lines after a click on one of them. */
function toggled(
  data: ChartData,
  hidden: ReadonlySet<string>,
  key: string,
  only: boolean,
): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!only) {
    if (!next.delete(key)) next.add(key);
    return next;
  }
  const others = data.lines.map((line) => line.key).filter((other) => other !== key);
  return others.every((other) => hidden.has(other)) && !hidden.has(key) ? new Set() : new Set(others);
}

/** What happened where the crosshair is; empty when it is nowhere. */
function markWords(chart: uPlot, marks: readonly ChartMark[]): string {
  const left = chart.cursor.left ?? -1;
  if (left < 0 || marks.length === 0) return '';
  const time = chart.posToVal(left, 'x') * 1000;
  const reach = (chart.posToVal(left + MARK_REACH, 'x') - chart.posToVal(left, 'x')) * 1000;
  return wordsAt(marks, time, reach).join('\n');
}

/** The line whose value at a step is nearest to the pointer. */
function nearestLine(chart: uPlot, index: number | null): number | null {
  const top = chart.cursor.top ?? -1;
  if (index === null || top < 0) return null;
  let nearest: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let series = 1; series < chart.data.length; series += 1) {
    const value = chart.data[series]?.[index];
    const scale = chart.series[series]?.scale;
    if (typeof value !== 'number' || scale === undefined) continue;
    const distance = Math.abs(chart.valToPos(value, scale) - top);
    if (distance < least) {
      least = distance;
      nearest = series - 1;
    }
  }
  return nearest;
}

type Pressed = Pick<TimeChartProps, 'data' | 'start' | 'end' | 'actions'> & {
  readonly hidden: ReadonlySet<string>;
  readonly marks: readonly ChartMark[];
};

/** Does what a key asks for; false when it asks for nothing. */
function pressKey(event: KeyboardEvent<HTMLDivElement>, chart: uPlot, shown: Pressed): boolean {
  const key = chartKey(event.nativeEvent);
  if (key === null) return false;
  const { data, actions } = shown;
  const last = data.times.length - 1;
  const at = (chart.cursor.left ?? -1) >= 0 ? (chart.cursor.idx ?? last) : null;
  const around = data.times[at ?? last] ?? shown.end;
  switch (key.does) {
    case 'step':
      moveCrosshair(event.currentTarget, chart, shown, at === null ? last : at + key.by);
      return true;
    case 'edge':
      moveCrosshair(event.currentTarget, chart, shown, key.at === 'first' ? 0 : last);
      return true;
    case 'pan':
      actions.onPan?.(key.by);
      return true;
    case 'scale':
      actions.onScale?.(key.by, around);
      return true;
    case 'back':
      actions.onBack?.();
      return true;
    case 'reset':
      actions.onReset?.();
      return true;
    case 'logs':
      actions.onLogs?.(around);
      return true;
    case 'leave':
      chart.setCursor({ left: -10, top: -10 });
      return true;
  }
}

/** Puts the crosshair on a step and says what is there. */
function moveCrosshair(element: HTMLElement, chart: uPlot, shown: Pressed, step: number): void {
  const { data, hidden } = shown;
  const index = Math.min(data.times.length - 1, Math.max(0, step));
  const time = data.times[index];
  if (time === undefined) return;
  const lines = data.lines.filter((line) => !hidden.has(line.key));
  const first = lines.find((line) => typeof line.values[index] === 'number');
  const value = first?.values[index];
  const top =
    first !== undefined && typeof value === 'number'
      ? chart.valToPos(value, scaleOf[first.side])
      : chart.over.clientHeight / 2;
  chart.setCursor({ left: chart.valToPos(time / 1000, 'x'), top: Math.max(0, top) });
  const spoken = lines.slice(0, SPOKEN).map((line) => `${line.name} ${valueText(line, index)}`);
  const happened = markWords(chart, shown.marks)
    .split('\n')
    .filter((words) => words !== '');
  element.setAttribute('aria-valuenow', String(time));
  element.setAttribute('aria-valuetext', [absoluteText(time), ...spoken, ...happened].join(', '));
}
