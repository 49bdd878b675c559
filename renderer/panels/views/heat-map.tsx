import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { palettes } from '../../app/theme.ts';
import { textFont } from '../../charts/text-font.ts';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { usePreferences } from '../../stores/preferences.ts';
import type { HeatCells } from './heat-cells.ts';

export type HeatMapProps = {
  readonly label: string;
  readonly cells: HeatCells;
  /** Writes a bucket's bound. */
  readonly bound: (value: number) => string;
  /** Writes a count. */
  readonly count: (value: number | null) => string;
  readonly onZoom: (start: number, end: number) => void;
};

const EDGE = { left: 64, bottom: 20 } as const;

/** Counts as shades of one colour: a bucket a row, a time a column. Dragging zooms like on every chart. */
export function HeatMap({ label, cells, bound, count, onZoom }: HeatMapProps) {
  const { t } = useTranslation();
  const palette = usePreferences((state) => state.palette);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pressed = useRef<number | null>(null);
  const [under, setUnder] = useState('');
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const redraw = (): void => draw(element, cells, bound, palettes[palette]);
    redraw();
    const watcher = new ResizeObserver(redraw);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [cells, bound, palette]);
  const cellAt = (event: PointerEvent<HTMLCanvasElement>): { time: number; bucket: number } => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - EDGE.left) / Math.max(1, box.width - EDGE.left);
    const rise = 1 - (event.clientY - box.top) / Math.max(1, box.height - EDGE.bottom);
    const inside = (value: number, length: number): number =>
      Math.min(length - 1, Math.max(0, Math.floor(value * length)));
    return { time: inside(share, cells.times.length), bucket: inside(rise, cells.uppers.length) };
  };
  return (
    <figure className="heat">
      <canvas
        ref={canvas}
        className="heat-canvas"
        role="img"
        aria-label={label}
        onPointerMove={(event) => {
          const { time, bucket } = cellAt(event);
          const at = cells.times[time];
          const upper = cells.uppers[bucket];
          if (at === undefined || upper === undefined) return;
          const value = count(cells.counts[bucket]?.[time] ?? null);
          setUnder(`${absoluteText(at)} · ≤ ${bound(upper)}: ${value}`);
        }}
        onPointerLeave={() => setUnder('')}
        onPointerDown={(event) => {
          pressed.current = cellAt(event).time;
        }}
        onPointerUp={(event) => {
          const to = cells.times[cellAt(event).time];
          const from = pressed.current === null ? undefined : cells.times[pressed.current];
          pressed.current = null;
          if (from !== undefined && to !== undefined && from !== to)
            onZoom(Math.min(from, to), Math.max(from, to));
        }}
      />
      <figcaption className="soft small figure heat-note">
        <span>{under || t('dashboards:panel.heatScale', { most: count(cells.most) })}</span>
        <span className="heat-scale" aria-hidden="true" />
      </figcaption>
    </figure>
  );
}

type Colours = (typeof palettes)[keyof typeof palettes];

function draw(
  canvas: HTMLCanvasElement,
  cells: HeatCells,
  bound: (value: number) => string,
  colours: Colours,
): void {
  const ratio = devicePixelRatio;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const context = canvas.getContext('2d');
  if (context === null || width === 0 || height === 0) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const { times, uppers, counts, most } = cells;
  const cellWidth = (width - EDGE.left) / Math.max(1, times.length);
  const cellHeight = (height - EDGE.bottom) / Math.max(1, uppers.length);
  context.fillStyle = colours.accent;
  counts.forEach((row, bucket) => {
    const top = height - EDGE.bottom - (bucket + 1) * cellHeight;
    row.forEach((value, time) => {
      if (value === null || value <= 0) return;
      // The square root keeps small counts visible beside large ones.
      context.globalAlpha = 0.12 + 0.88 * Math.sqrt(value / Math.max(1e-12, most));
      context.fillRect(
        EDGE.left + time * cellWidth,
        top,
        Math.max(1, cellWidth - 0.5),
        Math.max(1, cellHeight - 1),
      );
    });
  });
  context.globalAlpha = 1;
  context.fillStyle = colours.textSoft;
  context.font = textFont('11px');
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const every = Math.max(1, Math.ceil(14 / cellHeight));
  uppers.forEach((upper, bucket) => {
    if (bucket % every === 0)
      context.fillText(bound(upper), EDGE.left - 6, height - EDGE.bottom - (bucket + 0.5) * cellHeight);
  });
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) return;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.fillText(absoluteText(first).slice(5, 16), EDGE.left, height - 5);
  context.textAlign = 'right';
  context.fillText(absoluteText(last).slice(5, 16), width, height - 5);
}
