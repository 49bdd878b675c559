import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { NO_TINT, type Tint, tintStyle } from '../tint.ts';
import { TintMark } from '../tint-mark.tsx';

/** A run of the same value. */
export type LaneSpan = {
  readonly from: number;
  readonly to: number;
  /** What the value is called; null where nothing was known. */
  readonly text: string | null;
  readonly tint: Tint;
};

/** One series as runs of its values. */
export type Lane = { readonly key: string; readonly name: string; readonly spans: readonly LaneSpan[] };

export type StateLanesProps = {
  readonly label: string;
  readonly lanes: readonly Lane[];
  readonly start: number;
  readonly end: number;
};

/** Words are written into spans that are at least so wide, as a share of the lane. */
const WORD_SHARE = 0.06;

/** Joins equal neighbours of a series into spans; a value holds for one step. */
export function spansOf(
  times: readonly number[],
  values: readonly (number | null | undefined)[],
  stepMs: number,
  say: (value: number) => { readonly text: string; readonly tint: Tint },
): readonly LaneSpan[] {
  const spans: { from: number; to: number; text: string | null; tint: Tint }[] = [];
  times.forEach((time, index) => {
    const value = values[index];
    const said = typeof value === 'number' ? say(value) : { text: null, tint: NO_TINT };
    const last = spans.at(-1);
    if (last !== undefined && last.text === said.text && last.tint.css === said.tint.css)
      last.to = time + stepMs;
    else spans.push({ from: time, to: time + stepMs, ...said });
  });
  return spans;
}

/** More lanes than these stand partly below the edge of their panel. */
const LANES_IN_SIGHT = 10;
const RANK: Readonly<Record<string, number>> = { critical: 0, warning: 1 };

/** The order of lanes: as they come, or, where not all are in sight, those first that are worst now. */
export function inSight(lanes: readonly Lane[]): readonly Lane[] {
  if (lanes.length <= LANES_IN_SIGHT) return lanes;
  const rank = ({ spans }: Lane): number => RANK[spans.at(-1)?.tint.state ?? ''] ?? 2;
  return lanes.toSorted((a, b) => rank(a) - rank(b));
}

/** One lane a series: which state it had when. The table twin holds the same as words and times. */
export function StateLanes({ label, lanes, start, end }: StateLanesProps) {
  const { t } = useTranslation();
  const length = Math.max(1, end - start);
  return (
    <figure className="lanes" aria-label={label}>
      {lanes.map((lane) => (
        <div key={lane.key} className="lane">
          <span className="lane-name ellipsis" title={lane.name}>
            {lane.name}
          </span>
          <span className="lane-ground" aria-hidden="true">
            {lane.spans.map((span) => {
              const from = Math.max(start, span.from);
              const to = Math.min(end, span.to);
              if (to <= from || span.text === null) return null;
              const share = (to - from) / length;
              return (
                <span
                  key={span.from}
                  className="lane-span"
                  style={{
                    left: `${((from - start) / length) * 100}%`,
                    width: `${share * 100}%`,
                    ...tintStyle(span.tint).style,
                  }}
                  title={`${span.text} ${absoluteText(from)} – ${absoluteText(to)}`}
                >
                  {share > WORD_SHARE && (
                    <>
                      <TintMark tint={span.tint} size={9} silent />
                      <span className="ellipsis">{span.text}</span>
                    </>
                  )}
                </span>
              );
            })}
          </span>
          <span className="visually-hidden">{lane.spans.at(-1)?.text ?? t('dashboards:panel.noValue')}</span>
        </div>
      ))}
      <figcaption className="lane-ends soft small figure" aria-hidden="true">
        <span>{absoluteText(start)}</span>
        <span>{absoluteText(end)}</span>
      </figcaption>
    </figure>
  );
}
