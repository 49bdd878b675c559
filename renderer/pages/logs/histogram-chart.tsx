import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { absoluteText, durationText } from '../../components/time.ts';
import { type Translate, useTranslation } from '../../locales/use-translation.ts';
import {
  dragToSpan,
  type Histogram,
  type HistogramBar,
  histogramTicks,
  layOutHistogram,
  levelsPresent,
  tallest,
} from './histogram-layout.ts';
import { HistogramTable } from './histogram-table.tsx';
import { LevelMark } from './level-mark.tsx';

const WIDTH = 1000;
const HEIGHT = 84;

export type HistogramChartProps = {
  readonly histogram: Histogram;
  readonly start: number;
  readonly end: number;
  readonly onZoom: (start: number, end: number) => void;
};

/** What a span of bars holds, in words: for the pointer's readout and for a screen reader. */
function spanText(t: Translate, bars: readonly HistogramBar[], bucketMs: number): string {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return '';
  const counts = levelsPresent(bars).map((level) => {
    const count = bars.reduce((sum, bar) => {
      const part = bar.parts.find((candidate) => candidate.level === level);
      return sum + (part ? part.to - part.from : 0);
    }, 0);
    return t('logs:histogram.count', {
      level: t(`logs:level.${level}`),
      count: count.toLocaleString('en-US'),
    });
  });
  return t('logs:histogram.readout', {
    from: absoluteText(first.time),
    to: absoluteText(last.time + bucketMs),
    counts: counts.length === 0 ? t('logs:histogram.none') : counts.join(' · '),
  });
}

/** The selected bars, as indexes; `anchor` is where the selection began. */
type Selection = { readonly anchor: number; readonly head: number };

/** Lines over time by level: drag or use the keys to zoom, switch to the table for the figures. */
export function HistogramChart({ histogram, start, end, onZoom }: HistogramChartProps) {
  const { t } = useTranslation();
  const keysHint = useId();
  const bars = useMemo(() => layOutHistogram(histogram, start, end), [histogram, start, end]);
  const [selection, setSelection] = useState<Selection | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const top = tallest(bars);

  const indexAt = (event: PointerEvent<HTMLDivElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / Math.max(1, box.width);
    return Math.min(bars.length - 1, Math.max(0, Math.floor(share * bars.length)));
  };
  const zoom = (chosen: Selection): void => {
    const low = Math.min(chosen.anchor, chosen.head);
    const high = Math.max(chosen.anchor, chosen.head) + 1;
    const span = dragToSpan(bars, histogram.bucketMs, low / bars.length, high / bars.length);
    setSelection(null);
    if (span) onZoom(span.start, span.end);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key === 'Escape' && selection) {
      setSelection(null);
      event.stopPropagation();
    } else if (event.key === 'Enter' && selection) zoom(selection);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const step = event.key === 'ArrowLeft' ? -1 : 1;
      const from = selection?.head ?? (step > 0 ? -1 : bars.length);
      const head = Math.min(bars.length - 1, Math.max(0, from + step));
      setSelection({ anchor: event.shiftKey ? (selection?.anchor ?? head) : head, head });
    } else return;
    event.preventDefault();
  };
  const readFrom = selection ? Math.min(selection.anchor, selection.head) : hover;
  const readTo = selection ? Math.max(selection.anchor, selection.head) : hover;
  const readout =
    readFrom === null || readTo === null
      ? t('logs:histogram.hint')
      : spanText(t, bars.slice(readFrom, readTo + 1), histogram.bucketMs);

  return (
    <div className="histogram" data-testid="log-histogram">
      {asTable ? (
        <HistogramTable bars={bars} />
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a chart that zooms by keyboard has no native element.
        <div
          role="group"
          className="histogram-chart"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is operated by keyboard.
          tabIndex={0}
          aria-label={t('logs:histogram.label')}
          aria-describedby={keysHint}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            if (event.button !== 0 || bars.length === 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setSelection({ anchor: indexAt(event), head: indexAt(event) });
          }}
          onPointerMove={(event) => {
            if (bars.length === 0) return;
            const head = indexAt(event);
            setHover(head);
            if (event.buttons === 1) setSelection((old) => (old ? { ...old, head } : old));
          }}
          onPointerUp={() => {
            if (selection && selection.anchor !== selection.head) zoom(selection);
            else setSelection(null);
          }}
          onPointerLeave={() => setHover(null)}
        >
          <Bars bars={bars} top={top} />
          {selection && <SelectedSpan selection={selection} of={bars.length} />}
        </div>
      )}
      {!asTable && <Ticks bars={bars} bucketMs={histogram.bucketMs} />}
      <div className="histogram-axis">
        <span className="row">
          {levelsPresent(bars).map((level) => (
            <LevelMark key={level} level={level} />
          ))}
        </span>
        {!asTable && (
          <span className="histogram-readout figure" role="status">
            {readout}
          </span>
        )}
        <span className="figure">
          {t('logs:histogram.each', { span: durationText(t, histogram.bucketMs) })} ·{' '}
          {t('logs:histogram.most', { count: top.toLocaleString('en-US') })}
        </span>
        <Button kind="quiet" className="level-chip" onClick={() => setAsTable(!asTable)}>
          {asTable ? t('logs:histogram.chart') : t('logs:histogram.table')}
        </Button>
      </div>
      <span id={keysHint} className="visually-hidden">
        {t('logs:histogram.keys')}
      </span>
    </div>
  );
}

/** Times below the bars; a screen reader has them from the readout and the table. */
function Ticks({ bars, bucketMs }: { readonly bars: readonly HistogramBar[]; readonly bucketMs: number }) {
  return (
    <div className="histogram-ticks figure" aria-hidden="true">
      {histogramTicks(bars, bucketMs).map(({ share, label }) => (
        <span key={share} style={{ left: `${share * 100}%` }}>
          {label}
        </span>
      ))}
    </div>
  );
}

function Bars({ bars, top }: { readonly bars: readonly HistogramBar[]; readonly top: number }) {
  const step = WIDTH / Math.max(1, bars.length);
  // At least two units high: one line among thousands must not vanish.
  const height = (count: number): number => Math.max(2, (count / Math.max(1, top)) * (HEIGHT - 4));
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {bars.map((bar, index) => {
        let below = 0;
        return bar.parts.map((part) => {
          const size = height(part.to - part.from);
          below += size;
          return (
            <rect
              key={`${bar.time}-${part.level}`}
              className={`bar-${part.level}`}
              x={index * step + step * 0.08}
              width={step * 0.84}
              y={HEIGHT - below}
              height={size}
            />
          );
        });
      })}
    </svg>
  );
}

function SelectedSpan({ selection, of }: { readonly selection: Selection; readonly of: number }) {
  const low = Math.min(selection.anchor, selection.head);
  const high = Math.max(selection.anchor, selection.head) + 1;
  return (
    <div
      className="histogram-span"
      style={{ left: `${(low / of) * 100}%`, width: `${((high - low) / of) * 100}%` }}
    />
  );
}
